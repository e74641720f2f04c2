"""Contacts come, talk, wait and go."""

from typing import Any
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from escalation import reception
from escalation.asks import StatusAsked
from escalation.records import ContactRecord
from escalation.status import status_of
from escalation.wire import Turn
from tests.escalation.shift import MONDAY_10, Shift

LIVE = "escalation:live:chat"
STAFF = "escalation:staff"


async def outcome(shift: Shift, contact_id: Any) -> str | None:
    async with shift.office.sessions() as session:
        return await session.scalar(select(ContactRecord.outcome).where(ContactRecord.id == contact_id))


async def test_a_turn_told_twice_is_kept_once(shift: Shift) -> None:
    contact_id = await shift.contact()
    turn = Turn(contact_id=contact_id, turn_id="1", author="customer", text="hi", at=MONDAY_10)

    await reception.record(shift.office, [turn, turn])
    await reception.record(shift.office, [turn])

    reference = (await shift.hand_over(contact_id, told=False)).ticket.reference
    assert (await shift.read(reference)).turns == [turn]


async def test_what_a_customer_says_reaches_the_agent_and_counts_as_unread(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act("amira.khan", reference, "accept")
    await shift.says(contact_id)
    await shift.says(contact_id)

    first, again = [(await shift.read(reference, "amira.khan")).unread for _ in range(2)]

    assert (first, again) == (2, 0)
    assert [event["kind"] for event in await shift.events(STAFF)][-2:] == ["message", "message"]


async def test_a_customer_who_writes_does_not_outdate_the_agents_page(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    version = (await shift.act("amira.khan", reference, "accept")).version
    await shift.says(contact_id)

    ticket = await shift.act("amira.khan", reference, "reply", text="yes", version=version)

    assert ticket.version == version + 1


async def test_talk_with_the_assistant_is_not_unread_by_anyone(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id)).ticket.reference

    await shift.says(contact_id, "another question")

    assert (await shift.read(reference)).unread == 0


async def test_going_back_to_the_assistant_keeps_the_ticket(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference

    await reception.release(shift.office, contact_id)

    ticket = await shift.read(reference)
    assert (ticket.live, ticket.status) == (False, "acknowledged")
    assert [event["kind"] for event in await shift.events(LIVE)] == ["released"]


@pytest.mark.parametrize(
    ("known", "reported", "stored"),
    [
        (None, "confirmed_solved", "confirmed_solved"),
        ({"live": True}, "dropped", "wanted_person_got_none"),
        ({"live": True, "reachable": "+447700900123"}, "dropped", "handed_over"),
        ({"live": False}, "dropped", "handed_over"),
    ],
)
async def test_the_outcome_is_what_really_came_of_it(shift: Shift, known: Any, reported: Any, stored: str) -> None:
    contact_id = await shift.contact()
    if known is not None:
        await shift.hand_over(contact_id, **known)

    await reception.finish_contact(shift.office, contact_id, reported)

    assert await outcome(shift, contact_id) == stored


async def test_a_customer_who_comes_back_is_open_again(shift: Shift) -> None:
    contact_id = await shift.contact()
    await reception.finish_contact(shift.office, contact_id, "unconfirmed")
    shift.watch.advance(minutes=1)

    await shift.says(contact_id, "one more thing")

    async with shift.office.sessions() as session:
        assert (await session.get_one(ContactRecord, contact_id)).ended_at is None


async def test_the_wait_is_said_only_when_it_is_known(shift: Shift) -> None:
    for waited in (30, 60, 90):
        reference = await shift.ticket(live=True)
        shift.watch.advance(seconds=waited)
        await shift.act("amira.khan", reference, "accept")
    contact_id = await shift.contact()

    await shift.hand_over(contact_id, live=True)

    waiting = await reception.waiting_of(shift.office, contact_id)
    assert waiting is not None
    assert (waiting.queue_position, waiting.expected_wait_s) == (1, 60)
    assert await reception.waiting_of(shift.office, uuid4()) is None


REACHABLE = "+447700900123"


@pytest.mark.parametrize(
    ("proof", "found"),
    [
        (REACHABLE, True),
        ("07700 900123", True),
        ("C-1001", True),
        ("+447700900124", False),
        ("900123", False),
        ("", False),
        (None, False),
    ],
)
async def test_a_ticket_is_shown_to_who_can_show_that_it_is_theirs(
    shift: Shift, redis: Redis, proof: str | None, found: bool
) -> None:
    reference = await shift.ticket(reachable=REACHABLE, customer_id="C-1001")

    answer = await status_of(shift.office, redis, StatusAsked(reference=reference.lower(), proof=proof))

    assert (answer is not None) is found


async def test_the_contact_that_opened_it_needs_no_proof(shift: Shift, redis: Redis) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id)).ticket.reference

    answer = await status_of(shift.office, redis, StatusAsked(reference=reference, contact_id=contact_id))

    assert answer is not None
    assert await status_of(shift.office, redis, StatusAsked(reference=reference, contact_id=uuid4())) is None


async def test_guessing_the_proof_does_not_pay(shift: Shift, redis: Redis) -> None:
    reference = await shift.ticket(reachable=REACHABLE)
    for guess in range(10):
        await status_of(shift.office, redis, StatusAsked(reference=reference, proof=f"+44770090012{guess}"))

    assert await status_of(shift.office, redis, StatusAsked(reference=reference, proof=REACHABLE)) is None
