"""Who has the console open, as the consoles report it: kept in Redis, judged here, so that a network or a browser that
dies is noticed and a restart of ours is not taken for it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from redis.asyncio import Redis

from escalation.streams import OURS

SEEN = f"{OURS}attendance:seen"  # username -> when a console last had a page of theirs open
CONSOLES = f"{OURS}attendance:consoles"  # when one last reported, and since when they have without a gap
GAP = timedelta(seconds=15)  # consoles report every 5 s (console/attendance.py)
FORGOTTEN_AFTER = timedelta(hours=12)  # a shift: who was last seen before that is not at work in a console


@dataclass(frozen=True, slots=True)
class Attendance:
    seen: Mapping[str, datetime]
    heard_at: datetime | None
    without_gap_since: datetime | None

    def is_gone(self, username: str, *, now: datetime, after: timedelta, acted_at: datetime | None = None) -> bool:
        """No page of theirs for longer than `after`, all of it while consoles were there to see one.

        While no console reports, or of somebody who never had one open, nothing is known: they are not gone.
        `acted_at`: another sign of life.
        """
        seen = self.seen.get(username)
        if seen is None or self.heard_at is None or self.without_gap_since is None:
            return False
        if now - self.heard_at > GAP or now - seen > FORGOTTEN_AFTER:
            return False
        return now - max(seen, self.without_gap_since, acted_at or seen) > after


async def report(redis: Redis, people: Collection[str], *, begins: bool, now: datetime) -> None:
    """These people have a page open. `begins`: the console has just started, and its pages have yet to come back.

    Raises RedisError.
    """
    heard = cast(Any, await cast(Any, redis.hget(CONSOLES, "heard_at")))
    is_gap = begins or heard is None or now - _time(heard) > GAP
    fields = {"heard_at": now.timestamp()} | ({"since": now.timestamp()} if is_gap else {})
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hset(CONSOLES, mapping=cast(Any, fields))
        if people:
            pipe.hset(SEEN, mapping=cast(Any, dict.fromkeys(people, now.timestamp())))
        await pipe.execute()


async def read(redis: Redis) -> Attendance:
    """Raises RedisError."""
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hgetall(SEEN)
        pipe.hgetall(CONSOLES)
        seen, consoles = await pipe.execute()
    return Attendance(
        {username: _time(at) for username, at in seen.items()},
        _time(consoles["heard_at"]) if "heard_at" in consoles else None,
        _time(consoles["since"]) if "since" in consoles else None,
    )


def _time(stored: str) -> datetime:
    return datetime.fromtimestamp(float(stored), UTC)
