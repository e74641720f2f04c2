"""Events leave the outbox: at once, in order, and again when that failed."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from redis import RedisError
from redis.asyncio import Redis, from_url

from escalation.client import ContactStart, LiveEvent, Signals
from escalation.delivery import publish, send_texts
from outbound.client import OutboundUnavailable
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift


class Carrier:
    """Outbound, as far as escalation uses it; `away` makes it unreachable."""

    def __init__(self) -> None:
        self.sent: dict[str, str] = {}
        self.away = False
        self.refuses = False

    async def send(self, *, to: str, text: str, key: str, kind: str) -> None:
        if self.away:
            raise OutboundUnavailable("away")
        if self.refuses:
            request = httpx.Request("POST", "http://outbound")
            raise httpx.HTTPStatusError("422", request=request, response=httpx.Response(422, request=request))
        self.sent[key] = to


async def talk(running: Running) -> tuple[UUID, str, int]:
    """A live contact that Amira has accepted: contact, reference, version."""
    contact_id = uuid4()
    await running.client.start_contact(
        ContactStart(contact_id=contact_id, channel="chat", language="en", started_at=datetime.now(UTC))
    )
    signals = Signals(category="general", reason="wants_person", live=True)
    reference = (await running.client.hand_over(contact_id, signals, key="k")).ticket.reference
    ticket = await running.client.ticket("amira.khan", reference)
    ticket = await running.client.act("amira.khan", reference, "accept", version=ticket.version)
    return contact_id, reference, ticket.version


async def collected(events: AsyncIterator[LiveEvent], until: str) -> list[LiveEvent]:
    found = []
    async for event in events:
        found.append(event)
        if event.kind == until or event.text == until:
            return found
    return found


async def test_a_reply_reaches_the_front_door_at_once_and_in_order(running: Running) -> None:
    contact_id, reference, version = await talk(running)
    listening = asyncio.create_task(collected(running.client.live("chat", "chat", "one"), "3"))
    for number in ("1", "2"):
        version = (await running.client.act("amira.khan", reference, "reply", version=version, text=number)).version
    started = time.monotonic()
    await running.client.act("amira.khan", reference, "reply", version=version, text="3")

    events = await asyncio.wait_for(listening, 10)

    assert time.monotonic() - started < 1
    assert [(event.kind, event.text) for event in events] == [
        ("accepted", None),
        ("message", "1"),
        ("message", "2"),
        ("message", "3"),
    ]
    assert {event.contact_id for event in events} == {contact_id}


async def test_an_event_that_was_not_taken_comes_again_with_the_same_id(running: Running) -> None:
    await talk(running)
    (first,) = await asyncio.wait_for(collected(running.client.live("chat", "chat", "one"), "accepted"), 10)

    (again,) = await asyncio.wait_for(collected(running.client.live("chat", "chat", "one"), "accepted"), 10)

    assert again == first


async def test_every_console_hears_of_every_change(running: Running) -> None:
    heard: list[list[str]] = [[], []]

    async def listen(kinds: list[str]) -> None:
        async for event in running.client.staff_events():
            kinds.append(event.kind)

    consoles = [asyncio.create_task(listen(kinds)) for kinds in heard]
    await asyncio.sleep(0.2)
    await talk(running)
    await asyncio.sleep(0.5)
    for console in consoles:
        console.cancel()

    assert heard == [["opened", "accept"]] * 2


async def test_while_redis_is_away_events_wait_in_the_outbox(shift: Shift, redis: Redis) -> None:
    await shift.ticket()
    async with from_url("redis://127.0.0.1:1", decode_responses=True) as nowhere:
        with pytest.raises(RedisError):
            await publish(shift.office.sessions, nowhere, shift.watch())

    delivered = await publish(shift.office.sessions, redis, shift.watch())

    assert (delivered, await redis.xlen("escalation:staff")) == (1, 1)


async def test_two_publishers_at_once_deliver_everything_once_and_in_order(
    shift: Shift, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("escalation.delivery.BATCH", 7)
    contact_id = await shift.contact()
    reference = (await shift.hand_over(contact_id, live=True)).ticket.reference
    await shift.act("amira.khan", reference, "accept")
    for number in range(30):
        await shift.act("amira.khan", reference, "reply", text=str(number))

    for _ in range(3):
        await asyncio.gather(*(publish(shift.office.sessions, redis, shift.watch()) for _ in range(4)))

    entries: Any = await redis.xrange("escalation:live:chat")
    texts = [LiveEvent.model_validate_json(fields["event"]).text for _, fields in entries]
    assert texts == [None, *map(str, range(30))]


async def test_a_text_is_tried_until_outbound_takes_it_and_then_never_again(shift: Shift) -> None:
    carrier = Carrier()
    await shift.ticket(reachable="+447700900123")
    carrier.away = True
    tried = await send_texts(shift.office, carrier)
    carrier.away = False
    too_early = await send_texts(shift.office, carrier)
    shift.watch.advance(minutes=1)

    sent = [await send_texts(shift.office, carrier) for _ in range(2)]

    assert (tried, too_early, sent) == (0, 0, [1, 0])
    assert list(carrier.sent.values()) == ["+447700900123"]


async def test_a_text_that_can_never_be_sent_does_not_hold_up_the_rest(shift: Shift) -> None:
    carrier = Carrier()
    await shift.ticket(reachable="+447700900123")
    carrier.refuses = True
    await send_texts(shift.office, carrier)
    carrier.refuses = False
    await shift.ticket(reachable="+447700900124")

    await send_texts(shift.office, carrier)

    assert list(carrier.sent.values()) == ["+447700900124"]
