"""Clocks run out: each step happens once, and nothing passes silently."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from escalation.deadlines import fire_due
from escalation.records import HeartbeatRecord
from escalation.watch import beat
from tests.escalation.shift import MONDAY_10, Shift

LIVE = "escalation:live:chat"
P1: dict[str, Any] = {"category": "outage", "service": "down", "affected": "many"}


async def what_happened(shift: Shift, reference: str) -> list[str]:
    return [entry.what for entry in (await shift.read(reference)).audit if entry.who == "watch"]


async def test_before_a_deadline_somebody_is_warned_and_at_it_somebody_else_gets_the_ticket(shift: Shift) -> None:
    reference = await shift.ticket(category="bill-dispute")  # P3: respond within 4 h
    happened = []
    for hours in (1, 1, 1, 1):
        shift.watch.advance(hours=hours)
        await fire_due(shift.office)
        happened.append(len(await what_happened(shift, reference)))

    ticket = await shift.read(reference)
    assert happened == [0, 1, 2, 3]
    assert await what_happened(shift, reference) == [
        "warned: respond 50%",
        "warned: respond 75%",
        "moved up: respond 100%",
    ]
    assert (ticket.tier, {clock.name: clock.state for clock in ticket.clocks}["respond"]) == (2, "missed")
    assert (await shift.events("sms"))[-1]["to"] == "+441632960121"  # lena.fox, level 2


async def test_a_step_fires_once_though_two_watchers_run_at_once(shift: Shift) -> None:
    references = [await shift.ticket(category="bill-dispute") for _ in range(5)]
    shift.watch.advance(hours=4)

    for _ in range(3):
        await asyncio.gather(*(fire_due(shift.office) for _ in range(4)))

    for reference in references:
        happened = await what_happened(shift, reference)
        assert sorted(happened) == ["moved up: respond 100%", "warned: respond 50%", "warned: respond 75%"]


async def test_a_watch_that_was_away_makes_up_for_it_once(shift: Shift) -> None:
    reference = await shift.ticket(**P1)
    shift.watch.advance(days=2)

    fired = [await fire_due(shift.office), await fire_due(shift.office)]

    assert fired == [12, 0]  # four steps of respond and of resolve, two of update, two of the tier's own clock
    assert (await shift.read(reference)).next_contact == "Sam Okoye"


async def test_what_was_answered_in_time_is_never_warned_about(shift: Shift) -> None:
    reference = await shift.ticket(category="bill-dispute")
    await shift.act("bea.novak", reference, "accept")
    shift.watch.advance(hours=4)

    await fire_due(shift.office)

    assert await what_happened(shift, reference) == []


async def test_a_pending_ticket_is_not_warned_about_until_the_customer_answers(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, **P1)).ticket.reference
    await shift.act("felix.moreau", reference, "accept")
    shift.watch.advance(hours=1)
    await shift.act("felix.moreau", reference, "ask_customer", text="Is the light red?")
    shift.watch.advance(hours=20)
    await fire_due(shift.office)
    quiet = await what_happened(shift, reference)
    await shift.says(contact_id, "yes")
    shift.watch.advance(hours=1)

    await fire_due(shift.office)

    assert quiet == []
    assert set(await what_happened(shift, reference)) == {
        *("warned: update 75%", "told", "moved up: update 100%"),  # an hour after the question, a message too
        *("warned: tier 80%", "warned: resolve 50%"),  # two hours after it was opened, less the waiting
    }


async def test_at_the_top_the_supervisor_is_told(shift: Shift) -> None:
    reference = await shift.ticket(**P1)
    shift.watch.advance(minutes=15)

    await fire_due(shift.office)

    ticket = await shift.read(reference, "sam.okoye")
    assert ticket.tier == 3
    assert ticket.audit[-1].why == "to tier 3, sam.okoye"


async def test_a_deadline_does_not_tear_a_conversation_apart(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True, category="bill-dispute")).ticket.reference
    await shift.act("bea.novak", reference, "accept")
    shift.watch.advance(days=4)

    await fire_due(shift.office)

    ticket = await shift.read(reference)
    assert (ticket.tier, ticket.assignee) == (4, "bea.novak")


async def test_a_live_customer_nobody_accepts_is_offered_to_the_next_and_told_so(shift: Shift) -> None:
    reference = await shift.ticket(live=True)
    asked = []
    for _ in range(3):
        shift.watch.advance(seconds=60)
        await fire_due(shift.office)
        asked.append((await shift.read(reference)).audit[-1].why)

    assert asked == [
        "amira.khan did not; asked tom.reed in tier 1",
        "tom.reed did not; asked lena.fox in tier 2",
        "lena.fox did not; asked nadia.petrova in tier 3",
    ]
    told = await shift.events(LIVE)
    assert [(event["kind"], event["queue_position"], event["text"]) for event in told] == [("queue", 1, None)] * 3


async def test_after_the_last_one_the_supervisor_is_asked_less_and_less_often(shift: Shift) -> None:
    await shift.ticket(live=True)
    fired = 0
    for _ in range(60):
        shift.watch.advance(seconds=60)
        fired += await fire_due(shift.office)

    assert 5 < fired < 12


async def test_once_accepted_nobody_else_is_asked(shift: Shift) -> None:
    reference = await shift.ticket(live=True)
    await shift.act("tom.reed", reference, "accept")
    shift.watch.advance(minutes=10)

    await fire_due(shift.office)

    assert await what_happened(shift, reference) == []


async def test_who_left_is_not_waited_for_any_more(shift: Shift) -> None:
    from escalation import reception

    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await reception.finish_contact(shift.office, contact_id, "dropped")
    shift.watch.advance(minutes=5)

    await fire_due(shift.office)

    assert await what_happened(shift, reference) == []


async def test_the_watch_leaves_a_heartbeat(shift: Shift) -> None:
    await beat(shift.office)
    shift.watch.advance(seconds=1)
    await beat(shift.office)

    async with shift.office.sessions() as session:
        assert await session.scalar(select(HeartbeatRecord.at)) == MONDAY_10 + timedelta(seconds=1)
