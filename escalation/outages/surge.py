"""Whether reports of one place are too many to be chance: the detector. Pure: state and report in, suspicion out.

At each report the customers of the last minutes are counted, over several windows. The count is compared with its
posterior predictive under the place's normal, a Poisson count whose rate is Gamma distributed (a negative binomial).
The report that brought the test about is no evidence, so the tail is that of the others. A year's false alarms are
shared out evenly over all tests of a year (Bonferroni), so that their expected number stays below the budget.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from escalation.outages.normal import Everywhere, Normal


@dataclass(frozen=True, slots=True)
class SurgeRules:
    windows: tuple[timedelta, ...]
    least_customers: int  # fewer are never an outage
    false_alarms_per_year: float  # over all places

    @property
    def longest(self) -> timedelta:
        return max(self.windows)

    def chance(self, everywhere: Everywhere) -> float:
        """The chance that one test may give of a false alarm."""
        return self.false_alarms_per_year / (everywhere.per_year * len(self.windows))


@dataclass(frozen=True, slots=True)
class Report:
    at: datetime
    reporter: str  # one customer; counted once


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The evidence: `customers` reported since `began_at`, where `expected` would have been normal."""

    began_at: datetime
    at: datetime
    customers: int
    expected: float
    chance: float  # of so many by chance


@dataclass(frozen=True, slots=True)
class Surge:
    """What the detector remembers of a place: its recent reports, oldest first, and whether it has spoken of them."""

    recent: tuple[Report, ...] = ()
    last_at: datetime | None = None
    suspected: bool = False


def noticed(
    surge: Surge, report: Report, normal: Normal, rules: SurgeRules, *, chance: float
) -> tuple[Surge, Suspicion | None]:
    """The next report of a place, in order of time. One surge is suspected once; it is over after a longest window
    without a report."""
    if surge.suspected and surge.last_at is not None and report.at - surge.last_at < rules.longest:
        return replace(surge, last_at=report.at), None
    since = report.at - rules.longest
    kept = tuple(old for old in surge.recent if old.at > since and old.reporter != report.reporter)
    recent = (*kept, report)
    suspicion = suspect(recent, normal, rules, chance=chance)
    if suspicion is not None:
        return Surge(last_at=report.at, suspected=True), suspicion
    return Surge(recent, report.at), None


def suspect(recent: tuple[Report, ...], normal: Normal, rules: SurgeRules, *, chance: float) -> Suspicion | None:
    """Of the reports of a place, oldest first and one a customer; the window that is least like chance speaks."""
    if len(recent) < rules.least_customers:
        return None
    now = recent[-1].at
    found: list[Suspicion] = []
    for window in rules.windows:
        inside = [report for report in recent if report.at > now - window]
        if len(inside) >= rules.least_customers:
            hours = window / timedelta(hours=1)
            tail = tail_of(len(inside) - 1, normal, hours)
            found.append(Suspicion(inside[0].at, now, len(inside), normal.per_hour * hours, tail))
    likely = min(found, key=lambda suspicion: suspicion.chance, default=None)
    return likely if likely is not None and likely.chance <= chance else None


def tail_of(count: int, normal: Normal, hours: float) -> float:
    """The chance of `count` or more in so many hours."""
    kept = normal.hours / (normal.hours + hours)
    mass, below = kept**normal.shape, 0.0
    for number in range(count):
        below += mass
        mass *= (normal.shape + number) / (number + 1) * (1 - kept)
    return max(0.0, 1.0 - below)
