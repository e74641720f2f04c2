"""That somebody types is told to the other side of a live chat, across programs, and is kept nowhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from escalation import typing_sign
from escalation.client import EscalationClient, EscalationRefused
from escalation.typing_wire import CHANNEL, TypingSign
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift


@asynccontextmanager
async def reader(client: EscalationClient, redis: Redis) -> AsyncIterator[asyncio.Queue[TypingSign]]:
    """Another program that reads the signs."""
    heard: asyncio.Queue[TypingSign] = asyncio.Queue()

    async def read() -> None:
        async for sign in client.typing_signs():
            heard.put_nowait(sign)

    before = int((await redis.pubsub_numsub(CHANNEL))[0][1])
    reading = asyncio.create_task(read())
    while int((await redis.pubsub_numsub(CHANNEL))[0][1]) == before:
        await asyncio.sleep(0.01)
    try:
        yield heard
    finally:
        reading.cancel()


async def live_chat(running: Running) -> tuple[UUID, str]:
    shift = Shift(running.office, running.office.now)  # type: ignore[arg-type]  # the clock on the wall
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act("amira.khan", reference, "accept")
    return contact_id, reference


async def test_both_sides_hear_of_each_other_in_every_program(running: Running) -> None:
    contact_id, reference = await live_chat(running)

    async with reader(running.client, running.redis) as one, reader(running.client, running.redis) as two:
        await running.client.customer_types(contact_id)
        await running.client.agent_types("amira.khan", reference)

        for heard in (one, two):
            async with asyncio.timeout(5):
                customer, agent = await heard.get(), await heard.get()
            assert (customer.by, customer.reference, customer.username) == ("customer", reference, "amira.khan")
            assert (agent.by, agent.contact_id, agent.name) == ("agent", contact_id, "Amira Khan")


async def test_nothing_is_kept_of_it(running: Running) -> None:
    contact_id, reference = await live_chat(running)
    before, keys = await running.client.ticket("sam.okoye", reference), await running.redis.keys()

    await running.client.customer_types(contact_id)
    await running.client.agent_types("amira.khan", reference)

    after = await running.client.ticket("sam.okoye", reference)
    assert (after.turns, after.notes, after.audit) == (before.turns, before.notes, before.audit)
    assert set(await running.redis.keys()) == set(keys)


async def test_outside_a_live_chat_nobody_is_told(shift: Shift, redis: Redis) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    async with redis.pubsub() as channel:
        await channel.subscribe(CHANNEL)
        await channel.get_message(timeout=1)

        await typing_sign.customer_types(shift.office, redis, contact_id)  # nobody has accepted yet
        await typing_sign.customer_types(shift.office, redis, uuid4())
        await typing_sign.agent_types(shift.office, redis, "amira.khan", reference)
        await shift.act("amira.khan", reference, "accept")
        await typing_sign.agent_types(shift.office, redis, "tom.reed", reference)  # only looks on
        await shift.act("amira.khan", reference, "resolve", text="Done.")
        await typing_sign.agent_types(shift.office, redis, "amira.khan", reference)

        assert await channel.get_message(ignore_subscribe_messages=True, timeout=0.3) is None


async def test_who_may_not_see_the_ticket_cannot_type_into_it(running: Running) -> None:
    _, reference = await live_chat(running)

    with pytest.raises(EscalationRefused) as refused:
        await running.client.agent_types("priya.shah", reference)

    assert refused.value.status == 404


async def test_without_redis_the_chat_goes_on(shift: Shift) -> None:
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act("amira.khan", reference, "accept")
    away = Redis.from_url("redis://127.0.0.1:1/0")

    await typing_sign.customer_types(shift.office, away, contact_id)
    await typing_sign.agent_types(shift.office, away, "amira.khan", reference)

    assert (await shift.read(reference)).assignee == "amira.khan"
