"""The clocks of a ticket by brute force: every minute is looked at, and counts or does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import numpy as np
from numpy.typing import NDArray

from escalation.calendar import Calendar
from escalation.policy import FrozenPolicy
from escalation.priority import Priority
from escalation.terms import Terms

DAYS = 45
MINUTES = DAYS * 1440
SLOT = 15  # minutes; no zone changes its clocks between two of them
EPOCH = date(1970, 1, 1)
NAMES = ("acknowledge", "respond", "update", "resolve", "tier")

Minutes = NDArray[np.bool_]
Fired = dict[tuple[str, int, int], float]  # clock, round, share -> seconds after the beginning


_CALENDARS: dict[str, Calendar] = {}


def know(calendars: Mapping[str, Calendar]) -> None:
    _CALENDARS.update(calendars)


@cache
def open_minutes(name: str, start: datetime) -> Minutes:
    """Of every minute from `start` (UTC) on, whether it is working time.

    A wall clock that is put back is ignored until it has caught up with itself.
    """
    calendar = _CALENDARS[name]
    if calendar.always:
        return np.ones(MINUTES, dtype=bool)
    zone, first = ZoneInfo(calendar.zone), (start - timedelta(days=3)).astimezone(UTC)
    slots = (MINUTES + 3 * 1440) // SLOT
    walls = [(first + timedelta(minutes=SLOT * n)).astimezone(zone).replace(tzinfo=None) for n in range(slots)]
    begins = np.array([int((wall - datetime(1970, 1, 1)).total_seconds() // 60) for wall in walls])
    wall = np.maximum.accumulate((begins[:, None] + np.arange(SLOT)).ravel())[3 * 1440 :]
    days, minute = wall // 1440, wall % 1440
    counts = np.zeros(MINUTES, dtype=bool)
    for weekday, blocks in calendar.week.items():
        for opens, closes in blocks:
            until = closes.hour * 60 + closes.minute or 1440
            counts |= ((days + 3) % 7 == weekday) & (minute >= opens.hour * 60 + opens.minute) & (minute < until)
    return counts & ~np.isin(days, list(_days_off(calendar, days)))


def _days_off(calendar: Calendar, days: NDArray[Any]) -> Iterator[int]:
    years = range(1970 + int(days[0]) // 366, 1972 + int(days[-1]) // 365)
    country = (
        holidays.country_holidays(calendar.country, subdiv=calendar.subdivision, years=years)
        if calendar.country
        else {}
    )
    yield from ((day - EPOCH).days for day in {*country, *calendar.closed})


@dataclass
class Tally:
    """One clock: what it has used, in seconds."""

    target_s: float
    calendar: str
    exclude: tuple[str, ...]
    used_s: float = 0
    round: int = 1
    done: bool = False
    late: bool = False
    terms: Terms | None = None


@dataclass
class MinuteModel:
    policy: FrozenPolicy
    start: datetime
    priority: Priority
    tier: int
    has_customer: bool = True
    at: int = 0  # minutes since the start
    paused: bool = False
    tallies: dict[str, Tally] = field(default_factory=dict)
    excluded: dict[tuple[str, str], Minutes] = field(default_factory=dict)  # by kind, and what it is of
    fired: Fired = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tallies = {name: Tally(*self._target(name)) for name in NAMES if name != "update" or self.has_customer}

    def _target(self, name: str, terms: Terms | None = None, used_s: float = 0) -> tuple[float, str, tuple[str, ...]]:
        if name == "tier" and terms is not None and self.priority in terms.targets:
            agreed = terms.targets[self.priority]
            room_s = self._room_s(agreed.calendar, tuple(agreed.exclude))
            within_s = agreed.within.total_seconds()
            return min(within_s, used_s + room_s) if room_s else within_s, agreed.calendar, tuple(agreed.exclude)
        target = self.policy.choices[self.priority]["resolve" if name == "tier" else name]
        share = self.policy.tier_keeps_pct[self.tier] / 100 if name == "tier" else 1
        return target.within.total_seconds() * share, target.calendar, tuple(target.exclude)

    def _room_s(self, calendar: str, exclude: tuple[str, ...]) -> float:
        """Of the minutes until the problem must be solved, those that this calendar counts."""
        resolve = self.tallies["resolve"]
        used = resolve.used_s + 60 * np.cumsum(self._counted(resolve.calendar, resolve.exclude)[self.at :])
        until = self.at + (int(np.searchsorted(used, resolve.target_s)) + 1 if resolve.used_s < resolve.target_s else 0)
        return 60.0 * float(np.sum(self._counted(calendar, exclude)[self.at : until]))

    def _counted(self, calendar: str, exclude: tuple[str, ...]) -> Minutes:
        counts = open_minutes(calendar, self.start).copy()
        for (kind, _), away in self.excluded.items():
            if kind in exclude:
                counts &= ~away
        return counts

    def advance(self, to: int) -> None:
        for name, tally in self.tallies.items():
            if self.paused or tally.done:
                continue
            counts = open_minutes(tally.calendar, self.start)[self.at : to].copy()
            for (kind, _), away in self.excluded.items():
                if kind in tally.exclude:
                    counts &= ~away[self.at : to]
            used = tally.used_s + 60 * np.cumsum(counts)
            for step in self.policy.steps[name]:
                self._fire((name, tally.round, step.at_pct), tally.target_s * step.at_pct / 100, tally.used_s, used)
            tally.used_s = float(used[-1]) if len(used) else tally.used_s
        self.at = to

    def _fire(self, key: tuple[str, int, int], needs_s: float, before_s: float, used: NDArray[Any]) -> None:
        if key in self.fired:
            return
        if needs_s <= before_s:
            self.fired[key] = self.at * 60
        elif len(used) and used[-1] >= needs_s:
            n = int(np.searchsorted(used, needs_s))
            self.fired[key] = (self.at + n + 1) * 60 - float(used[n] - needs_s)

    def pause(self) -> None:
        self.paused = True
        for tally in self._unfinished():
            tally.late = tally.late or tally.used_s >= tally.target_s

    def resume(self) -> None:
        self.paused = False

    def done(self, *names: str) -> None:
        for name, tally in self.tallies.items():
            if not tally.done and (not names or name in names):
                tally.done, tally.late = True, tally.late or tally.used_s > tally.target_s

    def reopen(self) -> None:
        for name in ("resolve", "update", "tier"):
            if name in self.tallies:
                self.tallies[name].done = False
        self.told()

    def told(self) -> None:
        self._anew("update")

    def reach(self, tier: int, terms: Terms | None) -> None:
        if tier != self.tier:
            self.tier = tier
            self._anew("tier", terms)

    def retarget(self, priority: Priority) -> None:
        self.priority = priority
        for name, tally in self.tallies.items():
            if not tally.done:
                tally.late = tally.late or tally.used_s >= tally.target_s
                found = self._target(name, tally.terms, tally.used_s)
                tally.target_s, tally.calendar, tally.exclude = found

    def exclude(self, kind: str, begins: int, ends: int, source: str) -> None:
        away = self.excluded.setdefault((kind, source), np.zeros(MINUTES, dtype=bool))
        away[max(begins, self.at) : max(ends, self.at)] = True

    def readmit(self, source: str) -> None:
        for (_, of), away in self.excluded.items():
            if of == source:
                away[self.at :] = False

    def _anew(self, name: str, terms: Terms | None = None) -> None:
        tally = self.tallies.get(name)
        if tally is not None and not tally.done:
            self.tallies[name] = Tally(*self._target(name, terms), round=tally.round + 1, terms=terms)

    def _unfinished(self) -> list[Tally]:
        return [tally for tally in self.tallies.values() if not tally.done]
