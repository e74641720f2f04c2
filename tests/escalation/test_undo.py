"""What a person has just done to a ticket is taken back: by whom, how long, and what the clocks say afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from escalation import agent_state, kinship, offering, override, register, reversal, transfer, undo
from escalation.asks import PriorityAsked, TransferAsked, UndoAsked
from escalation.audit import audit
from escalation.deadlines import fire_due
from escalation.errors import NotAllowed, NotFound, NotLegal, Outdated
from escalation.kind_wire import LinkAsked, Span
from escalation.records import TicketRecord
from escalation.relation import Relation
from escalation.store import lock_case
from escalation.ticket import Move
from escalation.wire import TicketDetail
from tests.escalation.shift import Shift

BILL: dict[str, Any] = {"category": "bill-dispute"}
WHO = "bea.novak"


async def accepted(shift: Shift, **known: Any) -> str:
    """Nobody waits in the conversation, and nothing can be sent to the customer."""
    contact_id = await shift.contact("voice")
    reference = (await shift.hand_over(contact_id, **{**BILL, **known})).ticket.reference
    await shift.act(WHO, reference, "accept")
    return reference


async def taken_back(shift: Shift, reference: str, username: str = WHO, *, version: int | None = None) -> TicketDetail:
    version = version or (await shift.read(reference)).version
    await undo.undo(shift.office, username, reference, UndoAsked(version=version))
    return await shift.read(reference, username)


async def prioritise(shift: Shift, reference: str, priority: Any) -> None:
    version = (await shift.read(reference)).version
    asked = PriorityAsked(priority=priority, version=version, reason="it got worse")
    await override.prioritise(shift.office, WHO, reference, asked)


async def move_away(shift: Shift, reference: str, department: str = "fixed-access", who: str = WHO) -> None:
    version = (await shift.read(reference)).version
    asked = TransferAsked(department=department, version=version, reason="it is the line")
    await transfer.transfer(shift.office, who, reference, asked)


async def link(shift: Shift, reference: str, to: str, relation: Relation = Relation.DUPLICATE_OF) -> None:
    version = (await shift.read(reference)).version
    await kinship.link(shift.office, WHO, reference, LinkAsked(relation=relation, to=to, version=version))


def due(ticket: TicketDetail) -> dict[str, Any]:
    return {clock.name: clock.due_at for clock in ticket.clocks}


async def faults_of_clocks(shift: Shift) -> list[str]:
    return (await audit(shift.office, within=timedelta(minutes=15))).differences


def test_every_move_can_be_undone_or_says_why_not() -> None:
    assert {move for move in Move if move in reversal.UNDONE} | reversal.STANDS.keys() == set(Move)
    assert not reversal.UNDONE.keys() & reversal.STANDS.keys()


async def test_a_hold_is_undone_and_both_stay_in_the_audit(shift: Shift) -> None:
    reference = await accepted(shift)
    before = await shift.read(reference, WHO)
    held = await shift.act(WHO, reference, "hold", reason="the bank is closed")
    shift.watch.advance(seconds=20)

    ticket = await taken_back(shift, reference)

    assert (held.status, ticket.status, ticket.assignee) == ("held", "inProgress", WHO)
    assert ticket.version == held.version + 1 == before.version + 2
    assert [(line.who, line.what, line.why) for line in ticket.audit[-2:]] == [
        (WHO, "hold", "the bank is closed"),
        (WHO, "hold_undone", "was held, inProgress again"),
    ]


async def test_a_hold_that_was_undone_counts_no_pause(shift: Shift) -> None:
    reference = await accepted(shift)
    before = due(await shift.read(reference))
    await shift.act(WHO, reference, "hold", reason="the bank is closed")
    shift.watch.advance(seconds=20)

    ticket = await taken_back(shift, reference)

    assert due(ticket) == before
    assert await faults_of_clocks(shift) == []


async def test_the_clocks_ran_between_a_resume_and_its_undoing(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act(WHO, reference, "ask_customer", text="Which month?")
    shift.watch.advance(minutes=30)
    resumed = await shift.act(WHO, reference, "resume")
    shift.watch.advance(seconds=20)

    ticket = await taken_back(shift, reference)
    shift.watch.advance(hours=1)
    again = await shift.act(WHO, reference, "resume")

    assert (ticket.status, set(due(ticket).values())) == ("pending", {None})
    before, after = resumed.resolve_by, again.resolve_by
    assert before is not None
    assert after == before + timedelta(hours=1)  # the hour that it stood still, and not the 20 s that it ran
    assert await faults_of_clocks(shift) == []


async def test_a_priority_goes_back_with_its_deadlines(shift: Shift) -> None:
    reference = await accepted(shift)
    shift.watch.advance(minutes=40)
    before = await shift.read(reference)
    await prioritise(shift, reference, "P1")
    shift.watch.advance(seconds=20)

    ticket = await taken_back(shift, reference)

    assert (ticket.priority, due(ticket)) == ("P3", due(before))
    assert (ticket.audit[-1].what, ticket.audit[-1].why) == ("prioritised_undone", "was P1, P3 again")
    assert ticket.because[-1] == "Bea Novak took P1 back: P3 again."
    assert await faults_of_clocks(shift) == []


async def test_a_warning_that_was_given_in_between_is_not_given_again(shift: Shift) -> None:
    reference = await accepted(shift)
    shift.watch.advance(minutes=50)  # three quarters of the hour in which a P1 hears from us again
    await prioritise(shift, reference, "P1")
    await fire_due(shift.office)
    warned = [line for line in (await shift.read(reference)).audit if line.who == "watch"]

    ticket = await taken_back(shift, reference)
    await fire_due(shift.office)

    assert [line.what for line in warned] == ["warned: update 75%", "warned: tier 80%"]
    assert (ticket.priority, [line for line in ticket.audit if line.who == "watch"]) == ("P3", warned)
    assert await faults_of_clocks(shift) == []


async def test_a_ticket_that_the_clocks_moved_up_since_stays_there(shift: Shift) -> None:
    reference = await accepted(shift)
    shift.watch.advance(hours=3)
    await prioritise(shift, reference, "P1")
    await fire_due(shift.office)

    with pytest.raises(NotLegal, match="cannot be undone"):
        await taken_back(shift, reference)


async def test_a_new_promise_that_the_customer_was_sent_stands(shift: Shift) -> None:
    reference = await accepted(shift, reachable="+447700900123")

    await prioritise(shift, reference, "P1")

    assert (await shift.read(reference, WHO)).undo is None
    with pytest.raises(NotLegal, match="cannot be undone"):
        await taken_back(shift, reference)


async def test_a_ticket_comes_back_from_another_department(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act(WHO, reference, "hold", reason="the bank is closed")
    before = await shift.read(reference)
    await move_away(shift, reference)
    shift.watch.advance(seconds=20)

    ticket = await taken_back(shift, reference)

    assert (ticket.department, ticket.assignee, ticket.status) == (before.department, WHO, "held")
    assert (ticket.audit[-1].what, ticket.audit[-1].why) == (
        "transferred_undone",
        f"was fixed-access, {before.department} again",
    )
    assert due(ticket) == due(before)
    assert await faults_of_clocks(shift) == []


async def test_an_offer_to_the_other_department_ends_with_it(shift: Shift) -> None:
    reference = await accepted(shift)
    await move_away(shift, reference)
    await agent_state.enter(shift.office, "amira.khan", "ready")
    async with shift.office.change() as session:
        case = await lock_case(session, TicketRecord.reference == reference)
        assert case is not None
        offered = await offering.go_on(shift.office, case)
    assert offered is not None

    ticket = await taken_back(shift, reference)

    assert [(line.who, line.what) for line in ticket.audit[-2:]] == [
        (WHO, "transferred_undone"),
        (WHO, "offer_withdrawn"),
    ]


async def test_a_transfer_that_was_undone_is_no_wrong_assignment(shift: Shift) -> None:
    reference = await accepted(shift)
    await move_away(shift, reference)
    counted = await register.returns(shift.office, Span())

    await taken_back(shift, reference)

    assert [one.transferred for one in counted] == [1]
    assert [one.transferred for one in await register.returns(shift.office, Span())] == [0]


async def test_what_the_other_department_has_accepted_stays_there(shift: Shift) -> None:
    reference = await accepted(shift)
    await move_away(shift, reference)
    version = (await shift.read(reference)).version
    await shift.act("sam.okoye", reference, "accept")

    with pytest.raises(Outdated, match="changed in the meantime"):
        await taken_back(shift, reference, version=version)
    with pytest.raises(NotLegal, match="cannot be undone"):
        await taken_back(shift, reference)


async def test_a_customer_who_waits_in_the_conversation_was_told_their_place(shift: Shift) -> None:
    reference = await shift.ticket(category="broadband-slow")
    await shift.act("amira.khan", reference, "accept")

    await move_away(shift, reference, "billing", "amira.khan")

    assert (await shift.read(reference, "amira.khan")).undo is None


@pytest.mark.parametrize("relation", [Relation.DUPLICATE_OF, Relation.CHILD_OF])
async def test_a_link_is_parted_on_both_tickets(shift: Shift, relation: Relation) -> None:
    one, other = await accepted(shift), await accepted(shift)
    await link(shift, one, other, relation)

    ticket = await taken_back(shift, one)

    assert (ticket.relations, (await shift.read(other)).relations) == ((), ())
    assert [line.what for line in ticket.audit[-3:]] == ["linked", "unlinked", "linked_undone"]
    assert (await shift.read(other)).audit[-1].what == "unlinked"
    assert other in ticket.audit[-1].why


async def test_it_is_offered_to_who_did_it_for_as_long_as_the_policy_says(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act(WHO, reference, "hold", reason="the bank is closed")
    within = shift.office.policy.sla.undo_within

    at_once = (await shift.read(reference, WHO)).undo
    others = (await shift.read(reference, "sam.okoye")).undo
    shift.watch.advance(seconds=within.total_seconds() - 1)
    late = (await shift.read(reference, WHO)).undo
    shift.watch.advance(seconds=1)

    assert at_once is not None
    assert late is not None
    assert (at_once.what, at_once.left_s, late.left_s, others) == ("hold", within.total_seconds(), 1.0, None)
    assert (await shift.read(reference, WHO)).undo is None
    with pytest.raises(NotLegal, match="30 seconds"):
        await taken_back(shift, reference)


async def test_nobody_undoes_what_somebody_else_did(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act(WHO, reference, "hold", reason="the bank is closed")

    with pytest.raises(NotAllowed):
        await taken_back(shift, reference, "sam.okoye")
    with pytest.raises(NotFound):
        await taken_back(shift, reference, "victor.lang")
    with pytest.raises(NotAllowed):
        await taken_back(shift, reference, "nobody.atall")

    assert (await shift.read(reference)).status == "held"


async def test_what_somebody_changed_since_is_not_overwritten(shift: Shift) -> None:
    reference = await accepted(shift)
    held = await shift.act(WHO, reference, "hold", reason="the bank is closed")
    await shift.act("sam.okoye", reference, "note", text="it opens at nine")

    with pytest.raises(Outdated, match="changed in the meantime"):
        await taken_back(shift, reference, version=held.version)

    assert (await shift.read(reference)).status == "held"


async def test_an_undoing_is_not_undone(shift: Shift) -> None:
    reference = await accepted(shift)
    await shift.act(WHO, reference, "hold", reason="the bank is closed")

    ticket = await taken_back(shift, reference)

    assert ticket.undo is None
    with pytest.raises(NotLegal):
        await taken_back(shift, reference)


@pytest.mark.parametrize("move", ["reply", "note"])
async def test_what_was_said_stands(shift: Shift, move: str) -> None:
    reference = await accepted(shift)

    ticket = await shift.act(WHO, reference, move, text="seen")

    assert ticket.undo is None
