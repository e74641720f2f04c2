"""Messages that wait in Redis, those given up, and who does not want any."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pydantic import TypeAdapter
from redis.asyncio import Redis

from outbound.message import Kind, Message, Unwanted

KEEP = timedelta(days=30)  # a message, and the memory that its key was used
OPT_OUT = timedelta(days=3650)  # as good as for ever; every key has an end
MOST_DEAD = 1000  # given up, kept for people
LEASE_S = 60.0  # longer than any carrier takes; then another copy of the program may try

# Redis answers untyped: what we wrote is checked when it comes back.
_FIELDS = TypeAdapter(dict[str, str])
_ENTRIES = TypeAdapter(list[tuple[str, dict[str, str]]])
_SCORED = TypeAdapter(list[tuple[str, float]])
_KIND: TypeAdapter[Kind] = TypeAdapter(Kind)

_MESSAGE, _DUE, _WAITING, _DEAD = "outbound:message:", "outbound:due", "outbound:waiting", "outbound:dead"

# The key is taken and the message stored in one step: no crash can leave the one without the other.
_ACCEPT = """
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then return 0 end
redis.call('HSET', KEYS[2], 'to', ARGV[4], 'text', ARGV[5], 'kind', ARGV[6], 'accepted_at', ARGV[3], 'tries', 0)
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
for place = 2, 4 do redis.call('EXPIRE', KEYS[place], ARGV[2]) end
return 1
"""
# Whoever claims a message has it until the lease ends.
_CLAIM = """
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], id) end
return due
"""


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """One message out of the queue; it never prints its address or text."""

    message_id: str
    to: str
    text: str
    kind: Kind
    tries: int
    accepted_at: float  # seconds since 1970


class Queue:
    """Times are passed in. Raises redis.exceptions.RedisError."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._accept = redis.register_script(_ACCEPT)
        self._claim = redis.register_script(_CLAIM)

    async def accept(self, message: Message, *, to: str, now: datetime) -> bool:
        """False when the key is known: then nothing changes."""
        message_id = secrets.token_hex(16)
        keys = [f"outbound:key:{_digest(message.key)}", _MESSAGE + message_id, _DUE, _WAITING]
        fields: list[str | float] = [
            message_id,
            int(KEEP.total_seconds()),
            now.timestamp(),
            to,
            message.text,
            message.kind,
        ]
        return bool(await self._accept(keys=keys, args=fields))

    async def claim(self, now: datetime, *, most: int) -> list[Waiting]:
        """Those that are due, ours for LEASE_S."""
        ids = await self._claim(keys=[_DUE], args=[now.timestamp(), now.timestamp() + LEASE_S, most])
        found = [await self._read(message_id) for message_id in ids]
        return [message for message in found if message]

    async def _read(self, message_id: str) -> Waiting | None:
        fields = _FIELDS.validate_python(await self._redis.hgetall(_MESSAGE + message_id))
        if not fields:  # its time ran out
            await self.done(message_id)
            return None
        kind, tries = _KIND.validate_python(fields["kind"]), int(fields["tries"])
        return Waiting(message_id, fields["to"], fields["text"], kind, tries, float(fields["accepted_at"]))

    async def put_back(self, message: Waiting, *, due: datetime, tries: int) -> None:
        async with self._redis.pipeline(transaction=True) as step:
            step.hset(_MESSAGE + message.message_id, "tries", str(tries))
            step.zadd(_DUE, {message.message_id: due.timestamp()})
            for key in (_MESSAGE + message.message_id, _DUE, _WAITING):
                step.expire(key, KEEP)
            await step.execute()

    async def done(self, message_id: str) -> None:
        """Address and text are forgotten; that the key was used is remembered."""
        async with self._redis.pipeline(transaction=True) as step:
            step.zrem(_DUE, message_id)
            step.zrem(_WAITING, message_id)
            step.delete(_MESSAGE + message_id)
            await step.execute()

    async def give_up(self, message: Waiting, *, reason: str, now: datetime) -> None:
        """It stays readable for KEEP, so that `revive` can send it after all; a code is forgotten."""
        async with self._redis.pipeline(transaction=True) as step:
            step.zrem(_DUE, message.message_id)
            step.zrem(_WAITING, message.message_id)
            step.xadd(
                _DEAD,
                {"id": message.message_id, "kind": message.kind, "reason": reason, "at": now.isoformat()},
                maxlen=MOST_DEAD,
                approximate=False,
            )
            if message.kind == "code":
                step.delete(_MESSAGE + message.message_id)
            else:
                step.expire(_MESSAGE + message.message_id, KEEP)
            await step.execute()

    async def revive(self, message_id: str, now: datetime) -> bool:
        """Try a given-up message again from the beginning; False when there is no such one."""
        for place, entry in _ENTRIES.validate_python(await self._redis.xrange(_DEAD)):
            if entry["id"] == message_id and await self._redis.exists(_MESSAGE + message_id):
                async with self._redis.pipeline(transaction=True) as step:
                    step.xdel(_DEAD, place)
                    step.hset(_MESSAGE + message_id, mapping={"tries": "0", "accepted_at": str(now.timestamp())})
                    step.zadd(_DUE, {message_id: now.timestamp()})
                    step.zadd(_WAITING, {message_id: now.timestamp()})
                    await step.execute()
                return True
        return False

    async def waiting(self) -> tuple[int, float | None]:
        """How many, and when the oldest was accepted."""
        oldest = _SCORED.validate_python(await self._redis.zrange(_WAITING, 0, 0, withscores=True))
        return await self._redis.zcard(_WAITING), oldest[0][1] if oldest else None

    async def dead(self, most: int) -> tuple[int, list[dict[str, str]]]:
        """How many were given up, and the last of them: id, kind, reason, at."""
        last = _ENTRIES.validate_python(await self._redis.xrevrange(_DEAD, count=most))
        return await self._redis.xlen(_DEAD), [entry for _, entry in last]

    async def opt_out(self, to: str, of: Unwanted = "messages") -> None:
        await self._redis.set(_opt_out_key(to, of), "1", ex=OPT_OUT)

    async def opt_in(self, to: str, of: Unwanted = "messages") -> None:
        await self._redis.delete(_opt_out_key(to, of))

    async def has_opted_out(self, to: str, of: Unwanted = "messages") -> bool:
        return bool(await self._redis.exists(_opt_out_key(to, of)))


def _opt_out_key(to: str, of: Unwanted) -> str:
    return f"outbound:opt-out:{_digest(to)}" if of == "messages" else f"outbound:opt-out-of-calls:{_digest(to)}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
