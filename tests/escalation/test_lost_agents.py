"""An agent whose console has gone in a live chat: back to the queue, once, told to everybody; and who is not gone."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import update

from escalation import agent_state, attendance, lost_agents, offer_round, reception
from escalation.audit import audit
from escalation.errors import NotAllowed
from escalation.records import TicketRecord
from escalation.streams import live
from escalation.ticket import Move
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift

AFTER = timedelta(seconds=45)
AMIRA, TOM = "amira.khan", "tom.reed"


class Consoles:
    """Consoles that report every five seconds, at the shift's time."""

    def __init__(self, shift: Shift, redis: Redis) -> None:
        self.shift, self.redis = shift, redis

    async def report(self, *people: str, begins: bool = False) -> None:
        await attendance.report(self.redis, people, begins=begins, now=self.shift.watch())

    async def run(self, seconds: int, *people: str) -> None:
        for _ in range(seconds // 5):
            self.shift.watch.advance(seconds=5)
            await self.report(*people)

    async def look(self) -> int:
        return await lost_agents.give_back(self.shift.office, self.redis, AFTER)


@pytest.fixture
async def consoles(shift: Shift, redis: Redis) -> Consoles:
    found = Consoles(shift, redis)
    await found.report(AMIRA, begins=True)
    await found.run(60, AMIRA)
    return found


async def chat_with(shift: Shift, who: str = AMIRA, **known: Any) -> tuple[UUID, str]:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True, **known)).ticket.reference
    await shift.act(who, reference, "accept")
    return contact_id, reference


async def test_the_chat_goes_back_to_the_queue_and_everybody_is_told(shift: Shift, consoles: Consoles) -> None:
    _, reference = await chat_with(shift)
    before = await shift.read(reference)

    await consoles.run(45)
    assert await consoles.look() == 0
    await consoles.run(5)
    assert await consoles.look() == 1

    ticket = await shift.read(reference)
    assert (ticket.assignee, ticket.live, ticket.status, ticket.tier) == (None, True, "inProgress", before.tier)
    assert (ticket.audit[-1].who, ticket.audit[-1].what) == ("watch", "requeue")
    assert ticket.audit[-1].why == "amira.khan was not connected for 45 s"
    told = (await shift.events(live("chat")))[-1]
    assert (told["kind"], told["agent_name"], told["queue_position"]) == ("lost", "Amira Khan", 1)
    assert await agent_state.state_of(shift.office, AMIRA) == "away"
    assert await agent_state.lost_chats(shift.office, AMIRA) == [reference]


async def test_it_happens_once_however_many_look(shift: Shift, consoles: Consoles) -> None:
    _, reference = await chat_with(shift)
    await consoles.run(60)

    await asyncio.gather(*(consoles.look() for _ in range(5)))
    await consoles.look()

    ticket = await shift.read(reference)
    assert [entry.what for entry in ticket.audit].count("requeue") == 1
    assert [event["kind"] for event in await shift.events(live("chat"))].count("lost") == 1


async def test_the_next_person_is_offered_it_and_the_customer_keeps_their_place(
    shift: Shift, consoles: Consoles
) -> None:
    await agent_state.enter(shift.office, TOM, "ready")
    _, reference = await chat_with(shift)
    await consoles.run(60, TOM)
    await shift.hand_over(await shift.contact(), live=True)  # somebody else begins to wait
    await consoles.look()

    await offer_round.advance(shift.office)

    ticket = await shift.read(reference)
    assert [offer.name for offer in ticket.offers if offer.outcome is None] == ["Tom Reed"]
    assert (await shift.events(live("chat")))[-1]["queue_position"] == 1


async def test_one_open_page_is_enough(shift: Shift, consoles: Consoles) -> None:
    await chat_with(shift)

    await consoles.run(300, AMIRA)

    assert await consoles.look() == 0


async def test_who_comes_back_in_time_keeps_the_chat(shift: Shift, consoles: Consoles) -> None:
    await chat_with(shift)
    await consoles.run(40)
    await consoles.run(5, AMIRA)
    await consoles.run(40)

    assert await consoles.look() == 0


async def test_a_restart_of_the_console_throws_nobody_out(shift: Shift, consoles: Consoles) -> None:
    _, reference = await chat_with(shift)

    shift.watch.advance(minutes=10)  # no console reports: it is being changed
    assert await consoles.look() == 0
    await consoles.report(begins=True)
    assert await consoles.look() == 0
    await consoles.run(40)
    assert await consoles.look() == 0
    await consoles.run(10)

    assert await consoles.look() == 1  # the page did not come back
    assert (await shift.read(reference)).assignee is None


async def test_a_second_console_that_starts_gives_everybody_time_too(shift: Shift, consoles: Consoles) -> None:
    await chat_with(shift)
    await consoles.run(40)
    await consoles.report(begins=True)
    await consoles.run(20)

    assert await consoles.look() == 0


async def test_who_never_opened_a_console_cannot_lose_it(shift: Shift, consoles: Consoles) -> None:
    await chat_with(shift, TOM)

    await consoles.run(300, AMIRA)

    assert await consoles.look() == 0


async def test_who_was_in_a_console_yesterday_and_acts_by_another_way_is_not_gone(
    shift: Shift, consoles: Consoles
) -> None:
    await consoles.run(600)
    _, reference = await chat_with(shift)
    await consoles.run(40)
    assert await consoles.look() == 0

    await shift.act(AMIRA, reference, "reply", text="One moment.")
    await consoles.run(40)

    assert await consoles.look() == 0


async def test_after_redis_forgot_everything_nobody_is_gone(shift: Shift, consoles: Consoles) -> None:
    await chat_with(shift)
    await consoles.redis.flushall()
    await consoles.run(300)

    assert await consoles.look() == 0


async def test_a_call_is_not_a_chat(shift: Shift, consoles: Consoles) -> None:
    reference = (await shift.hand_over(await shift.contact("voice", "+447700900111"), live=True)).ticket.reference
    await shift.act(AMIRA, reference, "accept")
    async with shift.office.sessions.begin() as session:
        await session.execute(update(TicketRecord).values(live=True))
    await consoles.run(300)

    assert await consoles.look() == 0


async def test_a_customer_who_has_left_is_waited_for_by_nobody(shift: Shift, consoles: Consoles) -> None:
    contact_id, reference = await chat_with(shift)
    await reception.finish_contact(shift.office, contact_id, "dropped")
    await consoles.run(300)

    assert await consoles.look() == 0
    assert (await shift.read(reference)).assignee == AMIRA


async def test_a_question_to_the_customer_is_ours_again_and_the_clocks_run(shift: Shift, consoles: Consoles) -> None:
    _, reference = await chat_with(shift)
    await shift.act(AMIRA, reference, "ask_customer", text="Which lights are on?")
    await consoles.run(60)

    await consoles.look()

    ticket = await shift.read(reference)
    assert ticket.status == "inProgress"
    assert {clock.state for clock in ticket.clocks} <= {"running", "met"}
    assert (await audit(shift.office, days=1, within=timedelta(hours=1))).differences == []


async def test_two_chats_are_both_named_until_the_agent_says_what_they_do(shift: Shift, consoles: Consoles) -> None:
    references = {(await chat_with(shift))[1], (await chat_with(shift))[1]}
    await consoles.run(60)
    assert await consoles.look() == 2

    assert set(await agent_state.lost_chats(shift.office, AMIRA)) == references
    await agent_state.enter(shift.office, AMIRA, "ready")

    assert await agent_state.lost_chats(shift.office, AMIRA) == []


async def test_nobody_can_ask_for_it(shift: Shift, consoles: Consoles) -> None:
    _, reference = await chat_with(shift)

    for username in (AMIRA, "sam.okoye"):
        assert "requeue" not in (await shift.read(reference, username)).moves
    with pytest.raises((NotAllowed, ValueError)):
        await shift.act("sam.okoye", reference, Move.REQUEUE, reason="because")


async def test_consoles_report_through_the_door_and_only_people_of_ours_are_kept(running: Running) -> None:
    await running.client.attend([AMIRA, "somebody.else"], begins=True)

    assert (await attendance.read(running.redis)).seen.keys() == {AMIRA}
