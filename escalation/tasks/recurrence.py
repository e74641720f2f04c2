"""On which days a rule of RFC 5545 falls, moved to working days, and at which instants its runs begin. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from escalation.calendar import Calendar, reached

OffDay = Literal["skip", "next", "previous"]

FARTHEST_MOVED = 31  # days; a run with no working day so near falls out
_DAY = timedelta(days=1)
_OF_DAYS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_BY = frozenset({"BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"})
_PARTS = _BY | {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYSETPOS", "WKST"}
_REFUSED = {
    "BYHOUR": "the time of day is said by `at`",
    "BYMINUTE": "the time of day is said by `at`",
    "BYSECOND": "the time of day is said by `at`",
    "DTSTART": "the day from which the rule counts is said by `first`",
    "BYEASTER": "it is not part of RFC 5545",
}
_NOT_WITH = {  # RFC 5545, 3.3.10
    "BYWEEKNO": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYMONTHDAY": ("WEEKLY",),
}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`at` is the time a wall clock in `zone` shows, in summer and in winter; `off_day` says what becomes of a run
    whose day is no working day of the calendar.
    """

    rule: str
    first: date
    at: time
    zone: str
    off_day: OffDay

    def begins(self, day: date) -> datetime:
        """UTC. For a time that the day leaves out the first instant after it; of one that comes twice the first."""
        return reached(day, self.at, ZoneInfo(self.zone))

    def days(self, calendar: Calendar, since: date, until: date) -> list[date]:
        """Days with a run, both ends included. Two runs that are moved to one day are one."""
        margin = FARTHEST_MOVED * _DAY
        moved = (self._moved(day, calendar) for day in _ruled(self.rule, self.first, since - margin, until + margin))
        return sorted({day for day in moved if day is not None and since <= day <= until})

    def runs(self, calendar: Calendar, *, after: datetime, until: datetime) -> list[tuple[date, datetime]]:
        """Day and beginning of the runs that begin after `after`, and not after `until`."""
        zone = ZoneInfo(self.zone)
        days = self.days(calendar, after.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY)
        return [(day, at) for day in days if after < (at := self.begins(day)) <= until]

    def _moved(self, day: date, calendar: Calendar) -> date | None:
        if calendar.works_on(day) or self.off_day == "skip":
            return day if calendar.works_on(day) else None
        step = _DAY if self.off_day == "next" else -_DAY
        near = (day + number * step for number in range(1, FARTHEST_MOVED + 1))
        return next((other for other in near if calendar.works_on(other)), None)


def check_rule(rule: str) -> str:
    """The rule in capitals. Raises ValueError, which says what of RFC 5545 is not taken here, and why."""
    rule = rule.strip().upper()
    parts = dict(_parts(rule))
    if parts.get("FREQ") not in _OF_DAYS:
        raise ValueError(f"FREQ is one of {', '.join(_OF_DAYS)}: a task runs once a day at most")
    for name, rhythms in _NOT_WITH.items():
        if name in parts and parts["FREQ"] in rhythms:
            raise ValueError(f"{name} does not go with FREQ={parts['FREQ']}")
    for name in ("INTERVAL", "COUNT"):
        if not re.fullmatch(r"[1-9]\d{0,3}", parts.get(name, "1")):
            raise ValueError(f"{name} is a whole number from 1 to 9999")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("COUNT and UNTIL do not go together")
    if "UNTIL" in parts and not re.fullmatch(r"\d{8}", parts["UNTIL"]):
        raise ValueError("UNTIL is the last day, written like 20271231")
    if "BYSETPOS" in parts and not parts.keys() & _BY:
        raise ValueError("BYSETPOS picks among the days of another BY part: name one")
    if re.search(r"\d", parts.get("BYDAY", "")) and parts["FREQ"] not in ("MONTHLY", "YEARLY"):
        raise ValueError("BYDAY with a number goes with FREQ=MONTHLY or YEARLY")
    try:
        _parsed(rule, date(2000, 1, 1))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a rule of RFC 5545: {error}") from None
    return rule


def has_a_day(rule: str, first: date) -> bool:
    """Whether the rule ever falls on a day."""
    return next(iter(_parsed(rule, first)), None) is not None


def _parts(rule: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for part in rule.split(";"):
        name, equals, value = part.partition("=")
        if name in _REFUSED:
            raise ValueError(f"{name} is refused: {_REFUSED[name]}")
        if not equals or not value or name not in _PARTS:
            raise ValueError(
                f"{part[:40] or 'an empty part'} is not a part of a rule; known: {', '.join(sorted(_PARTS))}"
            )
        if name in seen:
            raise ValueError(f"{name} is said twice")
        seen.add(name)
        yield name, value


def _ruled(rule: str, first: date, since: date, until: date) -> Iterator[date]:
    days = (found.date() for found in _parsed(rule, first))
    return (day for day in takewhile(lambda day: day <= until, days) if day >= since)


@lru_cache(maxsize=256)
def _parsed(rule: str, first: date) -> rrule:
    """Remembers the days it has found: the watch asks each second."""
    found = rrulestr(rule, dtstart=datetime.combine(first, time()), cache=True)
    if not isinstance(found, rrule):
        raise ValueError("one rule, not a set of them")
    return found
