"""Who of ours has the console open. Every copy of it says so every few seconds; kept in Redis, believed for a while."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from redis.asyncio import Redis

SAY_EVERY_S = 10.0
SILENT = timedelta(seconds=3 * SAY_EVERY_S)  # longer than this, and no console is known to run
_FORGET_AFTER = timedelta(days=1)

_PEOPLE, _CONSOLE = "escalation:here", "escalation:here:console"
_TIMES = TypeAdapter(dict[str, float])
_SCORES = TypeAdapter(list[float | None])

# `since`: from when on consoles have been heard without a gap, so that a restart makes nobody look gone.
_SAY = """
local last, now = redis.call('HGET', KEYS[2], 'last'), tonumber(ARGV[1])
if not last or now - tonumber(last) > tonumber(ARGV[2]) then redis.call('HSET', KEYS[2], 'since', now) end
redis.call('HSET', KEYS[2], 'last', now)
for place = 4, #ARGV do redis.call('ZADD', KEYS[1], now, ARGV[place]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[3]))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
"""


async def say(redis: "Redis", usernames: Iterable[str], now: datetime) -> None:
    """These people have a page open in a copy of the console that runs. Raises redis.exceptions.RedisError."""
    arguments: list[str | int | float] = [
        now.timestamp(),
        SILENT.total_seconds(),
        int(_FORGET_AFTER.total_seconds()),
        *usernames,
    ]
    await redis.register_script(_SAY)(keys=[_PEOPLE, _CONSOLE], args=arguments)


async def gone(redis: "Redis", usernames: Sequence[str], now: datetime, *, after: timedelta) -> set[str]:
    """Those whose last page was heard of longer than `after` ago, while a console was there to be heard.

    Who never had a page open works by other means, and is not gone. Raises redis.exceptions.RedisError.
    """
    console = _TIMES.validate_python(await redis.hgetall(_CONSOLE))
    at = now.timestamp()
    heard_all_along = bool(console) and at - console["last"] <= SILENT.total_seconds()
    if not usernames or not heard_all_along or at - console["since"] < after.total_seconds():
        return set()
    seen = _SCORES.validate_python(await redis.zmscore(_PEOPLE, list(usernames)))
    pairs = zip(usernames, seen, strict=True)
    return {name for name, last in pairs if last is not None and at - last > after.total_seconds()}
