"""A contact becomes a ticket, exactly once, and never without its words."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from escalation import handing_over, reception
from escalation.asks import HandOverAsked
from escalation.client import Signals
from escalation.records import ContactRecord, TicketRecord
from escalation.wire import Check, ContactStart, Step, Turn
from tests.escalation.escalation_service import Running
from tests.escalation.shift import MONDAY_10, Shift


async def test_a_bill_dispute_waits_in_the_billing_queue_of_level_one(shift: Shift) -> None:
    contact_id = await shift.contact()

    opened = await shift.hand_over(contact_id, category="bill-dispute", reason="article", reachable="07700 900123")

    assert (opened.ticket.department, opened.ticket.priority, opened.ticket.tier) == ("billing", "P3", 1)
    assert (opened.next, opened.live, opened.created, opened.queue_position) == ("callback", False, True, None)
    assert opened.ticket.respond_by == MONDAY_10 + timedelta(hours=4)


async def test_every_signal_crosses_the_door_and_is_kept(running: Running) -> None:
    signals = Signals(
        category="general",
        reason="not_helped",
        regulatory_complaint=True,
        days_since_first_contact=14,
        repeat_contacts=2,
    )

    opened = await running.client.hand_over(uuid4(), signals, key="k")

    async with running.office.sessions() as session:
        kept = await session.scalar(
            select(TicketRecord.signals).where(TicketRecord.reference == opened.ticket.reference)
        )
    assert (opened.ticket.priority, kept) == ("P2", signals.model_dump(mode="json"))


async def test_who_wants_a_person_in_chat_gets_one_to_join(shift: Shift) -> None:
    first = await shift.hand_over(await shift.contact(), live=True)
    shift.watch.advance(seconds=1)
    second = await shift.hand_over(await shift.contact(), live=True)

    assert (first.next, first.queue_position, second.queue_position) == ("agent_joins", 1, 2)


async def test_the_worse_problem_is_served_first(shift: Shift) -> None:
    await shift.hand_over(await shift.contact(), live=True)

    worse = await shift.hand_over(await shift.contact(), live=True, service="down")

    assert worse.queue_position == 1


async def test_a_call_is_put_through_to_the_tiers_number(shift: Shift) -> None:
    caller = await shift.contact("voice", caller="+447700900123")

    opened = await shift.hand_over(caller, live=True)

    assert (opened.next, opened.dial) == ("agent_joins", "+441632960101")


async def test_a_call_out_of_hours_is_called_back(shift: Shift) -> None:
    shift.watch.at = MONDAY_10 + timedelta(hours=14)  # level 2 is closed
    caller = await shift.contact("voice", caller="+447700900123")

    opened = await shift.hand_over(caller, live=True, service="down", affected="several")

    assert (opened.ticket.tier, opened.live, opened.dial, opened.next) == (2, False, None, "callback")


async def test_a_person_wanted_for_a_problem_that_has_a_ticket_joins_on_that_ticket(shift: Shift) -> None:
    contact_id = await shift.contact()
    dispute = await shift.hand_over(contact_id, category="bill-dispute", reason="article")

    wanted = await shift.hand_over(contact_id, key="t2", live=True)
    again = await shift.hand_over(contact_id, key="t2", live=True)

    assert wanted.ticket.reference == dispute.ticket.reference == again.ticket.reference
    assert (wanted.live, wanted.created, wanted.next) == (True, False, "agent_joins")


async def test_another_problem_of_the_same_contact_is_another_ticket(shift: Shift) -> None:
    contact_id = await shift.contact()
    dispute = await shift.hand_over(contact_id, category="bill-dispute", reason="article")

    slow = await shift.hand_over(contact_id, key="t2", category="broadband-slow", reason="not_helped")
    person = await shift.hand_over(contact_id, key="t3", category="tv", live=True)

    assert len({dispute.ticket.reference, slow.ticket.reference, person.ticket.reference}) == 3


async def test_the_same_key_is_one_ticket_however_often_and_from_wherever(shift: Shift) -> None:
    contact_id = await shift.contact()

    answers = await asyncio.gather(*(shift.hand_over(contact_id, key="episode") for _ in range(8)))

    assert len({answer.ticket.reference for answer in answers}) == 1
    assert sorted(answer.created for answer in answers) == [False] * 7 + [True]


async def test_another_episode_is_another_ticket(shift: Shift) -> None:
    contact_id = await shift.contact()

    one, other = [await shift.hand_over(contact_id, key=key) for key in ("first", "second")]

    assert one.ticket.reference != other.ticket.reference


async def test_a_contact_nobody_reported_yet_is_handed_over_all_the_same(shift: Shift) -> None:
    contact_id = uuid4()
    opened = await shift.hand_over(contact_id, told=False)
    await shift.says(contact_id, "I said this before")
    start = ContactStart(contact_id=contact_id, channel="voice", language="fr", started_at=MONDAY_10)
    await reception.start_contact(shift.office, start)

    ticket = await shift.read(opened.ticket.reference)

    assert (ticket.channel, [turn.text for turn in ticket.turns]) == ("voice", ["I said this before"])


async def test_the_start_is_reported_once(shift: Shift) -> None:
    contact_id = await shift.contact("voice")
    again = ContactStart(contact_id=contact_id, channel="chat", language="de", started_at=MONDAY_10)

    await reception.start_contact(shift.office, again)

    async with shift.office.sessions() as session:
        assert (await session.get_one(ContactRecord, contact_id)).channel == "voice"


async def test_a_hand_over_waits_for_the_turn_that_led_to_it(shift: Shift) -> None:
    contact_id = await shift.contact()
    asked = HandOverAsked(signals=Signals(category="general", reason="no_answer"), key="k", after_turn="late")

    async def late() -> None:
        await asyncio.sleep(0.3)
        turn = Turn(contact_id=contact_id, turn_id="late", author="customer", text="my line crackles", at=MONDAY_10)
        await reception.record(shift.office, [turn])

    opened, _ = await asyncio.gather(handing_over.hand_over(shift.office, contact_id, asked), late())

    assert [turn.text for turn in (await shift.read(opened.ticket.reference)).turns] == ["my line crackles"]


async def test_a_turn_that_never_comes_does_not_keep_the_customer(shift: Shift) -> None:
    contact_id = await shift.contact()
    asked = HandOverAsked(signals=Signals(category="general", reason="left"), key="k", after_turn="lost")

    opened = await asyncio.wait_for(handing_over.hand_over(shift.office, contact_id, asked), 6)

    assert opened.created


async def test_what_was_tried_and_found_goes_into_the_ticket(shift: Shift) -> None:
    step = Step(flow="slow", step="restart", result="no change")
    check = Check(name="line_test", result="ok", at=MONDAY_10)

    reference = await shift.ticket(
        category="broadband-slow", steps=[step.model_dump()], checks=[check.model_dump()], articles=["wifi-slow"]
    )

    signals = (await shift.read(reference)).signals
    assert (signals.steps, signals.checks, signals.articles) == ((step,), (check,), ("wifi-slow",))


async def test_an_unknown_topic_goes_to_the_front_line(shift: Shift) -> None:
    opened = await shift.hand_over(await shift.contact(), category="crystal-balls")

    assert (opened.ticket.department, opened.ticket.category) == ("frontline", "general")


async def test_the_articles_hint_names_the_department(shift: Shift) -> None:
    opened = await shift.hand_over(await shift.contact(), category="wifi", department="radio")

    assert opened.ticket.department == "radio"


async def test_an_open_ticket_does_not_move_when_the_policy_does(shift: Shift) -> None:
    reference = await shift.ticket(category="bill-dispute")
    before = await shift.read(reference)

    async with shift.office.sessions() as session:
        kept = await session.scalar(select(TicketRecord.policy).where(TicketRecord.reference == reference))

    assert kept is not None
    assert kept["targets"]["resolve"]["within"] == "P1D"
    assert before.clocks[1].due_at is not None


async def test_text_that_a_database_cannot_keep_is_kept_without_it(shift: Shift) -> None:
    contact_id = await shift.contact()

    await shift.says(contact_id, "zero\x00 \U0001f600 <script>alert(1)</script>")
    opened = await shift.hand_over(contact_id, problem="a\x00b")

    ticket = await shift.read(opened.ticket.reference)
    assert ticket.turns[0].text == "zero \U0001f600 <script>alert(1)</script>"
    assert ticket.signals.problem == "ab"


async def test_a_phone_number_gets_a_text_with_the_reference(shift: Shift) -> None:
    reference = await shift.ticket(reachable="+44 7700 900123")

    (message,) = await shift.events("sms")

    assert (message["to"], message["kind"]) == ("+447700900123", "ticket_opened")
    assert reference in message["text"]


async def test_p1_starts_in_the_department_and_level_two_is_informed(shift: Shift) -> None:
    opened = await shift.hand_over(await shift.contact(), category="outage", service="down", affected="many")

    told = [message["to"] for message in await shift.events("sms")]

    assert (opened.ticket.priority, opened.ticket.tier) == ("P1", 3)
    assert told == ["+441632960131", "+441632960121"]  # felix.moreau acts, lena.fox is informed
