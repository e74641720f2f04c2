"""The detector of outages: too many reports for chance, told once, and never for what is normal there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from escalation.outages.normal import Everywhere, Normal, normal_of
from escalation.outages.surge import Report, Surge, SurgeRules, Suspicion, noticed, tail_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULES = SurgeRules(windows=(timedelta(minutes=10), timedelta(minutes=60)), least_customers=5, false_alarms_per_year=12)
QUIET = Normal(shape=0.5, hours=32.0)  # a report in about three days
BUSY = Normal(shape=320.0, hours=32.0)  # ten an hour


def told(minutes: Sequence[float], normal: Normal = QUIET, *, of: int = 1000) -> list[Suspicion]:
    """What is suspected when a customer reports at each of these minutes; `of`: how many customers there are."""
    surge, found = Surge(), []
    for number, minute in enumerate(minutes):
        report = Report(NOON + timedelta(minutes=minute), f"c{number % of}")
        surge, suspicion = noticed(surge, report, normal, RULES, chance=1e-6)
        found += [suspicion] if suspicion else []
    return found


def test_five_customers_in_ten_minutes_at_a_quiet_place_are_an_outage() -> None:
    (suspicion,) = told([0, 2, 4, 6, 8])

    assert (suspicion.began_at, suspicion.customers) == (NOON, 5)
    assert suspicion.expected < 0.1


def test_four_are_not() -> None:
    assert told([0, 1, 2, 3]) == []


def test_one_customer_who_reports_often_is_one() -> None:
    assert told([minute / 2 for minute in range(40)], of=4) == []


def test_what_is_normal_at_a_busy_place_is_no_outage_and_six_times_that_is() -> None:
    assert told(range(0, 120, 6), BUSY) == []
    assert len(told(range(60), BUSY)) == 1


def test_reports_far_apart_are_no_outage() -> None:
    assert told([number * 55 for number in range(20)]) == []


def test_an_outage_that_goes_on_is_suspected_once_and_the_next_one_again() -> None:
    first = [number * 0.5 for number in range(300)]
    next_day = [24 * 60 + minute for minute in first]

    assert [suspicion.began_at.day for suspicion in told([*first, *next_day])] == [23, 24]


@pytest.mark.parametrize(("count", "shape", "hours", "window"), [(4, 0.5, 32.0, 1.0), (12, 320.0, 32.0, 1.0)])
def test_the_tail_is_that_of_a_negative_binomial(count: int, shape: float, hours: float, window: float) -> None:
    assert tail_of(count, Normal(shape, hours), window) == pytest.approx(
        stats.nbinom.sf(count - 1, shape, hours / (hours + window)), rel=1e-6
    )


@given(st.integers(0, 60), st.floats(0.01, 500), st.floats(1, 100), st.floats(0.1, 6))
def test_more_reports_are_never_more_likely(count: int, shape: float, hours: float, window: float) -> None:
    normal = Normal(shape, hours)

    assert 0 <= tail_of(count + 1, normal, window) <= tail_of(count, normal, window) <= 1


def test_a_place_without_history_is_taken_for_an_ordinary_one() -> None:
    everywhere = Everywhere(reports=13_440, this_hour=80, places=100, weeks=8)

    assert normal_of(everywhere, reports=0, this_hour=0).per_hour == pytest.approx(0.1, rel=0.95)
    new = normal_of(Everywhere(reports=13_440, this_hour=80, places=100, weeks=0.01), reports=0, this_hour=0)
    assert new.per_hour > normal_of(everywhere, reports=0, this_hour=0).per_hour


def test_much_history_counts_more_than_other_places() -> None:
    everywhere = Everywhere(reports=13_440, this_hour=80, places=100, weeks=8)

    loud = normal_of(everywhere, reports=8 * 168 * 3, this_hour=8 * 3)

    assert loud.per_hour == pytest.approx(2.7, rel=0.1)


def test_a_busy_hour_of_the_week_is_expected_to_be_busy() -> None:
    night = normal_of(Everywhere(reports=13_440, this_hour=8, places=100, weeks=8), reports=134, this_hour=0)
    evening = normal_of(Everywhere(reports=13_440, this_hour=240, places=100, weeks=8), reports=134, this_hour=2)

    assert evening.per_hour > 5 * night.per_hour


def test_before_there_is_any_history_an_assumption_stands_in() -> None:
    nothing = Everywhere(reports=0, this_hour=0, places=0, weeks=0)

    assert normal_of(nothing, reports=0, this_hour=0).per_hour == pytest.approx(0.05)
    assert 0 < RULES.chance(nothing) < 1
