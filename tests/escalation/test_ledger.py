"""The ledger of fates: when they are written, and how they are read."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import delete

from escalation import ledger, reception
from escalation.asks import AnswerFate, FatesAsked
from escalation.calls.dialling import Dialler
from escalation.delivery import publish
from escalation.records import TurnRecord
from escalation.watch import round_of
from escalation.wire import ContactStart, Turn
from tests.escalation.calls.fake_network import FakeNetwork
from tests.escalation.escalation_service import Running
from tests.escalation.shift import MONDAY_10, Shift


async def answered(shift: Shift, contact_id: UUID, number: int = 1) -> None:
    decision = {"kind": "no_answer", "turn": f"t{number}"}
    said = {"contact_id": contact_id, "at": shift.watch()}
    await reception.record(
        shift.office,
        [
            Turn(turn_id=f"t{number}", author="customer", text=f"question {number}", **said),
            Turn(turn_id=f"b{number}", author="bot", text="...", about={"decision": decision}, **said),
        ],
    )


async def fates(shift: Shift, **asked: Any) -> list[AnswerFate]:
    await ledger.write_due(shift.office)
    return await ledger.read(shift.office, FatesAsked(**asked))


async def test_a_contact_that_nobody_ends_is_written_after_two_hours(shift: Shift) -> None:
    await answered(shift, await shift.contact())
    assert await fates(shift) == []

    shift.watch.advance(hours=2, minutes=1)

    assert [fate.outcome for fate in await fates(shift)] == ["unanswered"]


async def test_the_watch_writes_it(shift: Shift, redis: Redis) -> None:
    contact_id = await shift.contact()
    await answered(shift, contact_id)
    await reception.finish_contact(shift.office, contact_id, "unconfirmed")

    network = FakeNetwork()
    await round_of(shift.office, redis, network, Dialler(network))

    assert len(await ledger.read(shift.office, FatesAsked())) == 1


async def test_writing_again_changes_nothing(shift: Shift) -> None:
    contact_id = await shift.contact("voice")
    await answered(shift, contact_id)
    await reception.finish_contact(shift.office, contact_id, "unconfirmed")
    first = await fates(shift)

    await reception.finish_contact(shift.office, contact_id, "unconfirmed")

    assert await fates(shift) == first
    assert (first[0].channel, first[0].language, first[0].at) == ("voice", "en", MONDAY_10)


async def test_a_fate_outlives_its_turns_and_still_learns_how_the_ticket_ended(shift: Shift) -> None:
    contact_id = await shift.contact()
    await answered(shift, contact_id)
    ticket = (await shift.hand_over(contact_id, key="t1", reason="no_answer")).ticket.reference
    await reception.finish_contact(shift.office, contact_id, "handed_over")
    await fates(shift)
    async with shift.office.sessions.begin() as session:
        await session.execute(delete(TurnRecord))

    await shift.act("sam.okoye", ticket, "accept")
    await shift.act("sam.okoye", ticket, "resolve", text="We do not offer it.")
    (fate,) = await fates(shift)

    assert fate.ticket is not None
    assert (fate.question, fate.ticket.status, fate.ticket.done) == ("question 1", "resolved", "We do not offer it.")


async def test_a_reopened_ticket_that_is_closed_by_another_tells_the_last(shift: Shift) -> None:
    contact_id = await shift.contact()
    await answered(shift, contact_id)
    ticket = (await shift.hand_over(contact_id, key="t1")).ticket.reference
    await shift.act("sam.okoye", ticket, "accept")
    await shift.act("sam.okoye", ticket, "resolve", text="Try again.")
    await shift.act("sam.okoye", ticket, "reopen", reason="it is still broken")
    await shift.act("sam.okoye", ticket, "resolve", text="Replaced the router.")

    (fate,) = await fates(shift)

    assert fate.ticket is not None
    assert fate.ticket.done == "Replaced the router."


async def test_pages_and_times(shift: Shift) -> None:
    contacts = [await shift.contact() for _ in range(3)]
    for contact_id in contacts:
        await answered(shift, contact_id)
        await reception.finish_contact(shift.office, contact_id, "unconfirmed")
        await ledger.write_due(shift.office)
        shift.watch.advance(days=1)
    day = timedelta(days=1)

    assert [fate.contact_id for fate in await fates(shift, limit=2)] == contacts[:2]
    assert [fate.contact_id for fate in await fates(shift, since=MONDAY_10 + day)] == contacts[1:]
    assert [fate.contact_id for fate in await fates(shift, until=MONDAY_10 + day)] == contacts[:1]
    last = (await fates(shift, limit=2))[-1].id
    assert [fate.contact_id for fate in await fates(shift, after=last)] == contacts[2:]


async def test_the_client_reads_every_page(running: Running) -> None:
    for _ in range(5):
        contact_id, now = uuid4(), running.office.now()
        start = ContactStart(contact_id=contact_id, channel="chat", language="en", started_at=now)
        await running.client.start_contact(start)
        about: Any = {"decision": {"kind": "off_topic"}}
        turn = Turn(contact_id=contact_id, turn_id="b1", author="bot", text="...", at=now, about=about)
        await running.client.record([turn])
        await running.client.finish_contact(contact_id, "dropped")
    await ledger.write_due(running.office)

    assert len([fate async for fate in running.client.fates(page=2)]) == 5


async def test_what_waits_for_the_ledger_is_no_event(shift: Shift, redis: Redis) -> None:
    await answered(shift, await shift.contact())

    assert await publish(shift.office.sessions, redis, shift.watch()) == 0
    assert await redis.keys("fates*") == []


@pytest.mark.parametrize("query", ["limit=0", "limit=5000", "since=yesterday", "after=-1"])
async def test_a_question_that_makes_no_sense_is_refused(running: Running, query: str) -> None:
    assert (await running.http.get(f"/escalation/v1/fates?{query}")).status_code == 400


async def test_nobody_reads_fates_without_the_internal_token(running: Running) -> None:
    transport = httpx.ASGITransport(app=running.app)
    headers = {"Authorization": "Bearer test-api-token"}
    async with httpx.AsyncClient(transport=transport, base_url="http://escalation", headers=headers) as http:
        assert (await http.get("/escalation/v1/fates")).status_code == 401
