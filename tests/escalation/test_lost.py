"""A chat whose person is gone goes back to the queue, once, and nobody is thought gone because a program restarted."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis

from escalation import here, lost
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift

TOM = "tom.reed"


async def talks(shift: Shift, channel: Any = "chat") -> tuple[UUID, str]:
    """A customer whom Tom is talking with."""
    contact_id = await shift.contact(channel)
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act(TOM, reference, "accept")
    return contact_id, reference


async def open_for(shift: Shift, redis: Redis, seconds: float, *people: str) -> None:
    """A console runs all the time, and these people have a page of it open."""
    for _ in range(int(seconds // here.SAY_EVERY_S)):
        await here.say(redis, people, shift.watch())
        shift.watch.advance(seconds=here.SAY_EVERY_S)
    await here.say(redis, people, shift.watch())


async def told(shift: Shift, contact_id: UUID) -> list[str]:
    return [
        event["kind"] for event in await shift.events("escalation:live:chat") if event["contact_id"] == str(contact_id)
    ]


async def test_it_goes_back_to_the_queue_and_the_customer_is_told_where_they_stand(shift: Shift, redis: Redis) -> None:
    contact_id, reference = await talks(shift)
    await open_for(shift, redis, 60, TOM)
    await open_for(shift, redis, 40)
    early = await lost.look(shift.office, redis)
    await open_for(shift, redis, 10)

    looked = await lost.look(shift.office, redis)

    ticket = await shift.read(reference)
    assert (early, looked) == (0, 1)
    assert (ticket.assignee, ticket.status, ticket.live) == (None, "inProgress", True)
    assert [(line.who, line.what) for line in ticket.audit][-1] == ("watch", "connection_lost")
    assert (await told(shift, contact_id))[-1] == "lost"
    await shift.act("amira.khan", reference, "accept")
    assert (await shift.read(reference)).assignee == "amira.khan"


async def test_two_watches_give_it_back_once(shift: Shift, redis: Redis) -> None:
    _, reference = await talks(shift)
    await open_for(shift, redis, 20, TOM)
    await open_for(shift, redis, 60)

    looked = await asyncio.gather(*(lost.look(shift.office, redis) for _ in range(3)))

    assert sum(looked) == 1
    assert [line.what for line in (await shift.read(reference)).audit].count("connection_lost") == 1


async def test_another_page_that_is_open_is_enough(shift: Shift, redis: Redis) -> None:
    await talks(shift)
    await open_for(shift, redis, 120, TOM)

    assert await lost.look(shift.office, redis) == 0


@pytest.mark.parametrize("silent_s", [40, 600])
async def test_a_console_that_restarts_makes_nobody_look_gone(shift: Shift, redis: Redis, silent_s: int) -> None:
    await talks(shift)
    await open_for(shift, redis, 60, TOM)
    shift.watch.advance(seconds=silent_s)

    without = await lost.look(shift.office, redis)
    await open_for(shift, redis, 20)  # it runs again, and Tom's page has yet to come back
    early = await lost.look(shift.office, redis)
    await open_for(shift, redis, 20, TOM)

    assert (without, early, await lost.look(shift.office, redis)) == (0, 0, 0)


async def test_who_works_without_the_console_is_not_gone(shift: Shift, redis: Redis) -> None:
    await talks(shift)
    await open_for(shift, redis, 120, "amira.khan")

    assert await lost.look(shift.office, redis) == 0


async def test_a_call_and_a_chat_that_is_over_are_left_alone(shift: Shift, redis: Redis) -> None:
    _, call = await talks(shift, "voice")
    _, chat = await talks(shift)
    await open_for(shift, redis, 20, TOM)
    await shift.act(TOM, chat, "resolve", text="It works again.")
    await open_for(shift, redis, 60)

    assert await lost.look(shift.office, redis) == 0
    assert (await shift.read(call)).assignee == TOM


async def test_consoles_say_it_through_the_door(running: Running) -> None:
    office, after = running.office, timedelta(seconds=0)

    await running.client.say_here([TOM, TOM])
    await running.client.say_here([])

    assert await here.gone(running.redis, [TOM, "amira.khan"], office.now(), after=after) == {TOM}
