"""One-time codes: six digits, for one conversation and one account, a few minutes, a few tries, one use."""

import secrets
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from redis.asyncio import Redis

from subscriber.identity_policy import IdentityPolicy
from subscriber.window import Limit, Window

DIGITS = 6
Tried = Literal["right", "wrong", "over"]

# KEYS the code; ARGV digest, now. A try is counted before it is compared, and the last one ends the code.
_TRY = """
local kept = redis.call('HMGET', KEYS[1], 'digest', 'until', 'tries')
if not kept[1] or tonumber(kept[2]) <= tonumber(ARGV[2]) then return 'over' end
if kept[1] == ARGV[1] then redis.call('DEL', KEYS[1]) return 'right' end
if redis.call('HINCRBY', KEYS[1], 'tries', -1) <= 0 then redis.call('DEL', KEYS[1]) return 'over' end
return 'wrong'
"""


class OneTimeCodes:
    """`digest` keys a text with a secret of ours: a code stands nowhere. Raises redis.exceptions.RedisError."""

    def __init__(self, redis: "Redis", policy: IdentityPolicy, digest: Callable[[str], str]) -> None:
        self._redis = redis
        self._policy = policy
        self._digest = digest
        self._lifetime_s = policy.code_minutes * 60
        self._try = redis.register_script(_TRY)
        self._window = Window(redis, window_s=policy.code_limit_minutes * 60)

    async def may_send(self, now: float, *, account: str, number: str, caller: str) -> bool:
        """Counts one more message for the account, its number and whoever asks, unless one of them had enough."""
        an_account, a_caller = self._policy.codes_per_account, self._policy.codes_per_caller
        limits = [
            Limit(f"subscriber:codes:{kind}:{self._digest(name)}", most)
            for kind, name, most in (
                ("account", account, an_account),
                ("number", number, an_account),
                ("caller", caller, a_caller),
            )
        ]
        return await self._window.take(limits, now) is not None

    async def issue(self, contact_id: UUID, customer_id: str, now: float) -> str:
        """A new code; the one before is worth nothing any more."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        key = _key(contact_id)
        digest = self._of(contact_id, customer_id, code)
        async with self._redis.pipeline(transaction=True) as step:
            step.delete(key)
            for name, value in (
                ("digest", digest),
                ("until", now + self._lifetime_s),
                ("tries", self._policy.code_tries),
            ):
                step.hset(key, name, str(value))
            step.expire(key, self._lifetime_s)
            await step.execute()
        return code

    async def check(self, contact_id: UUID, customer_id: str, code: str, now: float) -> Tried:
        found: Tried = await self._try(keys=[_key(contact_id)], args=[self._of(contact_id, customer_id, code), now])
        return found

    async def withdraw(self, contact_id: UUID) -> None:
        await self._redis.delete(_key(contact_id))

    def _of(self, contact_id: UUID, customer_id: str, code: str) -> str:
        return self._digest(f"{contact_id} {customer_id} {code}")


def _key(contact_id: UUID) -> str:
    return f"subscriber:code:{contact_id}"
