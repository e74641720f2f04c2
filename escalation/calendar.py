"""Calendars: working time between two instants, and the instant at which an amount of it is used up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

Block = tuple[time, time]  # local wall time; an end of 00:00 means midnight at the end of the day
HORIZON_DAYS = 3660  # a calendar without working time for ten years is a mistake of policy
_MIDNIGHT = time()
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working blocks by weekday (0 = Monday) in a time zone, less public holidays. `always`: round the clock."""

    name: str
    always: bool = False
    zone: str = "UTC"
    week: Mapping[int, tuple[Block, ...]] = field(default_factory=dict)
    country: str | None = None  # ISO code of the public holidays that are kept
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()  # the operator's own days off

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The instant at which `working` time after `start` is used up. UTC."""
        start = start.astimezone(UTC)
        if self.always or working <= timedelta():
            return start + working
        left = working
        for begin, end in self._intervals(start):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise ValueError(f"calendar {self.name} has no working time within ten years")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; zero when `end` is not after `start`."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return timedelta()
        if self.always:
            return end - start
        total = timedelta()
        for begin, stop in self._intervals(start):
            if begin >= end:
                return total
            total += min(stop, end) - begin
        return total

    def is_open(self, at: datetime) -> bool:
        at = at.astimezone(UTC)
        if self.always:
            return True
        begin, end = next(self._intervals(at), (at, at))
        return begin <= at < end

    def _intervals(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working blocks in UTC, in order, from `start` on."""
        zone = ZoneInfo(self.zone)
        first = start.astimezone(zone).date() - _DAY
        for offset in range(HORIZON_DAYS):
            day = first + offset * _DAY
            if self._is_closed(day):
                continue
            for opens, closes in self.week.get(day.weekday(), ()):
                last = day + _DAY if closes == _MIDNIGHT else day
                begin = datetime.combine(day, opens, zone).astimezone(UTC)
                end = datetime.combine(last, closes, zone).astimezone(UTC)
                if end > start and end > begin:
                    yield max(begin, start), end

    def _is_closed(self, day: date) -> bool:
        if day in self.closed:
            return True
        return self.country is not None and day in _public_holidays(self.country, self.subdivision)


@cache
def _public_holidays(country: str, subdivision: str | None) -> holidays.HolidayBase:
    """Looks a year up the first time it is asked for."""
    return holidays.country_holidays(country, subdiv=subdivision)


def holidays_known(country: str, subdivision: str | None) -> bool:
    try:
        _public_holidays(country, subdivision)
    except NotImplementedError:
        return False
    return True
