"""How often a client may ask: requests a minute, counted in Redis for all copies together."""

import logging
import time
from collections.abc import Callable

from redis import RedisError
from redis.asyncio import Redis

from escalation.errors import TooOften

log = logging.getLogger(__name__)

WINDOW_S = 60


class Pace:
    def __init__(self, redis: Redis, clock: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._clock = clock

    async def count(self, client: str, allowed: int) -> None:
        """Raises TooOften, which says when the next minute begins. Without Redis nobody is held back."""
        window, into_s = divmod(int(self._clock()), WINDOW_S)
        key = f"escalation:pace:{client}:{window}"
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.incr(key)
                pipe.expire(key, 2 * WINDOW_S)
                asked, _ = await pipe.execute()
        except RedisError:
            log.warning("requests of clients are not counted: Redis does not answer")
            return
        if asked > allowed:
            raise TooOften(f"At most {allowed} requests a minute", retry_after_s=WINDOW_S - into_s)
