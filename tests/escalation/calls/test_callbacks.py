"""Who asked to be called back is rung: when somebody is free, as often as the policy says, and never twice at once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from escalation import agent_state, telephone
from escalation.calls import answering, dialling
from escalation.calls.dialling import Dialler
from escalation.client import LineOutcome
from escalation.phone_wire import AttemptMade, CallbackAsked, LineEnded, PhoneSide
from escalation.reception import finish_contact, waiting_of
from outbound.client import Rung
from tests.escalation.calls.fake_network import FakeNetwork
from tests.escalation.shift import Shift

NUMBER = "+447700900123"


async def promised(shift: Shift, caller: str = NUMBER, **known: Any) -> tuple[UUID, str]:
    """A caller who has hung up to be called back; the contact, and the ticket's reference."""
    contact_id = await shift.contact("voice", caller=caller)
    opened = await shift.hand_over(contact_id, live=True, reachable=caller, **known)
    await telephone.promise_callback(shift.office, contact_id, CallbackAsked())
    await finish_contact(shift.office, contact_id, "handed_over", channel="voice")
    return contact_id, opened.ticket.reference


async def side(shift: Shift, reference: str) -> PhoneSide:
    return await telephone.phone_side(shift.office, "sam.okoye", reference)


async def outcomes(shift: Shift, reference: str) -> list[str]:
    callback = (await side(shift, reference)).callback
    assert callback is not None
    return [attempt.outcome for attempt in callback.attempts]


async def audited(shift: Shift, reference: str) -> list[str]:
    return [entry.what for entry in (await shift.read(reference)).audit]


async def test_a_caller_is_rung_who_takes_the_call_and_keeps_the_place(shift: Shift) -> None:
    contact_id, reference = await promised(shift)
    shift.watch.advance(minutes=5)
    await shift.hand_over(await shift.contact("voice"), live=True, key="later")
    network = FakeNetwork()

    assert await Dialler(network).look(shift.office) == 1
    asked = await answering.picked_up(shift.office, network.ids[0])
    taken = await answering.answered(shift.office, network.ids[0], "yes")

    assert network.rung == [("callback", NUMBER)]
    assert asked is not None
    assert (asked.purpose, asked.language) == ("callback", "en")
    assert taken.became == "connect"
    assert taken.caller is not None
    assert (taken.caller.contact_id, taken.caller.reference) == (contact_id, reference)
    assert (taken.caller.dial, taken.caller.queue_position) == ("+441632960101", 1)
    assert await outcomes(shift, reference) == ["reached"]
    waiting = await waiting_of(shift.office, contact_id)
    assert waiting is not None
    assert waiting.queue_position == 1
    states = {clock.name: clock.state for clock in (await shift.read(reference)).clocks}
    assert states["respond"] == "running"  # pressing a key is no response of ours


async def test_only_the_person_who_takes_the_line_has_responded(shift: Shift) -> None:
    contact_id, reference = await promised(shift)
    network = FakeNetwork()
    await Dialler(network).look(shift.office)
    await answering.answered(shift.office, network.ids[0], "yes")

    await telephone.line_ended(shift.office, contact_id, LineEnded(outcome="accepted"))

    states = {clock.name: clock.state for clock in (await shift.read(reference)).clocks}
    assert states["respond"] == "met"


async def test_the_same_answer_again_is_told_again_and_changes_nothing(shift: Shift) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork()
    await Dialler(network).look(shift.office)

    first = await answering.answered(shift.office, network.ids[0], "yes")
    before = await audited(shift, reference)
    again = await answering.answered(shift.office, network.ids[0], "never")

    assert (again.became, again.caller) == (first.became, first.caller)
    assert await audited(shift, reference) == before


@pytest.mark.parametrize("outcome", ["busy", "no_answer", "mailbox", "no_key", "failed"])
async def test_who_is_not_reached_is_rung_again_as_the_policy_says_and_then_told(shift: Shift, outcome: Any) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork()
    dialler = Dialler(network)
    rung_after = []
    for minutes in range(0, 130, 5):
        if await dialler.look(shift.office):
            rung_after.append(minutes)
            if outcome == "no_key":
                await answering.picked_up(shift.office, network.ids[-1])
            await dialling.ended(shift.office, network.ids[-1], outcome)
        shift.watch.advance(minutes=5)

    assert rung_after == [0, 10, 70]
    assert await outcomes(shift, reference) == [outcome] * 3
    told = [text["text"] for text in await shift.events("sms") if text["to"] == NUMBER]
    assert "could not reach you" in told[-1]
    assert (await audited(shift, reference)).count("callback_given_up") == 1
    assert any("could not be reached by it" in text["text"] for text in await shift.events("sms"))


async def test_a_call_that_is_over_without_our_having_asked_anything_has_failed(shift: Shift) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork()
    await Dialler(network).look(shift.office)

    await dialling.ended(shift.office, network.ids[0], "no_key")

    assert await outcomes(shift, reference) == ["failed"]


async def test_two_watches_ring_once(shift: Shift) -> None:
    for number in range(4):
        await promised(shift, caller=f"+44770090012{number}", category=f"topic-{number}")
        shift.watch.advance(seconds=1)
    agents = ("amira.khan", "tom.reed")
    for agent in agents:
        await agent_state.enter(shift.office, agent, "ready")
    network = FakeNetwork()

    await asyncio.gather(*(Dialler(network).look(shift.office) for _ in range(4)))

    assert sorted(number for _, number in network.rung) == ["+447700900120", "+447700900121"]  # two people are free


async def test_nobody_is_rung_while_all_people_are_busy_until_the_promise_presses(shift: Shift) -> None:
    _, reference = await promised(shift)
    callback = (await side(shift, reference)).callback
    assert callback is not None
    assert callback.call_by is not None
    for agent in ("amira.khan", "tom.reed"):
        await agent_state.enter(shift.office, agent, "talking")
    network = FakeNetwork()
    dialler = Dialler(network)

    assert await dialler.look(shift.office) == 0
    shift.watch.at = callback.call_by - timedelta(minutes=15, seconds=1)
    assert await dialler.look(shift.office) == 0
    shift.watch.advance(seconds=1)

    assert await dialler.look(shift.office) == 1


async def test_who_waits_on_the_line_and_came_first_goes_before(shift: Shift) -> None:
    first = await shift.contact("voice", caller="+447700900999")
    await shift.hand_over(first, live=True)
    shift.watch.advance(minutes=1)
    await promised(shift)
    network = FakeNetwork()
    dialler = Dialler(network)

    assert await dialler.look(shift.office) == 0
    await telephone.line_ended(shift.office, first, LineEnded(outcome="accepted"))

    assert await dialler.look(shift.office) == 1


async def test_at_night_nobody_is_rung(shift: Shift) -> None:
    shift.watch.advance(hours=11)  # 21:00
    await promised(shift)
    network = FakeNetwork()
    dialler = Dialler(network)

    assert await dialler.look(shift.office) == 0
    shift.watch.advance(hours=11)

    assert await dialler.look(shift.office) == 1


async def test_a_person_who_has_the_ticket_calls_themselves(shift: Shift) -> None:
    _, reference = await promised(shift)
    await shift.act("amira.khan", reference, "accept")
    network = FakeNetwork()

    assert await Dialler(network).look(shift.office) == 0


async def test_an_attempt_of_a_person_counts(shift: Shift) -> None:
    _, reference = await promised(shift)
    await telephone.attempted(shift.office, "amira.khan", reference, AttemptMade(outcome="busy"))
    network = FakeNetwork()
    dialler = Dialler(network)

    assert await dialler.look(shift.office) == 0
    shift.watch.advance(minutes=10)

    assert await dialler.look(shift.office) == 1


async def test_somebody_who_picks_up_after_a_person_called_hears_that_it_is_settled(shift: Shift) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork()
    await Dialler(network).look(shift.office)
    await telephone.attempted(shift.office, "amira.khan", reference, AttemptMade(outcome="reached"))

    assert await answering.picked_up(shift.office, network.ids[0]) is None
    assert (await answering.answered(shift.office, network.ids[0], "yes")).became == "over"
    assert await outcomes(shift, reference) == ["reached"]


async def test_another_time_and_no_need_any_more(shift: Shift) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork()
    dialler = Dialler(network)
    await dialler.look(shift.office)

    later = await answering.answered(shift.office, network.ids[0], "later")
    shift.watch.advance(minutes=10)
    await dialler.look(shift.office)
    never = await answering.answered(shift.office, network.ids[1], "never")
    shift.watch.advance(hours=2)

    assert (later.became, never.became) == ("later", "dropped")
    assert await dialler.look(shift.office) == 0
    assert await outcomes(shift, reference) == ["later", "reached"]
    assert "callback_dropped" in await audited(shift, reference)


@pytest.mark.parametrize(
    "answer", [Rung(state="later"), Rung(state="not_set_up"), None], ids=["away", "not set up", "outbound away"]
)
async def test_what_was_not_dialled_is_no_attempt(shift: Shift, answer: Rung | None) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork(answers=[answer] if answer else [], is_away=answer is None)
    dialler = Dialler(network)

    assert await dialler.look(shift.office) == 0
    network.is_away = False
    assert await dialler.look(shift.office) == 0  # not at once
    shift.watch.advance(seconds=30)
    assert await dialler.look(shift.office) == 1

    assert await outcomes(shift, reference) == []


async def test_a_call_of_which_nothing_is_heard_is_never_dialled_again_and_fails(shift: Shift) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork(answers=[Rung(state="unknown")])
    dialler = Dialler(network)
    await dialler.look(shift.office)

    shift.watch.advance(minutes=9)
    await dialler.look(shift.office)
    assert len(network.rung) == 1
    shift.watch.advance(minutes=2)
    await dialler.look(shift.office)

    assert await outcomes(shift, reference) == ["failed"]
    assert len(network.rung) == 2  # the second attempt
    assert len(set(network.ids)) == 2


async def test_a_number_that_does_not_exist_is_given_up_in_the_end(shift: Shift) -> None:
    _, reference = await promised(shift)
    network = FakeNetwork(answers=[Rung(state="refused")] * 3)
    dialler = Dialler(network)
    for _ in range(20):
        await dialler.look(shift.office)
        shift.watch.advance(minutes=10)

    assert await outcomes(shift, reference) == ["failed"] * 3
    assert "callback_given_up" in await audited(shift, reference)


@pytest.mark.parametrize("outcome", ["no_answer", "busy"])
async def test_who_took_the_call_and_waits_again_is_called_anew(shift: Shift, outcome: LineOutcome) -> None:
    contact_id, reference = await promised(shift)
    network = FakeNetwork()
    dialler = Dialler(network)
    await dialler.look(shift.office)
    await answering.answered(shift.office, network.ids[0], "yes")
    await telephone.line_ended(shift.office, contact_id, LineEnded(outcome=outcome))

    shift.watch.advance(minutes=2)
    await telephone.promise_callback(shift.office, contact_id, CallbackAsked())
    await finish_contact(shift.office, contact_id, "handed_over", channel="voice")

    assert await dialler.look(shift.office) == 1
    await answering.answered(shift.office, network.ids[1], "yes")
    assert await outcomes(shift, reference) == ["reached", "reached"]
