"""How often somebody may guess: counted per account and per caller, then locked for a stated time."""

from dataclasses import dataclass

from redis.asyncio import Redis

from subscriber.identity_policy import IdentityPolicy
from subscriber.window import Limit, Window

# KEYS lock, guesses; ARGV now, window, most, lifetime of the lock. Returns 1 to the one guess that begins the lock.
_LOCK = """
if redis.call('ZCOUNT', KEYS[2], '(' .. (ARGV[1] - ARGV[2]), '+inf') < tonumber(ARGV[3]) then return 0 end
local kept = redis.call('GET', KEYS[1])
if kept and tonumber(kept) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1] + ARGV[4], 'EX', ARGV[4])
redis.call('DEL', KEYS[2])
return 1
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """One guess that was counted before it was checked."""

    name: str
    limits: tuple[Limit, Limit]


class Attempts:
    """Wrong guesses, by account whether or not there is such a one, and by whoever guesses.

    Both are digests: neither numbers nor addresses stand in Redis. Raises redis.exceptions.RedisError.
    """

    def __init__(self, redis: "Redis", policy: IdentityPolicy) -> None:
        self._redis = redis
        self._policy = policy
        self._window_s, self._lock_s = policy.guess_minutes * 60, policy.lock_minutes * 60
        self._window = Window(redis, window_s=self._window_s)
        self._lock = redis.register_script(_LOCK)

    async def take(self, account: str, caller: str, now: float) -> Guess | None:
        """Count a guess before it is checked, so that many at once are not free; None while locked.

        A guess made while locked does not lengthen the lock, so that nobody can keep a customer out for good.
        """
        limits = self._limits(account, caller)
        if any([await self._is_locked(limit, now) for limit in limits]):
            return None
        name = await self._window.take(limits, now)
        return Guess(name, limits) if name else None

    async def was_right(self, guess: Guess) -> None:
        """The account starts afresh; the caller gets back this one only, or an account of one's own would be a way
        to guess for ever."""
        account, caller = guess.limits
        await self._window.forget(account.key)
        await self._window.give_back([caller.key], guess.name)

    async def was_wrong(self, guess: Guess, now: float) -> bool:
        """Whether this guess began a lock: true once for every lock."""
        began = [
            await self._lock(keys=[_lock(limit), limit.key], args=[now, self._window_s, limit.most, self._lock_s])
            for limit in guess.limits
        ]
        return any(began)

    async def give_back(self, guess: Guess) -> None:
        """The guess was never checked: the system did not answer."""
        await self._window.give_back([limit.key for limit in guess.limits], guess.name)

    async def _is_locked(self, limit: Limit, now: float) -> bool:
        until = await self._redis.get(_lock(limit))
        return until is not None and float(until) > now

    def _limits(self, account: str, caller: str) -> tuple[Limit, Limit]:
        return (
            Limit(f"subscriber:guesses:account:{account}", self._policy.guesses_per_account),
            Limit(f"subscriber:guesses:caller:{caller}", self._policy.guesses_per_caller),
        )


def _lock(limit: Limit) -> str:
    return limit.key.replace(":guesses:", ":lock:", 1)
