"""How soon the outage detector sees outages of several sizes, and how often it cries for nothing.

    .venv/bin/python -m benchmarks.outage_detector [--write]

Simulated: 250 districts with four services each over 60 weeks, the first eight only history. A place's level is
log-normal (sigma 1, mean 0.02 reports an hour); the week has a rhythm; every day everywhere is busier or quieter by a
Gamma factor (coefficient of variation 0.3), which the detector does not know of. An outage of n customers adds n
reports, each after an exponential delay of 20 minutes on average.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks import machine
from escalation.outages import normal as normals
from escalation.outages.normal import HOURS_A_WEEK, Everywhere, Normal, normal_of
from escalation.outages.surge import Report, Surge, SurgeRules, Suspicion, noticed
from settings import ROOT

PLACES, HISTORY_WEEKS, WEEKS = 1000, 8, 60
MEAN_PER_HOUR, DAY_NOISE, DELAY_MIN = 0.02, 0.3, 20.0
SIZES, OUTAGES = (5, 10, 20, 50, 200), 200
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WINDOWS = (timedelta(minutes=10), timedelta(minutes=30), timedelta(minutes=60))
CHOSEN = SurgeRules(windows=WINDOWS, least_customers=5, false_alarms_per_year=12)
OTHERS = {
    "4 customers at least": SurgeRules(windows=WINDOWS, least_customers=4, false_alarms_per_year=12),
    "8 customers at least": SurgeRules(windows=WINDOWS, least_customers=8, false_alarms_per_year=12),
    "budget 1": SurgeRules(windows=WINDOWS, least_customers=5, false_alarms_per_year=1),
    "budget 100": SurgeRules(windows=WINDOWS, least_customers=5, false_alarms_per_year=100),
    "one window of 60 minutes": SurgeRules(windows=WINDOWS[2:], least_customers=5, false_alarms_per_year=12),
}


class World:
    """The counts by hour of every place, and what the detector may know of them at a time."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        level = self.random.lognormal(-0.5, 1.0, PLACES) * MEAN_PER_HOUR
        hour = np.arange(HOURS_A_WEEK)
        rhythm = 1 + 0.8 * np.sin((hour % 24 - 13) / 24 * 2 * np.pi) + 0.3 * (hour >= 120)
        rhythm /= rhythm.mean()
        day = self.random.gamma(1 / DAY_NOISE**2, DAY_NOISE**2, WEEKS * 7).repeat(24)
        self.counts = self.random.poisson(level[:, None] * (np.tile(rhythm, WEEKS) * day)[None, :])
        self._weekly = self.counts.reshape(PLACES, WEEKS, HOURS_A_WEEK)
        self._known: dict[int, np.ndarray] = {}

    def normal(self, place: int, hour: int) -> tuple[Normal, Everywhere]:
        week, of_week = divmod(hour, HOURS_A_WEEK)
        if week not in self._known:
            self._known = {week: self._weekly[:, week - HISTORY_WEEKS : week].sum(axis=1)}
            self._all, self._total = self._known[week].sum(axis=0), int(self._known[week].sum())
        own = self._known[week][place]
        everywhere = Everywhere(self._total, int(self._all[of_week]), PLACES, HISTORY_WEEKS)
        return normal_of(everywhere, reports=int(own.sum()), this_hour=int(own[of_week])), everywhere

    def reports(self) -> Iterator[tuple[int, int, Report]]:
        """Place, hour and report of all weeks after the history, in order of time in each place."""
        number = 0
        for hour in range(HISTORY_WEEKS * HOURS_A_WEEK, WEEKS * HOURS_A_WEEK):
            for place in np.nonzero(self.counts[:, hour])[0]:
                for part in np.sort(self.random.random(self.counts[place, hour])):
                    number += 1
                    yield int(place), hour, Report(MONDAY + timedelta(hours=hour + float(part)), f"c{number}")


def false_alarms(world: World, rules: SurgeRules) -> tuple[int, int]:
    """Suspicions in the 52 weeks without an outage, and the reports among which they were found."""
    surges: dict[int, Surge] = {}
    found = reports = 0
    for place, hour, report in world.reports():
        reports += 1
        normal, everywhere = world.normal(place, hour)
        surges[place], suspicion = noticed(
            surges.get(place, Surge()), report, normal, rules, chance=rules.chance(everywhere)
        )
        found += suspicion is not None
    return found, reports


def seen(world: World, rules: SurgeRules, size: int) -> list[tuple[float, Suspicion] | None]:
    """Minutes from the beginning of each outage until it is suspected, with the suspicion."""
    answers: list[tuple[float, Suspicion] | None] = []
    hours = sorted(world.random.integers(HISTORY_WEEKS * HOURS_A_WEEK, (WEEKS - 1) * HOURS_A_WEEK, OUTAGES))
    for began in hours:
        place, surge, answer = int(world.random.integers(PLACES)), Surge(), None
        start = MONDAY + timedelta(hours=int(began))
        after = list(world.random.exponential(DELAY_MIN, size))
        for later in range(3):  # what would have been reported anyway
            after += list((later + world.random.random(world.counts[place, began + later])) * 60)
        for number, minutes in enumerate(sorted(after)):
            hour = int(began + minutes // 60)
            normal, everywhere = world.normal(place, hour)
            report = Report(start + timedelta(minutes=float(minutes)), f"o{number}")
            surge, suspicion = noticed(surge, report, normal, rules, chance=rules.chance(everywhere))
            if suspicion is not None:
                answer = (float(minutes), suspicion)
                break
        answers.append(answer)
    return answers


def speed(reports: int = 100_000) -> float:
    """Microseconds a report, of the detector alone: as many reports as come, over 1000 quiet places."""
    normal, surges = Normal(0.5, 32.0), [Surge()] * PLACES
    came = [Report(MONDAY + timedelta(seconds=40 * number), f"c{number}") for number in range(reports)]
    began = time.perf_counter()
    for number, report in enumerate(came):
        place = number * 7919 % PLACES
        surges[place], _ = noticed(surges[place], report, normal, CHOSEN, chance=1e-6)
    return (time.perf_counter() - began) / reports * 1e6


def storm(reports: int = 100_000) -> float:
    """Microseconds a report when all of them come from one place within an hour."""
    surge, normal = Surge(), Normal(0.5, 32.0)
    came = [Report(MONDAY + timedelta(seconds=0.03 * number), f"c{number}") for number in range(reports)]
    began = time.perf_counter()
    for report in came:
        surge, _ = noticed(surge, report, normal, CHOSEN, chance=1e-6)
    return (time.perf_counter() - began) / reports * 1e6


def report(seed: int) -> str:
    alarms, reports = false_alarms(World(seed), CHOSEN)
    lines = [
        machine.description(),
        "",
        f"Over {PLACES} places (250 districts, four services), {reports} reports in 52 weeks without an outage:"
        f" **{alarms} false alarms a year** (budget {CHOSEN.false_alarms_per_year:.0f}).",
        f"The detector alone, 100,000 reports: {speed() / 10:.2f} s over {PLACES} places,"
        f" {storm() / 10:.2f} s when all come from one place.",
        "",
        f"Of {OUTAGES} outages each, at random places and hours:",
        "",
        "| customers who report | seen | after, median | 90 % within | customers heard by then |",
        "|---|---|---|---|---|",
    ]
    for size in SIZES:
        lines.append(_row(str(size), seen(World(seed), CHOSEN, size)))
    lines += ["", "Other parameters:", "", "| | false alarms a year | of 10 customers: seen | after, median |"]
    lines.append("|---|---|---|---|")
    for name, rules in {"chosen": CHOSEN, **OTHERS}.items():
        lines.append(_line(name, World(seed), rules))
    for prior in (4.0, 100.0):
        kept, normals.HOUR_PRIOR_H = normals.HOUR_PRIOR_H, prior
        lines.append(_line(f"level and rhythm weigh {prior:.0f} hours, not {kept:.0f}", World(seed), CHOSEN))
        normals.HOUR_PRIOR_H = kept
    return "\n".join(lines)


def _row(name: str, answers: list[tuple[float, Suspicion] | None]) -> str:
    found = [answer for answer in answers if answer is not None]
    minutes = sorted(minutes for minutes, _ in found)
    if not minutes:
        return f"| {name} | 0 % | | | |"
    share = len(found) / len(answers)
    heard = statistics.median(suspicion.customers for _, suspicion in found)
    late = minutes[int(len(minutes) * 0.9)]
    return f"| {name} | {share:.0%} | {statistics.median(minutes):.1f} min | {late:.1f} min | {heard:.0f} |"


def _line(name: str, world: World, rules: SurgeRules) -> str:
    alarms, _ = false_alarms(world, rules)
    answers = seen(world, rules, 10)
    minutes = [answer[0] for answer in answers if answer is not None]
    return f"| {name} | {alarms} | {len(minutes) / len(answers):.0%} | {statistics.median(minutes):.1f} min |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="also into benchmarks/results/outage_detector.md")
    options = parser.parse_args()
    table = report(options.seed)
    print(table)
    if options.write:
        (ROOT / "benchmarks" / "results" / "outage_detector.md").write_text(f"# The outage detector\n\n{table}\n")


if __name__ == "__main__":
    main()
