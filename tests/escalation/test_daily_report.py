"""The day's report: yesterday's figures and missed targets, sent once to those who lead."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from escalation import deadlines
from escalation.daily_report import sending
from escalation.daily_report.words import MOST_MISSED, Missed, Report, Waiting
from escalation.events import SMS
from escalation.policy_files import ReportEntry
from tests.escalation.indicators.measured import accepted_after
from tests.escalation.shift import Shift

MONDAY = date(2026, 11, 23)


@pytest.fixture
def reported(shift: Shift) -> Shift:
    """A shift whose policy sends the report to the supervisor at seven."""
    board = shift.office.policy.board
    asked = board.model_copy(update={"report": ReportEntry(at=time(7), to=("sam.okoye",))})
    return replace(shift, office=replace(shift.office, policy=replace(shift.office.policy, board=asked)))


async def test_a_day_is_told_from_midnight_to_midnight(shift: Shift) -> None:
    await accepted_after(shift, 5)
    await accepted_after(shift, 30)
    shift.watch.advance(days=1)
    await accepted_after(shift, 5)  # another day's

    text = str(await sending.of_day(shift.office, MONDAY))

    assert "Monday 23 November 2026" in text
    (speed,) = [line for line in text.splitlines() if "speed of answer" in line]
    assert "18 s" in speed  # (5 + 30) / 2
    assert "Target: at most 20 s" in speed


async def test_targets_missed_that_day_and_what_is_open_now_are_named(shift: Shift) -> None:
    missed = await shift.ticket(affected="many", outage=True)
    shift.watch.advance(hours=9)
    await deadlines.fire_due(shift.office)
    shift.watch.advance(hours=12)

    text = str(await sending.of_day(shift.office, MONDAY))

    assert "Targets missed:" in text
    assert missed in text
    assert "Open now: 1" in text


async def test_it_is_sent_once_from_its_hour_on_whoever_looks(reported: Shift) -> None:
    reported.watch.at = datetime(2026, 11, 24, 6, 59, tzinfo=ZoneInfo("Europe/London"))
    assert not await sending.send_due(reported.office)

    reported.watch.advance(minutes=1)
    assert await sending.send_due(reported.office)
    assert not await sending.send_due(reported.office)
    reported.watch.advance(hours=16)
    assert not await sending.send_due(reported.office)
    reported.watch.advance(hours=8)
    assert await sending.send_due(reported.office)

    sent = await reported.events(SMS)
    assert [(each["to"], each["kind"]) for each in sent] == [("sam.okoye@larkfield.example", "report")] * 2
    assert "Monday 23 November 2026" in sent[0]["text"]
    assert "Tuesday 24 November 2026" in sent[1]["text"]


async def test_nobody_named_means_nothing_sent(shift: Shift) -> None:
    shift.watch.advance(days=1)

    assert not await sending.send_due(shift.office)
    assert await shift.events(SMS) == []


def test_a_day_with_many_missed_targets_names_the_first_and_counts_the_rest() -> None:
    at = datetime(2026, 11, 23, 14, 20, tzinfo=ZoneInfo("Europe/London"))
    missed = [Missed(f"FL-{number:08d}", "P1", 2, "resolve", at) for number in range(MOST_MISSED + 3)]
    waiting = [Waiting(tier=1, count=4, late=0), Waiting(tier=2, count=3, late=2)]

    text = str(Report("Larkfield", MONDAY, [], missed, waiting, "https://support.example/console/board"))

    assert "FL-00000000  P1  level 2  to be solved by 14:20" in text
    assert "and 3 more" in text
    assert "Open now: 7\n  level 1: 4\n  level 2: 3, 2 of them late" in text


def test_a_quiet_day_says_so() -> None:
    text = str(Report("Larkfield", MONDAY, [], [], [], "https://support.example/console/board"))

    assert "No target was missed." in text
    assert "No ticket is open." in text
