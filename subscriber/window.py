"""So many in so long: what may happen only a few times, counted in Redis for all copies of a program together."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

# KEYS the counts; ARGV now, window, id, then the limit of each key. All or none: what one refuses, the others do not
# count. Returns 1 when it was counted.
_TAKE = """
for place, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', ARGV[1] - ARGV[2])
  if redis.call('ZCARD', key) >= tonumber(ARGV[3 + place]) then return 0 end
end
for _, key in ipairs(KEYS) do
  redis.call('ZADD', key, ARGV[1], ARGV[3])
  redis.call('EXPIRE', key, math.ceil(ARGV[2]) + 1)
end
return 1
"""


@dataclass(frozen=True, slots=True)
class Limit:
    key: str
    most: int


class Window:
    """Seconds since 1970 are passed in as `now`. Raises redis.exceptions.RedisError."""

    def __init__(self, redis: "Redis", *, window_s: float) -> None:
        self._redis = redis
        self._window_s = window_s
        self._take = redis.register_script(_TAKE)

    async def take(self, limits: Sequence[Limit], now: float) -> str | None:
        """The id of the one more that was counted; None when one of the limits is reached."""
        name = secrets.token_hex(8)
        taken = await self._take(
            keys=[limit.key for limit in limits], args=[now, self._window_s, name, *(limit.most for limit in limits)]
        )
        return name if taken else None

    async def give_back(self, keys: Sequence[str], name: str) -> None:
        async with self._redis.pipeline(transaction=True) as step:
            for key in keys:
                step.zrem(key, name)
            await step.execute()

    async def forget(self, *keys: str) -> None:
        await self._redis.delete(*keys)
