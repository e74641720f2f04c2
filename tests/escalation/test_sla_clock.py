"""The clock and its calendars, also against a model that counts minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.calendar import Calendar
from escalation.sla import SlaClock

LONDON = ZoneInfo("Europe/London")
ALWAYS = Calendar("always", always=True)
NINE_TO_FIVE = ((time(9), time(17)),)
OFFICE = Calendar("office", zone="Europe/London", week=dict.fromkeys(range(5), NINE_TO_FIVE), country="GB")
SPLIT = Calendar("split", zone="Europe/London", week=dict.fromkeys(range(6), ((time(8), time(12)), (time(13), time()))))
NIGHTS = Calendar("nights", zone="America/New_York", week=dict.fromkeys(range(7), ((time(0), time(4)),)))
CALENDARS = [ALWAYS, OFFICE, SPLIT, NIGHTS]
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def london(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


FRIDAY_16 = london(2026, 11, 20, 16)
FRIDAY_16_30 = london(2026, 11, 20, 16, 30)
MONDAY_11 = london(2026, 11, 23, 11)
MONDAY_12_30 = london(2026, 11, 23, 12, 30)


def test_a_target_runs_over_the_weekend_in_working_time() -> None:
    assert SlaClock.start(FRIDAY_16, 2 * HOUR, OFFICE).due_at == london(2026, 11, 23, 10)


def test_waiting_on_the_customer_does_not_count() -> None:
    clock = SlaClock.start(FRIDAY_16, 2 * HOUR, OFFICE)

    clock = clock.pause(FRIDAY_16_30, OFFICE).resume(MONDAY_11, OFFICE)

    assert clock.due_at == MONDAY_12_30


def test_pausing_twice_or_resuming_twice_changes_nothing() -> None:
    clock = SlaClock.start(FRIDAY_16, 2 * HOUR, OFFICE)

    paused = clock.pause(FRIDAY_16_30, OFFICE)

    assert clock.resume(MONDAY_11, OFFICE) == clock
    assert paused.pause(MONDAY_11, OFFICE) == paused


def test_a_clock_that_was_late_is_due_at_once_when_it_goes_on() -> None:
    clock = SlaClock.start(FRIDAY_16, HOUR, ALWAYS).pause(FRIDAY_16 + 3 * HOUR, ALWAYS)

    resumed = clock.resume(MONDAY_11, ALWAYS)

    assert clock.left == -2 * HOUR
    assert resumed.due_at == MONDAY_11
    assert resumed.left_at(MONDAY_11 + HOUR, ALWAYS) == -3 * HOUR


def test_another_target_counts_the_working_time_that_was_used() -> None:
    clock = SlaClock.start(FRIDAY_16, 8 * HOUR, OFFICE)

    clock = clock.retarget(MONDAY_11, 4 * HOUR, before=OFFICE, calendar=ALWAYS)

    assert clock.due_at == MONDAY_11 + HOUR  # one hour on Friday and two on Monday were used


def test_a_clock_that_stands_still_does_not_start_with_another_target() -> None:
    clock = SlaClock.start(FRIDAY_16, 8 * HOUR, OFFICE).pause(FRIDAY_16_30, OFFICE)

    clock = clock.retarget(MONDAY_11, 4 * HOUR, before=OFFICE, calendar=ALWAYS)

    assert (clock.due_at, clock.left) == (None, 3.5 * HOUR)


def test_shares_are_reached_in_working_time() -> None:
    clock = SlaClock.start(FRIDAY_16, 2 * HOUR, OFFICE)

    reached = [clock.reaches(share, OFFICE) for share in (50, 75, 100, 150)]

    assert reached == [
        london(2026, 11, 20, 17),
        london(2026, 11, 23, 9, 30),
        london(2026, 11, 23, 10),
        london(2026, 11, 23, 11),
    ]


def test_a_share_used_up_before_a_pause_is_reached_when_the_clock_goes_on() -> None:
    clock = SlaClock.start(FRIDAY_16, HOUR, ALWAYS).pause(FRIDAY_16 + timedelta(minutes=40), ALWAYS)

    assert clock.resume(MONDAY_11, ALWAYS).reaches(50, ALWAYS) == MONDAY_11


def test_a_clock_that_stands_still_reaches_nothing() -> None:
    clock = SlaClock.start(FRIDAY_16, HOUR, ALWAYS).pause(FRIDAY_16, ALWAYS)

    assert clock.reaches(100, ALWAYS) is None
    assert not clock.is_late(MONDAY_11)


def test_the_hour_that_spring_takes_is_not_counted() -> None:
    nights = Calendar("nights", zone="Europe/London", week=dict.fromkeys(range(7), ((time(0), time(6)),)))

    assert nights.between(london(2026, 3, 29, 0), london(2026, 3, 29, 12)) == 5 * HOUR


def test_the_hour_that_autumn_gives_is_counted_twice() -> None:
    nights = Calendar("nights", zone="Europe/London", week=dict.fromkeys(range(7), ((time(0), time(6)),)))

    assert nights.between(london(2026, 10, 25, 0), london(2026, 10, 25, 12)) == 7 * HOUR


def test_public_holidays_and_our_own_days_off_do_not_count() -> None:
    ours = Calendar(
        "ours",
        zone="Europe/London",
        week=dict.fromkeys(range(7), NINE_TO_FIVE),
        country="GB",
        subdivision="ENG",
        closed=frozenset({date(2026, 12, 24)}),
    )

    assert ours.add(london(2026, 12, 23, 16), 2 * HOUR) == london(2026, 12, 27, 10)  # 25th, 26th: holidays


def test_a_calendar_is_open_from_its_first_minute_to_before_its_last() -> None:
    opens, closes = london(2026, 11, 20, 9), london(2026, 11, 20, 17)

    found = [OFFICE.is_open(at) for at in (opens - MINUTE, opens, closes - MINUTE, closes)]

    assert found == [False, True, True, False]


def test_a_calendar_that_never_opens_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no working time"):
        Calendar("never").add(MONDAY_11, HOUR)


# The model: a minute counts when the wall clock of the zone stands in a block of that day.


HOLIDAYS = holidays.country_holidays("GB", years=range(2026, 2031))


def counts(calendar: Calendar, minute: datetime) -> bool:
    if calendar.always:
        return True
    wall = minute.astimezone(ZoneInfo(calendar.zone))
    if calendar.country and wall.date() in HOLIDAYS:
        return False
    blocks = calendar.week.get(wall.weekday(), ())
    return any(opens <= wall.time() and (wall.time() < closes or closes == time()) for opens, closes in blocks)


def working_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    return sum(counts(calendar, start + n * MINUTE) for n in range(int((end - start) / MINUTE)))


instants = st.integers(0, 2 * 366 * 24 * 60).map(lambda n: datetime(2027, 6, 1, tzinfo=UTC) + n * MINUTE)
calendars = st.sampled_from(CALENDARS)


@settings(max_examples=120)
@given(calendars, instants, st.integers(0, 6 * 24 * 60))
def test_between_counts_what_the_model_counts(calendar: Calendar, start: datetime, minutes: int) -> None:
    end = start + minutes * MINUTE

    assert calendar.between(start, end) == working_minutes(calendar, start, end) * MINUTE


@settings(max_examples=120)
@given(calendars, instants, st.integers(1, 40 * 60))
def test_add_ends_at_the_first_instant_with_that_much_working_time(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    due_at = calendar.add(start, minutes * MINUTE)

    assert calendar.between(start, due_at) == minutes * MINUTE
    assert calendar.between(start, due_at - MINUTE) < minutes * MINUTE


@settings(max_examples=80)
@given(calendars, instants, st.integers(1, 20 * 60), st.lists(st.integers(0, 12 * 60), max_size=8))
def test_a_clock_used_up_what_the_model_counts_while_it_ran(
    calendar: Calendar, start: datetime, target: int, gaps: list[int]
) -> None:
    clock = SlaClock.start(start, target * MINUTE, calendar)
    now, used, running = start, 0, True
    for gap in gaps:
        used += working_minutes(calendar, now, now + gap * MINUTE) if running else 0
        now += gap * MINUTE
        clock = clock.pause(now, calendar) if running else clock.resume(now, calendar)
        running = not running

    assert clock.left_at(now, calendar) == (target - used) * MINUTE
    assert clock.is_late(now) == (running and used >= target)


@settings(max_examples=80)
@given(calendars, instants, st.integers(2, 20 * 60))
def test_warnings_come_before_the_deadline_and_in_order(calendar: Calendar, start: datetime, target: int) -> None:
    clock = SlaClock.start(start, target * MINUTE, calendar)

    moments = [clock.reaches(share, calendar) for share in (50, 75, 100, 150)]

    assert moments == sorted(moments, key=lambda at: at or start)
    assert moments[2] == clock.due_at


@given(calendars, instants, st.integers(2, 20 * 60), st.integers(0, 30 * 60))
def test_the_same_target_again_moves_no_deadline_that_is_to_come(
    calendar: Calendar, start: datetime, target: int, passed: int
) -> None:
    clock = SlaClock.start(start, target * MINUTE, calendar)
    now = start + passed * MINUTE

    again = clock.retarget(now, target * MINUTE, before=calendar, calendar=calendar)

    assert again.left_at(now, calendar) == clock.left_at(now, calendar)
    assert clock.is_late(now) or again.due_at == clock.due_at
