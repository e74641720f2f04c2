"""The Redis Streams on which escalation speaks to front doors and consoles, and how they are read."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

from redis import RedisError, ResponseError
from redis.asyncio import Redis

log = logging.getLogger(__name__)

OURS = "escalation:"
STAFF = f"{OURS}staff"
BLOCK_MS = 2000  # below redis-py's socket timeout of 5 s
LOOK_BACK_S = 2.0  # how often unfinished entries are looked for
ABANDONED_MS = 30_000  # another reader that has not acknowledged for so long is taken for dead
RETRY_S = 1.0
UNREAD_FOR = timedelta(days=30)  # far longer than any outage; what customers said must not lie in Redis for ever

Entry = tuple[str, dict[str, str]]


def live(channel: str) -> str:
    return f"{OURS}live:{channel}"


def is_stream(topic: str) -> bool:
    """Of the outbox: what else lies there is taken by others."""
    return topic.startswith(OURS)


async def add(redis: Redis, stream: str, *entries: Mapping[str, str], kept: int) -> None:
    """`kept`: about how many entries the stream holds before the oldest go. All go UNREAD_FOR after the last one."""
    async with redis.pipeline(transaction=True) as together:
        for fields in entries:
            encodable: Any = dict(fields)
            together.xadd(stream, encodable, maxlen=kept, approximate=True)
        together.expire(stream, UNREAD_FOR)
        await together.execute()


class Reader:
    """One reader of a group. Whatever goes wrong, a new one begins with what this one left unfinished."""

    def __init__(self, redis: Redis, stream: str, group: str, consumer: str) -> None:
        self._redis = redis
        self._stream = stream
        self._group = group
        self._consumer = consumer
        self._look_back_at = 0.0

    async def take(self, count: int) -> list[Entry]:
        """The next entries, those before them being acknowledged; empty when none came for a while.

        Now and then it is looked what is left: an answer of Redis that was lost on its way, and what dead readers had.
        """
        if time.monotonic() >= self._look_back_at:
            if left := await self._left(count):
                return left
            self._look_back_at = time.monotonic() + LOOK_BACK_S
        fresh: Any = await self._redis.xreadgroup(
            self._group, self._consumer, {self._stream: ">"}, count=count, block=BLOCK_MS
        )
        return list(fresh[0][1]) if fresh else []

    async def acknowledge(self, *entry_ids: str) -> None:
        await self._redis.xack(self._stream, self._group, *entry_ids)

    async def remove(self, *entry_ids: str) -> None:
        """Acknowledged, and gone from the stream, whose only group this is."""
        async with self._redis.pipeline(transaction=True) as both:
            both.xack(self._stream, self._group, *entry_ids)
            both.xdel(self._stream, *entry_ids)
            await both.execute()

    async def _left(self, count: int) -> list[Entry]:
        """This reader's own unfinished ones, else those of dead readers."""
        await self._ensure_group()
        own: Any = await self._redis.xreadgroup(self._group, self._consumer, {self._stream: "0"}, count=count)
        if own and own[0][1]:
            return [(entry_id, fields or {}) for entry_id, fields in own[0][1]]
        claimed: Any = await self._redis.xautoclaim(
            self._stream, self._group, self._consumer, ABANDONED_MS, count=count
        )
        return [(entry_id, fields) for entry_id, fields in claimed[1] if fields]

    async def _ensure_group(self) -> None:
        """From the stream's beginning: what came before the first reader is not lost."""
        try:
            await self._redis.xgroup_create(self._stream, self._group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise


async def entries(redis: Redis, stream: str, group: str, consumer: str) -> AsyncIterator[Entry]:
    """At least once, in order; an entry is acknowledged when the loop comes back for the next one."""
    while True:
        reader = Reader(redis, stream, group, consumer)
        try:
            while True:
                for entry_id, fields in await reader.take(50):
                    yield entry_id, fields
                    await reader.acknowledge(entry_id)
        except RedisError:
            log.warning("stream %s cannot be read, trying again", stream)
            await asyncio.sleep(RETRY_S)


async def tail(redis: Redis, stream: str) -> AsyncIterator[Entry]:
    """Everything from now on, for every reader alike."""
    last: str | None = None
    while True:
        try:
            if last is None:
                newest: Any = await redis.xrevrange(stream, count=1)
                last = newest[0][0] if newest else "0-0"
            reply: Any = await redis.xread({stream: last or "0-0"}, count=100, block=BLOCK_MS)
            for _, batch in reply or []:
                for entry_id, fields in batch:
                    last = entry_id
                    yield entry_id, fields
        except RedisError:
            log.warning("stream %s cannot be read, trying again", stream)
            await asyncio.sleep(RETRY_S)
