"""After a fault is solved the customer is rung: it is closed, opened again, or left to the other ways of asking."""

from typing import Any
from uuid import UUID

import pytest

from escalation.calls import answering, dialling
from escalation.calls.dialling import Dialler
from escalation.follow_up import follow_up
from escalation.kind_wire import FollowUpAsked
from escalation.reception import finish_contact
from outbound.client import Rung
from tests.escalation.calls.fake_network import FakeNetwork
from tests.escalation.shift import Shift

NUMBER = "+447700900123"


async def solved(shift: Shift, channel: str = "voice", caller: str = NUMBER, **known: Any) -> tuple[UUID, str]:
    contact_id = await shift.contact(channel, caller=caller)
    reference = (await shift.hand_over(contact_id, category="broadband-down", **known)).ticket.reference
    await finish_contact(shift.office, contact_id, "handed_over")
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "resolve", text="The line was repaired.")
    return contact_id, reference


async def look(shift: Shift, network: FakeNetwork, **later: float) -> int:
    shift.watch.advance(**later)
    return await Dialler(network).look(shift.office)


async def test_yes_closes_it(shift: Shift) -> None:
    _, reference = await solved(shift)
    network = FakeNetwork()

    assert await look(shift, network, minutes=119) == 0
    assert await look(shift, network, minutes=1) == 1
    asked = await answering.picked_up(shift.office, network.ids[0])
    said = await answering.answered(shift.office, network.ids[0], "yes")

    assert network.rung == [("confirmation", NUMBER)]
    assert asked is not None
    assert asked.purpose == "confirmation"
    assert (said.became, said.caller) == ("closed", None)
    ticket = await shift.read(reference)
    assert ticket.status == "closed"
    assert ("customer", "close") in [(entry.who, entry.what) for entry in ticket.audit]


async def test_no_opens_it_again_and_offers_a_person_at_once(shift: Shift) -> None:
    contact_id, reference = await solved(shift)
    network = FakeNetwork()
    await look(shift, network, hours=2)

    said = await answering.answered(shift.office, network.ids[0], "no")

    assert said.became == "reopened"
    assert said.caller is not None
    assert (said.caller.contact_id, said.caller.dial) == (contact_id, "+441632960101")
    ticket = await shift.read(reference)
    assert (ticket.status, ticket.live, ticket.unread) == ("inProgress", True, 1)
    assert {clock.name: clock.state for clock in ticket.clocks}["resolve"] == "running"


async def test_who_cannot_be_reached_is_rung_twice_and_then_left_to_the_silence(shift: Shift) -> None:
    _, reference = await solved(shift)
    network = FakeNetwork()
    rung_after = []
    for hour in range(30):
        if await look(shift, network):
            rung_after.append(hour)
            await dialling.ended(shift.office, network.ids[-1], "no_answer")
        shift.watch.advance(hours=1)

    assert rung_after == [2, 6]
    assert (await shift.read(reference)).status == "resolved"


async def test_who_wants_no_such_calls_gets_none(shift: Shift) -> None:
    await solved(shift)
    network = FakeNetwork()
    await look(shift, network, hours=2)

    said = await answering.answered(shift.office, network.ids[0], "never")

    assert said.became == "dropped"
    assert await look(shift, network, hours=5) == 0


async def test_a_number_that_has_opted_out_is_no_failed_call(shift: Shift) -> None:
    _, reference = await solved(shift)
    network = FakeNetwork(answers=[Rung(state="opted_out")])

    await look(shift, network, hours=2)

    assert "confirmation_opted_out" in [entry.what for entry in (await shift.read(reference)).audit]
    assert await look(shift, network, hours=5) == 0
    assert len(network.rung) == 1


async def test_who_writes_in_the_chat_is_asked_there(shift: Shift) -> None:
    await solved(shift, channel="chat", reachable=NUMBER)

    assert await look(shift, FakeNetwork(), hours=2) == 0


async def test_a_complaint_waits_for_its_follow_up_whatever_the_customer_presses(shift: Shift) -> None:
    contact_id = await shift.contact("voice", caller=NUMBER)
    reference = (await shift.hand_over(contact_id, category="complaint")).ticket.reference
    await finish_contact(shift.office, contact_id, "handed_over")
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "resolve", text="We are sorry.")
    network = FakeNetwork()
    await look(shift, network, hours=2)

    said = await answering.answered(shift.office, network.ids[0], "yes")

    assert said.became == "noted"
    ticket = await shift.read(reference)
    assert ticket.status == "resolved"
    assert "confirmed_solved" in [entry.what for entry in ticket.audit]
    await follow_up(
        shift.office, "amira.khan", reference, FollowUpAsked(version=ticket.version, how="call", text="All is well.")
    )
    assert (await shift.read(reference)).status == "resolved"


async def test_a_ticket_that_was_opened_again_meanwhile_is_not_asked_about(shift: Shift) -> None:
    _, reference = await solved(shift)
    network = FakeNetwork()
    await look(shift, network, hours=2)
    await shift.act("amira.khan", reference, "reopen", reason="It broke again.")

    assert await answering.picked_up(shift.office, network.ids[0]) is None
    assert (await answering.answered(shift.office, network.ids[0], "yes")).became == "over"
    assert (await shift.read(reference)).status == "inProgress"


@pytest.mark.parametrize("answer", ["yes", "no", "later", "never"])
async def test_a_call_that_nobody_knows_changes_nothing(shift: Shift, answer: Any) -> None:
    unknown = UUID(int=7)

    assert await answering.picked_up(shift.office, unknown) is None
    assert (await answering.answered(shift.office, unknown, answer)).became == "over"
    await dialling.ended(shift.office, unknown, "busy")
