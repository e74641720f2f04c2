"""When tasks recur: against a model that looks at every day and every quarter of an hour, and where clocks change."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from escalation import policy
from escalation.calendar import Calendar
from escalation.tasks.recurrence import FARTHEST_MOVED, OffDay, Recurrence, check_rule, has_a_day

FIRST = date(2026, 1, 1)
CALENDARS = policy.load().calendars
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)
Falls = Callable[[date], bool]


@some.composite
def ruled(draw: some.DrawFn) -> tuple[str, Falls]:
    """A rule, and whether a day is one of its, told without it."""
    every = draw(some.integers(1, 4))
    weekday, day, month = draw(some.integers(0, 6)), draw(some.integers(1, 31)), draw(some.integers(1, 12))
    rules: list[tuple[str, Falls]] = [
        (f"FREQ=DAILY;INTERVAL={every}", lambda it: (it - FIRST).days % every == 0),
        (
            f"FREQ=WEEKLY;INTERVAL={every};BYDAY={DAYS[weekday]}",
            lambda it: it.weekday() == weekday and (_monday(it) - _monday(FIRST)).days // 7 % every == 0,
        ),
        (f"FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={day}", lambda it: it.day == day and _months(it) % every == 0),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", lambda it: (it + DAY).day == 1),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            lambda it: it.weekday() < 5 and not any((it.replace(day=n)).weekday() < 5 for n in range(1, it.day)),
        ),
        (
            f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={min(day, 28)}",
            lambda it: (it.month, it.day) == (month, min(day, 28)),
        ),
    ]
    return draw(some.sampled_from(rules))


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _months(day: date) -> int:
    return day.year * 12 + day.month - FIRST.year * 12 - FIRST.month


def moved(day: date, calendar: Calendar, off_day: OffDay) -> date | None:
    """By walking a day at a time, asking the calendar for working time."""
    for _ in range(FARTHEST_MOVED + 1):
        midnight, end = (datetime.combine(each, time(), ZoneInfo(calendar.zone)) for each in (day, day + DAY))
        if calendar.between(midnight, end) > timedelta():
            return day
        if off_day == "skip":
            return None
        day += DAY if off_day == "next" else -DAY
    return None


@settings(max_examples=60, deadline=None)
@given(
    ruled(),
    some.sampled_from(sorted(CALENDARS)),
    some.sampled_from(["skip", "next", "previous"]),
    some.dates(date(2026, 2, 1), date(2027, 6, 1)),
    some.integers(0, 60),
)
def test_runs_fall_on_the_days_that_looking_at_every_day_finds(
    rule: tuple[str, Falls], calendar: str, off_day: OffDay, since: date, length: int
) -> None:
    written, falls = rule
    until = since + length * DAY
    near = [since + number * DAY for number in range(-FARTHEST_MOVED, length + FARTHEST_MOVED + 1)]
    ruled_days = [day for day in near if day >= FIRST and falls(day)]
    expected = {moved(day, CALENDARS[calendar], off_day) for day in ruled_days}

    found = Recurrence(written, FIRST, time(6), "Europe/London", off_day).days(CALENDARS[calendar], since, until)

    assert found == sorted(day for day in expected if day is not None and since <= day <= until)


@settings(max_examples=60, deadline=None)
@given(
    some.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    some.dates(date(2026, 1, 1), date(2027, 12, 31)),
    some.integers(0, 95),
)
@example("Europe/London", date(2026, 3, 29), 6)  # 01:30 does not exist
@example("Europe/London", date(2026, 10, 25), 6)  # 01:30 comes twice
@example("Australia/Lord_Howe", date(2026, 10, 4), 9)  # half an hour is left out
def test_a_run_begins_when_the_wall_clock_first_shows_its_time_or_a_later_one(
    zone: str, day: date, quarters: int
) -> None:
    at = time(quarters // 4, quarters % 4 * 15)
    midnight = datetime.combine(day, time(), UTC) - timedelta(hours=14)
    instants = (midnight + timedelta(minutes=15 * number) for number in range(4 * 52))
    expected = next(
        instant
        for instant in instants
        if (local := instant.astimezone(ZoneInfo(zone))).date() == day and local.time() >= at
    )

    assert Recurrence("FREQ=DAILY", day, at, zone, "skip").begins(day) == expected


def test_local_time_stays_when_the_clocks_change() -> None:
    daily = Recurrence("FREQ=DAILY", FIRST, time(6), "Europe/London", "skip")

    runs = daily.runs(
        CALENDARS["always"], after=datetime(2026, 3, 28, 0, tzinfo=UTC), until=datetime(2026, 3, 29, 23, tzinfo=UTC)
    )

    assert [at for _, at in runs] == [datetime(2026, 3, 28, 6, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)]


def test_the_night_with_a_double_hour_has_one_run_and_the_short_night_too() -> None:
    nightly = Recurrence("FREQ=DAILY", FIRST, time(1, 30), "Europe/London", "skip")

    autumn = nightly.runs(
        CALENDARS["always"], after=datetime(2026, 10, 24, 12, tzinfo=UTC), until=datetime(2026, 10, 25, 12, tzinfo=UTC)
    )
    spring = nightly.runs(
        CALENDARS["always"], after=datetime(2026, 3, 28, 12, tzinfo=UTC), until=datetime(2026, 3, 29, 12, tzinfo=UTC)
    )

    assert [at for _, at in autumn] == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]
    assert [at for _, at in spring] == [datetime(2026, 3, 29, 1, tzinfo=UTC)]


def test_the_first_working_day_passes_over_a_holiday_and_a_weekend() -> None:
    monthly = Recurrence("FREQ=MONTHLY;BYMONTHDAY=1", FIRST, time(6), "Europe/London", "next")

    days = monthly.days(CALENDARS["office-hours"], date(2026, 12, 1), date(2027, 2, 28))

    assert days == [date(2026, 12, 1), date(2027, 1, 4), date(2027, 2, 1)]  # 1 January is a holiday, then a weekend


def test_two_runs_moved_to_one_day_are_one() -> None:
    daily = Recurrence("FREQ=DAILY", FIRST, time(6), "Europe/London", "next")

    days = daily.days(CALENDARS["office-hours"], date(2026, 11, 20), date(2026, 11, 24))

    assert days == [date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)]


def test_runs_asked_for_piece_by_piece_are_those_of_the_whole() -> None:
    weekly = Recurrence("FREQ=WEEKLY;BYDAY=MO,SA", FIRST, time(0), "America/New_York", "previous")
    start = datetime(2026, 10, 1, 3, 7, tzinfo=UTC)
    marks = [start + number * timedelta(hours=7, minutes=13) for number in range(200)]

    pieces = [
        run
        for after, until in pairwise(marks)
        for run in weekly.runs(CALENDARS["office-hours"], after=after, until=until)
    ]

    assert pieces == weekly.runs(CALENDARS["office-hours"], after=marks[0], until=marks[-1])
    assert len(pieces) > 10


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("FREQ=HOURLY", "once a day at most"),
        ("BYDAY=MO", "FREQ is one of"),
        ("FREQ=DAILY;BYHOUR=6", "BYHOUR is refused: the time of day is said by `at`"),
        ("FREQ=YEARLY;BYEASTER=1", "not part of RFC 5545"),
        ("DTSTART=20260101;FREQ=DAILY", "said by `first`"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a whole number"),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", "UNTIL is the last day"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "do not go together"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "does not go with FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY with a number"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS picks among"),
        ("FREQ=WEEKLY;BYDAY=XX", "not a rule of RFC 5545"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is said twice"),
        ("RRULE:FREQ=DAILY", "is not a part of a rule"),
        ("FREQ=DAILY\nEXDATE:20260101", "FREQ is one of"),
        ("", "is not a part of a rule"),
    ],
)
def test_what_is_refused_is_named(rule: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        check_rule(rule)


def test_a_rule_that_counts_ends() -> None:
    thrice = Recurrence("FREQ=DAILY;COUNT=3", FIRST, time(6), "UTC", "skip")

    assert len(thrice.days(CALENDARS["always"], FIRST, FIRST + 400 * DAY)) == 3


def test_a_day_that_no_year_has_is_noticed() -> None:
    assert has_a_day("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", FIRST)
    assert not has_a_day("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30;BYMONTH=2", FIRST)
