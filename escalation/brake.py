"""Slows guessing of passwords and client secrets: tries are counted in Redis, for all copies together."""

import hashlib

from redis.asyncio import Redis

from escalation.errors import TooOften

WINDOW_S = 15 * 60
TRIES_PER_NAME_AND_ADDRESS = 5
TRIES_PER_NAME = 20  # from anywhere: slows many addresses down without letting one lock a colleague out
TRIES_PER_ADDRESS = 60  # an office shares one address


class Brake:
    """`purpose` keeps the counts of people and of machines apart."""

    def __init__(self, redis: Redis, purpose: str) -> None:
        self._redis = redis
        self._purpose = purpose

    async def count(self, name: str, address: str) -> None:
        """Before the secret is looked at, so that many guesses at once get no further than one by one.

        Raises TooOften, which says how long to wait. `address` may be empty when nobody knows it.
        """
        wait_s = 0
        for key, limit in self._limits(name, address):
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(key, 0, ex=WINDOW_S, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
                _, tries, left_s = await pipe.execute()
            if tries > limit:
                wait_s = max(wait_s, left_s, 1)
        if wait_s:
            raise TooOften("Too many failed attempts. Try again later.", retry_after_s=wait_s)

    async def forget(self, name: str, address: str) -> None:
        """After a success this name starts afresh; the address gives back the one try."""
        first, second, *rest = self._limits(name, address)
        await self._redis.delete(first[0], second[0])
        for key, _ in rest:
            await self._redis.decr(key)

    def _limits(self, name: str, address: str) -> list[tuple[str, int]]:
        who, where = _hash(name.strip().casefold()), _hash(address)
        limits = [
            (f"escalation:brake:{self._purpose}:both:{who}:{where}", TRIES_PER_NAME_AND_ADDRESS),
            (f"escalation:brake:{self._purpose}:name:{who}", TRIES_PER_NAME),
        ]
        if address:
            limits.append((f"escalation:brake:{self._purpose}:address:{where}", TRIES_PER_ADDRESS))
        return limits


def _hash(value: str) -> str:
    """Names and addresses do not stand in Redis."""
    return hashlib.sha256(value.encode()).hexdigest()
