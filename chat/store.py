"""The chat's keys in Redis: conversations, their event streams and inboxes, and the lock on each.

All begin with `chat:` and expire; a key's lifetime starts again whenever its conversation is touched.
"""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from redis.asyncio import Redis

from chat.event import Event, Item, Stored
from chat.session import Conversation

LIFETIME_S = 24 * 3600
EVENTS_KEPT = 1000  # of one conversation
OPEN = "chat:open"  # conversations whose outcome is not stored yet
INBOXES = "chat:inboxes"  # conversations with messages not answered yet
LOCK_MS = 15_000

# KEYS seen, events, inbox, inboxes, conversation; ARGV key, kind, data, masked data, item, id, kept, lifetime, then
# what the assistant may be expecting for the masked data to be added.
# An event is added once per key: a repeat returns the id of the first. With an item it also goes into the inbox.
ADD_ONCE = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return {known, 0} end
local data = ARGV[3]
local expects = redis.call('HGET', KEYS[5], 'expects')
for place = 9, #ARGV do if expects == '"' .. ARGV[place] .. '"' then data = ARGV[4] end end
local id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], '*', 'kind', ARGV[2], 'data', data)
redis.call('HSET', KEYS[1], ARGV[1], id)
if ARGV[5] ~= '' then
  redis.call('RPUSH', KEYS[3], id .. ' ' .. ARGV[5])
  redis.call('SADD', KEYS[4], ARGV[6])
end
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[8]) end
return {id, 1}
"""

# KEYS lock, inbox, inboxes; ARGV owner, id, the entry that was answered. That one leaves the inbox by its name: Redis
# may be asked twice when its reply is lost, and the next one must not go with it. Lets go only when nothing is left,
# so no message is overlooked.
LET_GO = """
redis.call('LREM', KEYS[2], 1, ARGV[3])
if redis.call('LLEN', KEYS[2]) > 0 then return 0 end
redis.call('SREM', KEYS[3], ARGV[2])
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""

RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
DROP = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(frozen=True, slots=True)
class First:
    """What stands first in an inbox, with the conversation as it is now; None when it has expired."""

    entry: str  # as it lies in Redis
    item: Item
    conversation: Conversation | None


class Store:
    """Both clients decode responses. `readers` is for reads that wait, so that they never hold up a write."""

    def __init__(self, redis: Redis, readers: Redis) -> None:
        self._redis = redis
        self._readers = readers
        self._add_once = redis.register_script(ADD_ONCE)
        self._let_go = redis.register_script(LET_GO)
        self._renew = redis.register_script(RENEW)
        self._drop = redis.register_script(DROP)

    async def create(self, conversation: Conversation) -> None:
        async with self._redis.pipeline() as pipe:
            pipe.hset(_conversation(conversation.id), mapping=cast(Any, _fields(conversation)))
            pipe.expire(_conversation(conversation.id), LIFETIME_S)
            pipe.sadd(OPEN, str(conversation.id))
            await pipe.execute()

    async def load(self, contact_id: UUID) -> Conversation | None:
        return _conversation_of(cast(Any, await self._redis.hgetall(_conversation(contact_id))))

    async def write(self, before: Conversation, after: Conversation, events: Sequence[Event] = ()) -> list[Stored]:
        """Everything or nothing: the events, and the fields in which `after` differs from `before`."""
        old, new = _fields(before), _fields(after)
        changes = {name: value for name, value in new.items() if old[name] != value}
        async with self._redis.pipeline() as pipe:
            for event in events:
                entry = {"kind": event.kind, "data": json.dumps(event.data)}
                pipe.xadd(_events(after.id), cast(Any, entry), maxlen=EVENTS_KEPT, approximate=True)
            if changes:
                pipe.hset(_conversation(after.id), mapping=cast(Any, changes))
            if after.is_open != before.is_open:
                (pipe.sadd if after.is_open else pipe.srem)(OPEN, str(after.id))
            for key in (_conversation(after.id), _events(after.id), _seen(after.id)):
                pipe.expire(key, LIFETIME_S)
            ids = await pipe.execute()
        return [Stored(event_id, event) for event_id, event in zip(ids, events, strict=False)]

    async def add_once(
        self,
        contact_id: UUID,
        key: str,
        event: Event,
        masked: Event,
        item: Item | None,
        *,
        hidden_when: Sequence[str] = (),
    ) -> tuple[Stored, bool]:
        """Adds the event unless `key` has added one before; while one of `hidden_when` is expected, `masked`."""
        keys = [_seen(contact_id), _events(contact_id), _inbox(contact_id), INBOXES, _conversation(contact_id)]
        body = item.model_dump_json() if item else ""
        data, hidden = json.dumps(event.data), json.dumps(masked.data)
        event_id, new = await self._add_once(
            keys, [key, event.kind, data, hidden, body, str(contact_id), EVENTS_KEPT, LIFETIME_S, *hidden_when]
        )
        return Stored(event_id, event), bool(new)

    async def mask(self, contact_id: UUID, event_id: str, masked: Event) -> None:
        """The event as it was is gone for good, unless it is masked already; the masked one comes at the end."""
        entries: Any = await self._redis.xrange(_events(contact_id), min=event_id, max=event_id)
        if not entries or _stored(*entries[0]).event.data.get("masked"):
            return
        async with self._redis.pipeline() as pipe:
            pipe.xdel(_events(contact_id), event_id)
            pipe.xadd(_events(contact_id), cast(Any, {"kind": masked.kind, "data": json.dumps(masked.data)}))
            await pipe.execute()

    async def put(self, contact_id: UUID, item: Item) -> None:
        """Into the inbox without an event of its own."""
        async with self._redis.pipeline() as pipe:
            pipe.rpush(_inbox(contact_id), f"0-0 {item.model_dump_json()}")
            pipe.sadd(INBOXES, str(contact_id))
            pipe.expire(_inbox(contact_id), LIFETIME_S)
            await pipe.execute()

    async def next_item(self, contact_id: UUID) -> First | None:
        """The first of the inbox."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.lindex(_inbox(contact_id), 0)
            pipe.hgetall(_conversation(contact_id))
            entry, fields = await pipe.execute()
        if entry is None:
            return None
        event_id, body = entry.split(" ", 1)
        item = Item.model_validate_json(body).model_copy(update={"event_id": event_id})
        return First(entry, item, _conversation_of(fields))

    async def events(self, contact_id: UUID, *, after: str = "0-0") -> list[Stored]:
        entries: Any = await self._redis.xrange(_events(contact_id), min=f"({after}")
        return [_stored(*entry) for entry in entries]

    async def wait_for_events(self, contact_id: UUID, after: str, wait_ms: int) -> list[Stored]:
        """Everything after `after`, waiting for the first; empty when nothing came in time."""
        answer: Any = await self._readers.xread({_events(contact_id): after}, block=wait_ms)
        return [_stored(*entry) for entry in answer[0][1]] if answer else []

    async def seen(self, contact_id: UUID, at: datetime) -> None:
        """A page has the conversation open."""
        async with self._redis.pipeline() as pipe:
            pipe.hset(_conversation(contact_id), "seen_at", json.dumps(at.isoformat()))
            for key in (_conversation(contact_id), _events(contact_id), _seen(contact_id)):
                pipe.expire(key, LIFETIME_S)
            await pipe.execute()

    async def open_ids(self) -> AsyncIterator[UUID]:
        async for each in self._redis.sscan_iter(OPEN):
            yield UUID(each)

    async def forget(self, contact_id: UUID) -> None:
        """The conversation has expired: it is open no more, and nothing of it waits."""
        async with self._redis.pipeline() as pipe:
            pipe.srem(OPEN, str(contact_id))
            pipe.srem(INBOXES, str(contact_id))
            await pipe.execute()

    async def waiting_ids(self) -> list[UUID]:
        return [UUID(each) for each in await cast(Any, self._redis.smembers(INBOXES))]

    async def take_lock(self, contact_id: UUID, owner: str) -> bool:
        return bool(await self._redis.set(_lock(contact_id), owner, nx=True, px=LOCK_MS))

    async def renew_lock(self, contact_id: UUID, owner: str) -> bool:
        return bool(await self._renew([_lock(contact_id)], [owner, LOCK_MS]))

    async def drop_lock(self, contact_id: UUID, owner: str) -> None:
        await self._drop([_lock(contact_id)], [owner])

    async def let_go(self, contact_id: UUID, owner: str, answered: First | None) -> bool:
        """Takes what was answered out of the inbox and drops the lock if that was all, in one step."""
        keys = [_lock(contact_id), _inbox(contact_id), INBOXES]
        return bool(await self._let_go(keys, [owner, str(contact_id), answered.entry if answered else ""]))

    async def first_for(self, name: str, ms: int) -> bool:
        """False while it was asked less than `ms` ago."""
        return bool(await self._redis.set(f"chat:once:{name}", 1, nx=True, px=ms))

    async def count(self, names: Sequence[str], minute: int) -> list[int]:
        """How often each name was counted in this minute, this time included."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.incr(f"chat:rate:{minute}:{name}")
                pipe.expire(f"chat:rate:{minute}:{name}", 120)
            counted = await pipe.execute()
        return [int(number) for number in counted[::2]]

    async def count_for(self, names: Sequence[str], seconds: int) -> list[int]:
        """How often each name was counted since it was counted first, at most `seconds` ago; this time included."""
        async with self._redis.pipeline(transaction=True) as pipe:
            for name in names:
                pipe.set(f"chat:count:{name}", 0, ex=seconds, nx=True)
                pipe.incr(f"chat:count:{name}")
            counted = await pipe.execute()
        return [int(number) for number in counted[1::2]]


def _conversation(contact_id: UUID) -> str:
    return f"chat:conversation:{contact_id}"


def _events(contact_id: UUID) -> str:
    return f"chat:events:{contact_id}"


def _seen(contact_id: UUID) -> str:
    return f"chat:seen:{contact_id}"


def _inbox(contact_id: UUID) -> str:
    return f"chat:inbox:{contact_id}"


def _lock(contact_id: UUID) -> str:
    return f"chat:lock:{contact_id}"


def _fields(conversation: Conversation) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in conversation.model_dump(mode="json").items()}


def _conversation_of(fields: dict[str, str]) -> Conversation | None:
    if "token_hash" not in fields:  # expired; a late write may have left a piece
        return None
    return Conversation.model_validate({name: json.loads(value) for name, value in fields.items()})


def _stored(event_id: str, entry: dict[str, str]) -> Stored:
    return Stored(event_id, Event(cast(Any, entry["kind"]), json.loads(entry["data"])))
