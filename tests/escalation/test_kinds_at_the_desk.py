"""Tickets of each kind, from how they begin to how they end."""

from datetime import timedelta
from typing import Any

import pytest

from escalation import follow_up, intake, reception, register
from escalation.detail import detail
from escalation.errors import Incomplete, KeyReused, NotAllowed, NotLegal
from escalation.kind import Kind
from escalation.kind_wire import FileAsked, FollowUpAsked, Span, WindowsAsked
from tests.escalation.shift import MONDAY_10, Shift

BROKEN = {"system": "switch", "version": "9.2", "expected": "a route", "happened": "none", "evidence": ["trace 17"]}


async def filed(shift: Shift, kind: Kind, form: dict[str, Any] | None = None, **more: Any) -> str:
    asked = FileAsked(kind=kind, problem="please look", form=form or {}, **more)
    return await intake.file(shift.office, more.pop("who", "felix.moreau"), asked)


async def followed_up(shift: Shift, reference: str, how: Any, text: str = "It works now.") -> None:
    version = (await shift.read(reference)).version
    asked = FollowUpAsked(how=how, text=text, version=version)
    await follow_up.follow_up(shift.office, "amira.khan", reference, asked)


async def resolved(shift: Shift, who: str, reference: str) -> None:
    await shift.act(who, reference, "accept")
    await shift.act(who, reference, "resolve", text="Done")


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("complaint", "complaint"),
        ("feature-request", "wish"),
        ("order-activation", "order-problem"),
        ("porting", "request"),
        ("broadband-down", "incident"),
        ("something new", "incident"),
    ],
)
async def test_what_a_conversation_is_about_says_which_kind_it_becomes(shift: Shift, category: str, kind: str) -> None:
    assert (await shift.read(await shift.ticket(category=category))).kind == kind


async def test_a_form_is_masked_for_who_needs_no_personal_data(shift: Shift) -> None:
    reference = await filed(shift, Kind.SYSTEM_PROBLEM, {**BROKEN, "expected": "a call to 07700 900142"})

    ticket = await detail(shift.office, "agnes.hall", reference)

    assert "900142" not in ticket.model_dump_json()
    assert ticket.form[0].value == "9.2"


async def test_agents_see_what_was_filled_in(shift: Shift) -> None:
    ticket = await shift.read(await filed(shift, Kind.SYSTEM_PROBLEM, BROKEN))

    assert (ticket.kind, ticket.kind_name, ticket.department) == ("system-problem", "System problem", "core")
    assert [(entry.label, entry.value) for entry in ticket.form] == [
        ("Version", "9.2"),
        ("What was expected", "a route"),
        ("What happened", "none"),
        ("Evidence", ["trace 17"]),
        ("System", "switch"),
        ("Reported by", "staff"),
    ]


@pytest.mark.parametrize(
    ("kind", "form", "complaint"),
    [
        (Kind.SYSTEM_PROBLEM, {**BROKEN, "system": "toaster"}, "system: toaster is not one of billing"),
        (Kind.COMPLAINT, {}, "about: Field required"),  # kinds.yml
    ],
)
async def test_a_form_that_is_not_right_opens_nothing(
    shift: Shift, kind: Kind, form: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(Incomplete, match=complaint):
        await filed(shift, kind, form)

    assert (await register.returns(shift.office, Span())) == []


async def test_only_our_people_file(shift: Shift) -> None:
    with pytest.raises(NotAllowed):
        await intake.file(shift.office, "mallory", FileAsked(kind=Kind.INCIDENT, problem="x"))


async def test_a_form_that_is_sent_twice_is_one_ticket(shift: Shift) -> None:
    first = await filed(shift, Kind.SYSTEM_PROBLEM, BROKEN, key="form-1")

    assert await filed(shift, Kind.SYSTEM_PROBLEM, BROKEN, key="form-1") == first
    with pytest.raises(KeyReused):
        await filed(shift, Kind.SYSTEM_PROBLEM, {**BROKEN, "version": "9.3"}, key="form-1")


@pytest.mark.parametrize(
    ("kind", "form", "vendor"),
    [
        (Kind.SYSTEM_PROBLEM, BROKEN, "ines.duarte"),
        (Kind.PARTNER_PROBLEM, {**BROKEN, "partner": "Transwave", "system": "interconnect"}, "piet.dekker"),
        (Kind.SYSTEM_PROBLEM, {**BROKEN, "system": "billing"}, "victor.lang"),
    ],
)
async def test_the_system_decides_who_is_asked_at_level_four(
    shift: Shift, kind: Kind, form: dict[str, Any], vendor: str
) -> None:
    reference = await filed(shift, kind, form, affected="many", service="down")  # P1 begins at level 3
    await shift.act("sam.okoye", reference, "hand_up", reason="in the core of the system")

    ticket = await shift.read(reference, vendor)

    assert (ticket.tier, "accept" in ticket.moves) == (4, True)


async def test_without_a_vendor_nobody_is_above_level_three(shift: Shift) -> None:
    form = {**BROKEN, "system": "order-management"}
    reference = await filed(shift, Kind.SYSTEM_PROBLEM, form, affected="many", service="down")

    assert "hand_up" not in (await shift.read(reference, "sam.okoye")).moves


async def test_a_wrong_assignment_is_returned_with_its_reason_and_counted(shift: Shift) -> None:
    reference = await shift.ticket(category="broadband-slow")
    await shift.ticket(category="broadband-slow")
    await shift.ticket(category="wifi")
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "hand_up", reason="line test is fine")
    with pytest.raises(Incomplete):
        await shift.act("sam.okoye", reference, "return")

    back = await shift.act("lena.fox", reference, "accept")
    back = await shift.act("lena.fox", reference, "return", reason="not a line fault: a billing question")

    counted = await register.returns(shift.office, Span(since=MONDAY_10, until=MONDAY_10 + timedelta(days=1)))
    assert (back.tier, back.notes[-1].text) == (1, "not a line fault: a billing question")
    assert [(line.category, line.returned, line.tickets) for line in counted] == [
        ("broadband-slow", 1, 2),
        ("wifi", 0, 1),
    ]
    assert await register.returns(shift.office, Span(since=MONDAY_10 + timedelta(days=1))) == []


async def test_a_solution_that_is_handed_back_is_no_wrong_assignment(shift: Shift) -> None:
    reference = await shift.ticket(category="broadband-slow")
    await shift.act("sam.okoye", reference, "hand_up", reason="look")
    await shift.act("sam.okoye", reference, "hand_back", text="Reset the profile")

    assert [line.returned for line in await register.returns(shift.office, Span())] == [0]


async def test_a_complaint_is_closed_after_its_follow_up(shift: Shift) -> None:
    reference = await shift.ticket(category="complaint")
    await resolved(shift, "amira.khan", reference)
    with pytest.raises(NotLegal, match="follow-up"):
        await shift.act("amira.khan", reference, "close")

    await followed_up(shift, reference, "call", "Rang: she is content")

    closed = await shift.act("amira.khan", reference, "close")
    assert (closed.status, closed.followed_up_at) == ("closed", MONDAY_10)
    assert [(note.text, note.public) for note in closed.notes][-1] == ("Rang: she is content", False)


async def test_a_follow_up_comes_after_the_solution(shift: Shift) -> None:
    reference = await shift.ticket(category="complaint")

    with pytest.raises(NotLegal, match="after the solution"):
        await followed_up(shift, reference, "call")


async def test_a_follow_up_by_message_is_sent(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, category="complaint", reachable="+447700900123")).ticket.reference
    await resolved(shift, "amira.khan", reference)
    await reception.finish_contact(shift.office, contact_id, "handed_over")

    await followed_up(shift, reference, "message", "Is it in order now?")

    assert (await shift.events("sms"))[-1][
        "text"
    ] == f"Larkfield Telecom, about ticket {reference}: Is it in order now?"


async def test_a_message_needs_somewhere_to_go(shift: Shift) -> None:
    reference = await filed(shift, Kind.COMPLAINT, {"about": "bill"})
    await resolved(shift, "amira.khan", reference)

    with pytest.raises(NotLegal, match="call instead"):
        await followed_up(shift, reference, "message")


async def test_windows_are_found_by_time_service_and_area(shift: Shift) -> None:
    starts_at, ends_at = MONDAY_10 + timedelta(hours=1), MONDAY_10 + timedelta(hours=3)
    window = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    here = await filed(shift, Kind.PLANNED_MAINTENANCE, {**window, "services": ["Broadband"], "areas": ["Northfield"]})
    anywhere = await filed(shift, Kind.PLANNED_MAINTENANCE, window)
    off = await filed(shift, Kind.PLANNED_MAINTENANCE, window)
    await shift.act("sam.okoye", off, "cancel", reason="postponed")

    async def found(**asked: Any) -> list[str]:
        return [window.reference for window in await register.windows(shift.office, WindowsAsked(**asked))]

    assert await found() == []  # now
    assert set(await found(at=starts_at)) == {here, anywhere}
    assert await found(at=ends_at) == []
    assert set(await found(at=starts_at, service="broadband", area="NORTHFIELD")) == {here, anywhere}
    assert await found(at=starts_at, service="broadband", area="Southfield") == [anywhere]
    assert await found(at=starts_at, service="tv") == [anywhere]


async def test_a_task_is_overdue_until_it_is_done(shift: Shift) -> None:
    due_at = MONDAY_10 + timedelta(hours=2)
    reference = await filed(shift, Kind.OPERATIONAL_TASK, {"due_at": due_at.isoformat()})
    await shift.act("sam.okoye", reference, "accept")
    shift.watch.advance(hours=3)

    late = {entry.name: entry.value for entry in (await shift.read(reference)).form}
    done = await shift.act("sam.okoye", reference, "resolve")

    assert (late["overdue"], late["started_at"]) == (True, MONDAY_10.isoformat())
    assert {entry.name: entry.value for entry in done.form}["overdue"] is False
