"""Calendars: working time between two instants, and the instant at which an amount of it is used up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

Block = tuple[time, time]  # local wall time; an end of 00:00 means midnight at the end of the day
Interval = tuple[datetime, datetime]  # from, to before; UTC
HORIZON_DAYS = 3660  # a calendar without working time for ten years is a mistake of policy
_MIDNIGHT = time()
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working blocks by weekday (0 = Monday) in a time zone, less public holidays. `always`: round the clock.

    A block opens and closes the first time that its day's wall clock shows its time or a later one. So an hour that
    comes twice in autumn counts twice inside a block, and one that spring leaves out is not missed.
    """

    name: str
    always: bool = False
    zone: str = "UTC"
    week: Mapping[int, tuple[Block, ...]] = field(default_factory=dict)
    country: str | None = None  # ISO code of the public holidays that are kept
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()  # the operator's own days off
    excluded: tuple[Interval, ...] = ()  # in order, apart from each other; not working time whatever the week says

    def without(self, intervals: Iterable[Interval]) -> "Calendar":
        """The same calendar, less these intervals, which may overlap and come in any order."""
        apart: list[Interval] = []
        for begin, end in sorted((begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in intervals):
            if apart and begin <= apart[-1][1]:
                apart[-1] = (apart[-1][0], max(apart[-1][1], end))
            elif begin < end:
                apart.append((begin, end))
        return replace(self, excluded=tuple(apart))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The instant at which `working` time after `start` is used up. UTC."""
        start = start.astimezone(UTC)
        if working <= timedelta():
            return start + working
        left = working
        for begin, end in self._working(start):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise ValueError(f"calendar {self.name} has no working time within ten years")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; zero when `end` is not after `start`."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return timedelta()
        total = timedelta()
        for begin, stop in self._working(start):
            if begin >= end:
                return total
            total += min(stop, end) - begin
        return total

    def is_open(self, at: datetime) -> bool:
        at = at.astimezone(UTC)
        begin, end = next(self._working(at), (at, at))
        return begin <= at < end

    def works_on(self, day: date) -> bool:
        """Whether that local day has any working time by the week and the holidays, whatever is excluded."""
        return self.always or (bool(self.week.get(day.weekday())) and not self._is_closed(day))

    def _working(self, start: datetime) -> Iterator[Interval]:
        """Working time in UTC, in order, from `start` on, less what is excluded."""
        for begin, end in self._intervals(start):
            at = begin
            for away, back in self.excluded:
                if away >= end:
                    break
                if back > at:
                    if away > at:
                        yield at, away
                    at = back
            if at < end:
                yield at, end

    def _intervals(self, start: datetime) -> Iterator[Interval]:
        """Working blocks in UTC, in order, from `start` on."""
        if self.always:
            yield start, start + HORIZON_DAYS * _DAY
            return
        zone = ZoneInfo(self.zone)
        first = start.astimezone(zone).date() - _DAY
        for offset in range(HORIZON_DAYS):
            day = first + offset * _DAY
            if self._is_closed(day):
                continue
            for opens, closes in self.week.get(day.weekday(), ()):
                last = day + _DAY if closes == _MIDNIGHT else day
                begin, end = reached(day, opens, zone), reached(last, closes, zone)
                if end > start and end > begin:
                    yield max(begin, start), end

    def _is_closed(self, day: date) -> bool:
        if day in self.closed:
            return True
        return self.country is not None and day in _public_holidays(self.country, self.subdivision)


@lru_cache(maxsize=8192)  # the same few days are asked for with every ticket
def reached(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the wall clock of that day shows this time or a later one."""
    local = datetime.combine(day, wall, zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    before = local.replace(fold=1).astimezone(UTC)  # a time that is left out: the clocks change between both
    after = before.astimezone(zone).utcoffset()
    while at - before > _SECOND:
        middle = before + (at - before) // 2
        if middle.astimezone(zone).utcoffset() == after:
            before = middle
        else:
            at = middle
    return at.replace(microsecond=0)


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
