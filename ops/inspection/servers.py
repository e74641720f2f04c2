"""Whether PostgreSQL and Redis answer, how large they are, and whether their clocks agree with ours."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ops.inspection.finding import Finding, State
from ops.inspection.limits import AtMost
from ops.inspection.place import Check, Place, found, judged
from ops.inspection.programs import skewed


async def database(place: Place) -> Sequence[Finding]:
    asked = place.now()
    try:
        async with await psycopg.AsyncConnection.connect(place.settings.database_url, connect_timeout=5) as connection:
            asked = place.now()
            row = await (
                await connection.execute("SELECT clock_timestamp(), pg_database_size(current_database())")
            ).fetchone()
    except psycopg.Error as error:
        return [found("database server", State.BAD, f"does not answer ({type(error).__name__})", "answers")]
    at, size = row or (asked, 0)
    skew = at - (asked + (place.now() - asked) / 2)
    return [
        found("database server", State.OK, "answers", "answers"),
        _sized("size of database", place.limits.database_gb, size),
        skewed(place, "database", skew),
    ]


async def redis(place: Place) -> Sequence[Finding]:
    try:
        async with Redis.from_url(place.settings.redis_url, socket_timeout=place.limits.each_check_within) as client:
            asked = place.now()
            seconds, micros = await client.time()
            skew = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros) - asked
            used = int((await client.info("memory"))["used_memory"])
    except RedisError as error:
        return [found("redis server", State.BAD, f"does not answer ({type(error).__name__})", "answers")]
    return [
        found("redis server", State.OK, "answers", "answers"),
        _sized("size of redis", place.limits.redis_gb, used),
        skewed(place, "redis", skew),
    ]


def _sized(about: str, limit: AtMost, size: int) -> Finding:
    return judged(about, limit, size / 1e9, f"{size / 1e9:.3f} GB", lambda gb: f"{gb:g} GB")


CHECKS: dict[str, Check] = {"database server": database, "redis server": redis}
