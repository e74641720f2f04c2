"""Customers who have gone: a reply still reaches them, and a solution they do not contradict is closed in time."""

import asyncio

from sqlalchemy import select

from escalation.follow_up import follow_up
from escalation.kind_wire import FollowUpAsked
from escalation.reception import finish_contact
from escalation.records import OutboxRecord
from escalation.silence import close_unanswered
from tests.escalation.shift import Shift


async def solved(shift: Shift, **signals: str) -> str:
    reference = await shift.ticket(reachable="+447700900142", **signals)
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "resolve", text="A new line card is in.")
    return reference


async def texts_to(shift: Shift, number: str) -> list[str]:
    async with shift.office.sessions() as session:
        query = select(OutboxRecord.payload).where(OutboxRecord.topic == "sms").order_by(OutboxRecord.id)
        return [text["text"] for text in await session.scalars(query) if text["to"] == number]


async def status_of(shift: Shift, reference: str) -> str:
    return (await shift.read(reference)).status


async def test_a_solution_nobody_contradicts_is_closed_after_the_stated_time(shift: Shift) -> None:
    reference = await solved(shift)
    shift.watch.advance(days=3)

    assert await close_unanswered(shift.office) == 1

    ticket = await shift.read(reference)
    assert ticket.status == "closed"
    assert [(entry.who, entry.what) for entry in ticket.audit][-1] == ("watch", "close")
    told = await texts_to(shift, "+447700900142")
    assert [f"ticket {reference} is closed" in text for text in told].count(True) == 1


async def test_before_that_it_stays_open_to_a_no(shift: Shift) -> None:
    reference = await solved(shift)
    shift.watch.advance(days=2, hours=23)

    assert await close_unanswered(shift.office) == 0

    assert await status_of(shift, reference) == "resolved"


async def test_a_refused_solution_is_counted_from_the_next_one(shift: Shift) -> None:
    reference = await solved(shift)
    shift.watch.advance(days=2)
    await shift.act("amira.khan", reference, "reopen", reason="Still dead")
    await shift.act("amira.khan", reference, "resolve", text="Now the cable too.")
    shift.watch.advance(days=2)

    assert await close_unanswered(shift.office) == 0

    assert await status_of(shift, reference) == "resolved"


async def test_two_watches_close_it_once(shift: Shift) -> None:
    reference = await solved(shift)
    shift.watch.advance(days=4)

    closed = await asyncio.gather(*(close_unanswered(shift.office) for _ in range(4)))

    assert sum(closed) == 1
    assert [entry.what for entry in (await shift.read(reference)).audit].count("close") == 1


async def test_a_complaint_waits_for_its_follow_up(shift: Shift) -> None:
    reference = await solved(shift, category="complaint")
    shift.watch.advance(days=30)
    assert await close_unanswered(shift.office) == 0

    version = (await shift.read(reference)).version
    await follow_up(shift.office, "amira.khan", reference, FollowUpAsked(how="call", text="Content.", version=version))

    assert await close_unanswered(shift.office) == 1
    assert await status_of(shift, reference) == "closed"


async def test_a_reply_to_who_has_left_is_sent_to_the_address_they_left(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, reachable="+447700900142")).ticket.reference
    await finish_contact(shift.office, contact_id, "unconfirmed")
    await shift.act("amira.khan", reference, "accept")

    await shift.act("amira.khan", reference, "reply", text="Please restart the router.")

    assert f"about ticket {reference}: Please restart the router." in (await texts_to(shift, "+447700900142"))[-1]


async def test_whoever_closes_it_the_customer_hears_it_once(shift: Shift) -> None:
    reference = await solved(shift)

    await shift.act("amira.khan", reference, "close")
    shift.watch.advance(days=4)
    await close_unanswered(shift.office)

    told = await texts_to(shift, "+447700900142")
    assert [f"ticket {reference} is closed" in text for text in told].count(True) == 1


async def test_who_left_no_number_hears_it_in_the_conversation(shift: Shift) -> None:
    reference = await shift.ticket()
    await shift.act("amira.khan", reference, "accept")
    await shift.act("amira.khan", reference, "resolve", text="A new line card is in.")

    await shift.act("amira.khan", reference, "close")

    said = (await shift.events("escalation:live:chat"))[-1]
    assert (said["kind"], f"ticket {reference} is closed" in said["text"]) == ("message", True)
