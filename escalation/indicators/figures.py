"""A figure of the board: what the days of an indicator add up to, beside its target and the window before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, Field

from escalation.indicators.indicator import EVERY_FILTER, Better, FilterName, Group, Indicator, Unit
from escalation.storable import Wire
from escalation.wire import Channel, Priority

Period = Literal["day", "week", "month"]
Compared = Literal["better", "worse", "same", "unknown"]

DAYS: dict[Period, int] = {"day": 1, "week": 7, "month": 30}
TREND_DAYS = 14  # at least
SAME_SHARE = 0.005  # of the figure before: less is no change
NOTHING = "Nothing to measure in this time."


class BoardAsked(Wire):
    """A window ends now; the one before it is as long."""

    window: Period = "week"
    channel: Channel | None = None
    tier: int | None = Field(default=None, ge=1, le=4)
    topic: str | None = Field(default=None, max_length=200)
    priority: Priority | None = None

    @property
    def days(self) -> int:
        return DAYS[self.window]

    @property
    def trend_days(self) -> int:
        return max(self.days, TREND_DAYS)

    @property
    def read_days(self) -> int:
        """Two windows, and the whole trend."""
        return max(2 * self.days, self.trend_days)

    @property
    def filters(self) -> frozenset[FilterName]:
        """Those that narrow it down."""
        return frozenset(name for name in EVERY_FILTER if getattr(self, name) is not None)


class BehindAsked(BoardAsked):
    limit: int = Field(default=50, ge=1, le=1000)
    offset: int = Field(default=0, ge=0, le=1_000_000)


class Point(Wire):
    """A day of the trend: the 24 hours before `at`."""

    at: AwareDatetime
    value: float | None


class TierFigure(Wire):
    tier: int
    value: float
    age_s: float | None = None  # of a stock: how old it is on average


class Figure(Wire):
    number: int
    key: str
    group: Group
    name: str
    definition: str
    unit: Unit
    better: Better
    value: float | None  # None: see `unmeasured`
    before: float | None  # of the window before
    count: int  # what the figure is made of
    target: float | None
    is_met: bool | None  # None without a figure or a target
    compared: Compared
    trend: tuple[Point, ...]
    tiers: tuple[TierFigure, ...]
    unmeasured: str | None  # in plain words, why there is no figure


class Board(Wire):
    asked: BoardAsked
    until: AwareDatetime
    topics: tuple[str, ...]  # that may be asked for
    figures: tuple[Figure, ...]


class Sample(Wire):
    """What is behind a figure: one ticket, conversation or question."""

    at: AwareDatetime
    value: float
    reference: str | None
    contact_id: str | None
    channel: Channel | None
    tier: int | None
    topic: str | None
    priority: Priority | None
    words: str  # of the customer, at most 160 characters


class Behind(Wire):
    figure: Figure
    samples: tuple[Sample, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class DaySum:
    """Samples of one tier in the 24 hours that ended `days_ago` days before the window's end."""

    days_ago: int
    tier: int | None
    value: float
    weight: float
    count: int


def figure_of(
    indicator: Indicator,
    sums: Sequence[DaySum],
    *,
    asked: BoardAsked,
    until: datetime,
    target: float | None,
    definition: str,
) -> Figure:
    unmeasured = _why_not(indicator, sums, asked)
    now = [] if unmeasured else [entry for entry in sums if _is_within(indicator, entry, 0, asked.days)]
    earlier = (
        [] if unmeasured else [entry for entry in sums if _is_within(indicator, entry, asked.days, 2 * asked.days)]
    )
    counts_zero = indicator.unit == "count" and not unmeasured
    value, before = _value(indicator, now), _value(indicator, earlier)
    if value is None and not counts_zero:
        unmeasured = unmeasured or NOTHING
    if counts_zero:
        value, before = value or 0.0, before or 0.0
    return Figure(
        number=indicator.number,
        key=indicator.key,
        group=indicator.group,
        name=indicator.name,
        definition=definition,
        unit=indicator.unit,
        better=indicator.better,
        value=value,
        before=before,
        count=sum(entry.count for entry in now),
        target=target,
        is_met=_is_met(indicator.better, value, target),
        compared=_compared(indicator.better, value, before),
        trend=tuple(_trend(indicator, [] if unmeasured == _SPLIT else sums, asked.trend_days, until, counts_zero)),
        tiers=tuple(_tiers(now, is_stock=indicator.is_stock)) if indicator.shows_tiers else (),
        unmeasured=unmeasured,
    )


_SPLIT = "It has no tier, topic or priority of its own: choose all of them to see it."


def _why_not(indicator: Indicator, sums: Sequence[DaySum], asked: BoardAsked) -> str | None:
    if not asked.filters <= indicator.filters:
        return _SPLIT if indicator.filters else "It is measured over all work together: choose no filter to see it."
    return indicator.needs if indicator.needs and not sums else None


def _is_within(indicator: Indicator, entry: DaySum, first: int, end: int) -> bool:
    return entry.days_ago == first if indicator.is_stock else first <= entry.days_ago < end


def _value(indicator: Indicator, sums: Iterable[DaySum]) -> float | None:
    """None when there is nothing to divide by."""
    found = list(sums)
    value, weight = sum(entry.value for entry in found), sum(entry.weight for entry in found)
    if indicator.unit == "count":
        return value if found else None
    if weight <= 0:
        return None
    return 100 * value / weight if indicator.unit == "percent" else value / weight


def _is_met(better: Better, value: float | None, target: float | None) -> bool | None:
    if value is None or target is None:
        return None
    return value >= target if better == "higher" else value <= target


def _compared(better: Better, value: float | None, before: float | None) -> Compared:
    if value is None or before is None:
        return "unknown"
    if abs(value - before) <= SAME_SHARE * abs(before):
        return "same"
    return "better" if (value > before) == (better == "higher") else "worse"


def _trend(
    indicator: Indicator, sums: Sequence[DaySum], days: int, until: datetime, counts_zero: bool
) -> Iterable[Point]:
    """The oldest day first."""
    for days_ago in reversed(range(days)):
        value = _value(indicator, [entry for entry in sums if entry.days_ago == days_ago])
        if value is None and counts_zero:
            value = 0.0
        yield Point(at=until - timedelta(days=days_ago), value=value)


def _tiers(sums: Sequence[DaySum], *, is_stock: bool) -> Iterable[TierFigure]:
    for tier in sorted({entry.tier for entry in sums if entry.tier is not None}):
        own = [entry for entry in sums if entry.tier == tier]
        value = sum(entry.value for entry in own)
        age_s = sum(entry.weight for entry in own) / value if is_stock and value else None
        yield TierFigure(tier=tier, value=value, age_s=age_s)
