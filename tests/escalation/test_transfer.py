"""A ticket moves sideways: to another department of the same tier, with its reason, counted as a wrong assignment."""

import pytest

from escalation import register, streams, transfer
from escalation.asks import TransferAsked
from escalation.errors import Incomplete, NotAllowed, NotLegal, Outdated
from escalation.kind_wire import Span
from escalation.wire import TicketDetail
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift

WHY = "the line is fine: it is the bill"


async def moved(
    shift: Shift, username: str, reference: str, department: str = "billing", *, reason: str = WHY, version: int = 0
) -> TicketDetail:
    asked = TransferAsked(
        department=department, reason=reason, version=version or (await shift.read(reference)).version
    )
    await transfer.transfer(shift.office, username, reference, asked)
    return await shift.read(reference)


async def accepted(shift: Shift) -> str:
    reference = await shift.ticket(category="broadband-slow")
    await shift.act("amira.khan", reference, "accept")
    return reference


async def test_the_other_department_is_asked_at_the_same_tier(shift: Shift) -> None:
    reference = await accepted(shift)
    before = await shift.read(reference)

    ticket = await moved(shift, "amira.khan", reference)

    assert (ticket.department, ticket.tier, ticket.status) == ("billing", before.tier, "inProgress")
    assert (ticket.assignee, [clock.due_at for clock in ticket.clocks]) == (None, [one.due_at for one in before.clocks])
    assert (ticket.audit[-1].who, ticket.audit[-1].what) == ("amira.khan", "transferred")
    assert ticket.audit[-1].why == f"fixed-access to billing: {WHY}"
    assert (ticket.notes[-1].text, ticket.notes[-1].public) == (WHY, False)
    assert "accept" in (await shift.read(reference, "bea.novak")).moves


async def test_the_first_of_the_departments_tier_is_told(shift: Shift) -> None:
    reference = await shift.ticket(category="broadband-slow", service="down", affected="many")  # begins above level 1
    ticket = await shift.act("sam.okoye", reference, "accept")
    assert ticket.tier > 1
    told = len(await shift.events("sms"))

    await moved(shift, "sam.okoye", reference)

    assert len(await shift.events("sms")) == told + 1


async def test_what_was_held_is_worked_on_again(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act("amira.khan", reference, "hold", reason="a part is missing")

    assert (await moved(shift, "amira.khan", reference)).status == "inProgress"


async def test_a_customer_who_waits_in_the_chat_hears_their_new_place(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True, category="broadband-slow")).ticket.reference
    await shift.act("amira.khan", reference, "accept")

    await moved(shift, "amira.khan", reference)

    told = [event for event in await shift.events(streams.live("chat")) if event["kind"] == "queue"]
    assert told[-1]["queue_position"] == 1


async def test_it_is_counted_apart_from_returns(shift: Shift) -> None:
    await moved(shift, "amira.khan", await accepted(shift))

    (line,) = await register.returns(shift.office, Span())

    assert (line.category, line.returned, line.transferred, line.tickets) == ("broadband-slow", 0, 1, 1)


@pytest.mark.parametrize(
    ("username", "changed", "refused"),
    [
        ("amira.khan", {"reason": "  "}, Incomplete),
        ("amira.khan", {"department": "fixed-access"}, NotLegal),
        ("amira.khan", {"department": "legal"}, NotLegal),
        ("amira.khan", {"version": 99}, Outdated),
        ("tom.reed", {}, NotAllowed),  # has not accepted it
    ],
)
async def test_what_is_refused_changes_nothing(
    shift: Shift, username: str, changed: dict[str, str | int], refused: type[Exception]
) -> None:
    reference = await accepted(shift)
    before = await shift.read(reference)

    with pytest.raises(refused):
        await moved(shift, username, reference, **changed)  # type: ignore[arg-type]

    assert await shift.read(reference) == before


async def test_only_who_may_move_it_is_offered_departments(shift: Shift) -> None:
    reference = await accepted(shift)

    offered = (await shift.read(reference, "amira.khan")).departments

    assert "billing" in offered
    assert "fixed-access" not in offered
    assert (await shift.read(reference, "tom.reed")).departments == ()
    await shift.act("amira.khan", reference, "resolve", text="done")
    assert (await shift.read(reference, "amira.khan")).departments == ()


async def test_it_goes_through_the_door(running: Running) -> None:
    shift = Shift(running.office, running.office.now)  # type: ignore[arg-type]
    reference = await accepted(shift)
    version = (await shift.read(reference)).version

    ticket = await running.client.transfer("amira.khan", reference, "billing", version=version, reason=WHY)

    assert ticket.department == "billing"
