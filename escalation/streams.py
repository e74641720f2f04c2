"""The Redis Streams on which escalation speaks to front doors and consoles, and how they are read."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

from redis import RedisError, ResponseError
from redis.asyncio import Redis

log = logging.getLogger(__name__)

OURS = "escalation:"
STAFF = f"{OURS}staff"
BLOCK_MS = 2000  # below redis-py's socket timeout of 5 s
ABANDONED_MS = 30_000  # another reader that has not acknowledged for so long is taken for dead
RETRY_S = 1.0
UNREAD_FOR = timedelta(days=30)  # far longer than any outage; what customers said must not lie in Redis for ever

Entry = tuple[str, dict[str, str]]


def live(channel: str) -> str:
    return f"{OURS}live:{channel}"


def is_stream(topic: str) -> bool:
    """Of the outbox: what else lies there is taken by others."""
    return topic.startswith(OURS)


async def add(redis: Redis, stream: str, fields: Mapping[str, str], *, kept: int) -> None:
    """`kept`: about how many entries the stream holds before the oldest go. All go UNREAD_FOR after the last one."""
    encodable: Any = dict(fields)
    async with redis.pipeline(transaction=True) as both:
        both.xadd(stream, encodable, maxlen=kept, approximate=True)
        both.expire(stream, UNREAD_FOR)
        await both.execute()


async def ensure_group(redis: Redis, stream: str, group: str) -> None:
    """From the stream's beginning: what came before the first reader is not lost."""
    try:
        await redis.xgroup_create(stream, group, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


async def take(redis: Redis, stream: str, group: str, consumer: str, *, count: int) -> list[Entry]:
    """The next entries for this reader: its own unfinished ones, those of dead readers, then new ones."""
    own: Any = await redis.xreadgroup(group, consumer, {stream: "0"}, count=count)
    if own and own[0][1]:
        return [(entry_id, fields or {}) for entry_id, fields in own[0][1]]
    claimed: Any = await redis.xautoclaim(stream, group, consumer, ABANDONED_MS, count=count)
    if claimed[1]:
        return [(entry_id, fields) for entry_id, fields in claimed[1] if fields]
    fresh: Any = await redis.xreadgroup(group, consumer, {stream: ">"}, count=count, block=BLOCK_MS)
    return list(fresh[0][1]) if fresh else []


async def entries(redis: Redis, stream: str, group: str, consumer: str) -> AsyncIterator[Entry]:
    """At least once, in order; an entry is acknowledged when the loop comes back for the next one."""
    while True:
        try:
            await ensure_group(redis, stream, group)
            for entry_id, fields in await take(redis, stream, group, consumer, count=50):
                yield entry_id, fields
                await redis.xack(stream, group, entry_id)
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
