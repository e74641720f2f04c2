"""Which conversations of a week are looked at: drawn by a seed, so that nobody chooses and anybody can draw again."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
MOST_WEEKS_BEHIND = 4  # drawn afterwards, when no watch was running


def draw(seed: str, subject: str, contacts: Iterable[UUID], number: int) -> list[UUID]:
    """`number` of them, or all when there are fewer; in whatever order they come, the same ones."""

    def lot(contact_id: UUID) -> str:
        return hashlib.sha256(f"{seed}:{subject}:{contact_id}".encode()).hexdigest()

    return sorted(set(contacts), key=lot)[:number]


def weeks_to_draw(now: datetime, zone: str, newest: date | None) -> list[date]:
    """The Mondays of the weeks that are over and not drawn yet, the oldest first; of a new desk the last one alone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    last = today - timedelta(days=today.weekday()) - WEEK
    first = max(newest + WEEK, last - (MOST_WEEKS_BEHIND - 1) * WEEK) if newest is not None else last
    return [first + number * WEEK for number in range((last - first) // WEEK + 1)]


def bounds(week: date, zone: str) -> tuple[datetime, datetime]:
    """When the week begins, and when it is over."""
    begins, ends = (datetime.combine(day, time(), ZoneInfo(zone)) for day in (week, week + WEEK))
    return begins, ends
