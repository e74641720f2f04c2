"""Technicians' visits: linked to their ticket, made by who they are for, closed when all is told, refused by SMS."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation import text_replies
from escalation.errors import Incomplete, NotAllowed, NotFound, NotLegal
from escalation.text_wire import TextReply
from escalation.visits import agreeing, day, report
from escalation.visits.visit_wire import Arrival, VisitAgreed, VisitCancelled, VisitReport, VisitView
from tests.escalation.shift import Shift

ROB = "rob.quinn"
FIXED: dict[str, Any] = {
    "outcome": "fixed",
    "work": ["line_repaired"],
    "measured_mbps": 78.0,
    "speed_reason": "long line",
    "confirmed_by": "Jo Smith",
}


async def agreed(shift: Shift, **more: Any) -> str:
    """A visit from now on; the reference of its ticket."""
    said = {
        "contact_id": more.pop("contact_id", None) or await shift.contact(),
        "channel": "chat",
        "visit_id": "v1",
        "begins_at": shift.watch(),
        "ends_at": shift.watch() + timedelta(hours=5),
        "customer_id": "C-1",
        "name": "Jo Smith",
        "address": "LF1 2AB",
        "phone": "+447700900142",
        "plan_mbps": 80.0,
        **more,
    }
    return (await agreeing.agree(shift.office, VisitAgreed.model_validate(said))).reference


async def only(shift: Shift) -> VisitView:
    (row,) = await day.today(shift.office, ROB)
    return await day.one(shift.office, ROB, row.id)


async def made(shift: Shift, **told: Any) -> VisitView:
    visit = await only(shift)
    await day.arrive(shift.office, ROB, visit.id, Arrival())
    await day.finish(shift.office, ROB, visit.id, VisitReport.model_validate({**FIXED, **told}))
    return await day.one(shift.office, ROB, visit.id)


def happened(ticket: Any) -> list[str]:
    return [entry.what for entry in ticket.audit]


async def test_the_ticket_that_asked_for_it_hears_of_the_visit(shift: Shift) -> None:
    reference = await shift.ticket(category="broadband-down", customer_id="C-1", problem="no light on the router")

    linked = await agreed(shift)

    visit = await only(shift)
    assert (linked, visit.reference, visit.problem) == (reference, reference, "no light on the router")
    assert "visit_agreed" in happened(await shift.read(reference))


async def test_a_strangers_ticket_is_not_linked_though_it_is_named(shift: Shift) -> None:
    strange = await shift.ticket(category="broadband-down", customer_id="C-2")

    assert await agreed(shift, reference=strange) != strange


async def test_without_a_ticket_one_is_opened_once(shift: Shift) -> None:
    contact = await shift.contact()
    references = {await agreed(shift, contact_id=contact) for _ in range(3)}

    (reference,) = references
    ticket = await shift.read(reference)
    assert (ticket.category, happened(ticket).count("visit_agreed")) == ("technician", 1)
    assert len(await day.today(shift.office, ROB)) == 1


async def test_a_visit_that_is_moved_or_cancelled_leaves_the_day(shift: Shift) -> None:
    reference = await agreed(shift)
    later = shift.watch() + timedelta(days=2)
    await agreed(shift, begins_at=later, ends_at=later + timedelta(hours=5))
    today = await day.today(shift.office, ROB)
    shift.watch.advance(days=2)
    then = await day.today(shift.office, ROB)
    await agreeing.cancel(shift.office, VisitCancelled(visit_id="v1"))

    assert (today, len(then), await day.today(shift.office, ROB)) == ([], 1, [])
    assert {"visit_moved", "visit_cancelled"} <= set(happened(await shift.read(reference)))


async def test_a_visit_is_made_and_all_of_it_is_in_the_ticket(shift: Shift) -> None:
    reference = await agreed(shift)

    visit = await made(shift)

    ticket = await shift.read(reference)
    assert (visit.state, ticket.status) == ("fixed", "resolved")
    assert {"visit_arrived", "visit_finished"} <= set(happened(ticket))
    written = next(note.text for note in ticket.notes if note.text.startswith("Visit:"))
    for words in ("line repaired", "measured 78 Mbit/s of 80", "long line", "confirmed by Jo Smith"):
        assert words in written
    assert "Please confirm" in (await shift.events("sms"))[-1]["text"]


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"work": []}, "work"),
        ({"measured_mbps": None}, "measured_mbps"),
        ({"speed_reason": "  "}, "speed_reason"),
        ({"confirmed_by": ""}, "confirmed_by"),
        ({"outcome": "not_fixed", "remark": ""}, "remark"),
    ],
)
async def test_what_is_not_told_keeps_it_open(shift: Shift, missing: dict[str, Any], field: str) -> None:
    reference = await agreed(shift)

    with pytest.raises(Incomplete, match=field):
        await made(shift, **missing)

    assert (await only(shift)).state == "arrived"
    assert (await shift.read(reference)).status == "inProgress"


@given(st.floats(0, 2000), st.one_of(st.none(), st.floats(0.1, 2000)), st.booleans())
def test_less_than_the_plan_always_needs_a_reason(measured: float, plan: float | None, reason: bool) -> None:
    told = VisitReport.model_validate(
        {**FIXED, "measured_mbps": measured, "speed_reason": "old cable" if reason else ""}
    )

    if plan is not None and measured < plan and not reason:
        with pytest.raises(Incomplete, match="speed_reason"):
            report.check(told, plan)
    else:
        report.check(told, plan)


async def test_the_same_report_from_a_telephone_that_was_offline_counts_once(shift: Shift) -> None:
    await agreed(shift)
    visit = await made(shift)

    await day.finish(shift.office, ROB, visit.id, VisitReport.model_validate(FIXED))
    with pytest.raises(NotLegal, match="over"):
        await day.finish(shift.office, ROB, visit.id, VisitReport.model_validate({**FIXED, "remark": "more"}))


@pytest.mark.parametrize("at", [timedelta(hours=1), timedelta(days=-1)])
async def test_an_arrival_that_cannot_be_is_refused(shift: Shift, at: timedelta) -> None:
    await agreed(shift)
    visit = await only(shift)

    with pytest.raises(NotLegal):
        await day.arrive(shift.office, ROB, visit.id, Arrival(at=shift.watch() + at))


async def test_without_an_arrival_nothing_is_closed(shift: Shift) -> None:
    await agreed(shift)

    with pytest.raises(NotLegal, match="arrived"):
        await day.finish(shift.office, ROB, (await only(shift)).id, VisitReport.model_validate(FIXED))


async def test_visits_are_nobody_elses(shift: Shift) -> None:
    await agreed(shift)
    visit = await only(shift)

    for username in ("amira.khan", "sam.okoye", "agnes.hall"):
        with pytest.raises(NotAllowed):
            await day.one(shift.office, username, visit.id)
    with pytest.raises(NotFound):
        await day.one(shift.office, ROB, UUID(int=0))


@pytest.mark.parametrize("outcome", ["not_fixed", "nobody_home"])
async def test_what_is_not_fixed_goes_back_to_the_queue_more_urgent(shift: Shift, outcome: str) -> None:
    reference = await agreed(shift)
    before = await shift.read(reference)

    await made(shift, outcome=outcome, remark="the cable in the street is broken")

    ticket = await shift.read(reference)
    assert ticket.priority < before.priority
    assert (ticket.status, ticket.assignee) == ("inProgress", None)
    assert ticket.signals.repeat_contacts == 1
    assert "visit_failed" in happened(ticket)


async def test_a_customer_who_answers_that_it_is_not_fixed_is_in_the_queue_again(shift: Shift) -> None:
    reference = await agreed(shift)
    before = await shift.read(reference)
    await made(shift)

    reply = TextReply(message_sid="SM" + "1" * 32, number="+447700900142", text="2", meaning="no")
    became = (await text_replies.answer(shift.office, reply)).became

    ticket = await shift.read(reference)
    assert (became, ticket.status, ticket.assignee) == ("reopened", "inProgress", None)
    assert ticket.priority < before.priority


async def test_without_a_visit_a_refused_solution_keeps_its_priority(shift: Shift) -> None:
    reference = await shift.ticket(reachable="+447700900142")
    await shift.act("amira.khan", reference, "accept")
    before = (await shift.act("amira.khan", reference, "resolve", text="done")).priority

    reply = TextReply(message_sid="SM" + "2" * 32, number="+447700900142", text="2", meaning="no")
    await text_replies.answer(shift.office, reply)

    assert (await shift.read(reference)).priority == before


@given(st.datetimes(datetime(2026, 3, 1), datetime(2027, 4, 1), timezones=st.just(UTC)))
def test_a_day_is_from_midnight_to_midnight_by_the_clock_on_the_wall(at: datetime) -> None:
    class Office:
        class policy:  # noqa: N801  (as an office has it)
            class messages:  # noqa: N801
                zone = "Europe/London"

    first = agreeing.day_of(Office, at)  # type: ignore[arg-type]  # only the zone is asked for
    after = agreeing.next_day(first)

    zone = ZoneInfo("Europe/London")
    assert first <= at < after
    assert [one.astimezone(UTC).astimezone(zone).hour for one in (first, after)] == [0, 0]
