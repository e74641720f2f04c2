"""Lines, callbacks and voicemails are kept with the ticket, and only staff hears them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from escalation import telephone
from escalation.client import EscalationRefused, Signals
from escalation.phone_wire import AttemptMade, CallbackAsked, LineEnded
from escalation.reception import record, waiting_of
from escalation.records import ContactRecord
from escalation.wire import Step, Turn
from tests.escalation.escalation_service import Running
from tests.escalation.shift import MONDAY_10, Shift

RECORDING = "RE" + "1a" * 16
SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt "


async def test_a_person_who_takes_the_call_frees_the_place_in_the_queue(shift: Shift) -> None:
    first, second = [await shift.contact("voice", caller=f"+44770090012{n}") for n in range(2)]
    opened = await shift.hand_over(first, live=True)
    shift.watch.advance(seconds=5)
    await shift.hand_over(second, live=True)

    await telephone.line_ended(shift.office, first, LineEnded(outcome="accepted", dialled="+441632960101"))

    waiting = await waiting_of(shift.office, second)
    assert waiting is not None
    assert waiting.queue_position == 1
    ticket = await shift.read(opened.ticket.reference)
    assert [(entry.what, entry.why) for entry in ticket.audit][-1] == ("line_accepted", "+441632960101")
    assert {clock.name: clock.state for clock in ticket.clocks}["respond"] == "met"


@pytest.mark.parametrize("known", [{"segment": "gold"}, {"segment": "corporate"}, {"repeat_contacts": 1}])
async def test_gold_customers_and_who_had_to_come_again_are_served_first(shift: Shift, known: dict[str, Any]) -> None:
    await shift.hand_over(await shift.contact("voice"), live=True)
    shift.watch.advance(seconds=5)
    favoured = await shift.contact("voice")
    opened = await shift.hand_over(favoured, live=True, **known)
    shift.watch.advance(seconds=5)

    later = await shift.hand_over(await shift.contact("voice"), live=True)
    same = await shift.hand_over(await shift.contact("voice"), live=True, **known)

    waiting = await waiting_of(shift.office, favoured)
    assert waiting is not None
    assert (opened.queue_position, later.queue_position, same.queue_position) == (1, 3, 2)
    assert waiting.queue_position == 1


async def test_a_busy_line_keeps_the_place(shift: Shift) -> None:
    caller = await shift.contact("voice", caller="+447700900123")
    await shift.hand_over(caller, live=True)

    await telephone.line_ended(shift.office, caller, LineEnded(outcome="busy"))

    waiting = await waiting_of(shift.office, caller)
    assert waiting is not None
    assert (waiting.queue_position, waiting.dial) == (1, "+441632960101")


async def test_a_callback_promises_the_tickets_own_deadline_and_ends_the_waiting(shift: Shift) -> None:
    caller = await shift.contact("voice")
    opened = await shift.hand_over(caller, live=True)

    promised = await telephone.promise_callback(shift.office, caller, CallbackAsked(number="07700900456"))

    assert promised.call_by == opened.ticket.respond_by
    assert (promised.number, promised.asked_at) == ("07700900456", MONDAY_10)
    assert not (await shift.read(opened.ticket.reference)).live


async def test_every_attempt_is_recorded_and_reaching_the_caller_is_the_response(shift: Shift) -> None:
    caller = await shift.contact("voice", caller="+447700900123")
    reference = (await shift.hand_over(caller, live=True)).ticket.reference
    await telephone.promise_callback(shift.office, caller, CallbackAsked())

    await telephone.attempted(shift.office, "amira.khan", reference, AttemptMade(outcome="no_answer"))
    shift.watch.advance(minutes=10)
    called = await telephone.attempted(shift.office, "tom.reed", reference, AttemptMade(outcome="reached"))

    assert [(attempt.who, attempt.outcome) for attempt in called.attempts] == [
        ("amira.khan", "no_answer"),
        ("tom.reed", "reached"),
    ]
    assert called.reached_at == MONDAY_10 + timedelta(minutes=10)
    states = {clock.name: clock.state for clock in (await shift.read(reference)).clocks}
    assert (states["respond"], states["resolve"]) == ("met", "running")


async def test_a_voicemail_is_kept_once_and_heard_by_staff_only(running: Running) -> None:
    client, contact_id = running.client, uuid4()
    opened = await client.hand_over(
        contact_id, Signals(category="general", reason="no_input"), key="k", channel="voice"
    )
    reference = opened.ticket.reference

    for _ in range(2):
        await client.keep_voicemail(contact_id, RECORDING, length_s=12, audio=SOUND)
    await client.transcribe(RECORDING, "My line is dead.")

    side = await client.phone_side("amira.khan", reference)
    (voicemail,) = side.voicemails
    assert (voicemail.length_s, voicemail.transcript, side.callback) == (12, "My line is dead.", None)
    assert await client.voicemail_audio("amira.khan", reference, RECORDING) == SOUND
    with pytest.raises(EscalationRefused):
        await client.voicemail_audio("a.stranger", reference, RECORDING)


async def test_who_may_not_know_the_customer_hears_no_voicemail_and_sees_no_number(running: Running) -> None:
    contact_id = uuid4()
    signals = Signals(category="general", reason="no_input", reachable="+447700900142")
    reference = (await running.client.hand_over(contact_id, signals, key="k", channel="voice")).ticket.reference
    await running.client.keep_voicemail(contact_id, RECORDING, length_s=12, audio=SOUND)
    await running.client.promise_callback(contact_id)

    side = await running.client.phone_side("agnes.hall", reference)  # an auditor
    assert (side.callback, side.voicemails) == (None, ())
    for person, status in (("agnes.hall", 404), ("victor.lang", 404)):
        with pytest.raises(EscalationRefused) as refused:
            await running.client.voicemail_audio(person, reference, RECORDING)
        assert refused.value.status == status
    for person, status in (("agnes.hall", 403), ("rob.quinn", 404)):  # who speaks to no customer; whose it is not
        with pytest.raises(EscalationRefused) as refused:
            await running.client.callback_attempted(person, reference, "busy")
        assert refused.value.status == status


@pytest.mark.parametrize(("said", "kept"), [(4, 4), (0, None), (6, None), ("5", None), ([5], None)])
async def test_a_call_that_is_rated_counts_as_its_caller_said(shift: Shift, said: object, kept: int | None) -> None:
    contact_id = await shift.contact("voice")
    about = {"satisfaction": said}
    turn = Turn(contact_id=contact_id, turn_id="r", author="customer", text="Four", at=MONDAY_10, about=about)

    await record(shift.office, [turn])

    async with shift.office.sessions() as session:
        contact = await session.get_one(ContactRecord, contact_id)
    assert contact.satisfaction == kept


async def test_a_voicemail_of_another_ticket_is_not_there(running: Running) -> None:
    contact_id, other = uuid4(), uuid4()
    for one in (contact_id, other):
        await running.client.hand_over(one, Signals(category="general", reason="no_input"), key="k")
    await running.client.keep_voicemail(contact_id, RECORDING, length_s=1, audio=SOUND)
    reference = (await running.client.hand_over(other, Signals(category="x", reason="left"), key="k")).ticket.reference

    with pytest.raises(EscalationRefused) as refused:
        await running.client.voicemail_audio("amira.khan", reference, RECORDING)

    assert refused.value.status == 404


async def test_a_voicemail_that_is_too_large_is_refused(running: Running) -> None:
    where = f"/escalation/v1/contacts/{uuid4()}/voicemails?recording_sid={RECORDING}&length_s=1"

    replies = [await running.http.post(where, content=b"x" * size) for size in (1_950_001, 3_000_000)]

    assert [reply.status_code for reply in replies] == [413, 413]


async def test_a_message_without_a_ticket_waits_for_it(running: Running) -> None:
    with pytest.raises(EscalationRefused) as refused:
        await running.client.keep_voicemail(uuid4(), RECORDING, length_s=1, audio=SOUND)

    assert refused.value.status == 404


async def test_who_takes_a_call_is_told_the_problem_and_what_was_tried(running: Running) -> None:
    contact_id = uuid4()
    tried = Step(flow="slow", step="restart", result="No change")
    signals = Signals(category="broadband-slow", reason="not_helped", problem="it is slow", steps=(tried,))
    await running.client.hand_over(contact_id, signals, key="k")

    brief = await running.client.brief(contact_id)

    assert brief is not None
    assert (brief.problem, brief.category, brief.steps) == ("it is slow", "broadband-slow", (tried,))
    assert await running.client.brief(uuid4()) is None
