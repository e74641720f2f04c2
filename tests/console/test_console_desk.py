"""The console against the real escalation service, with a real PostgreSQL and Redis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from redis.asyncio import Redis

import escalation.app
from console.app import create_app
from escalation import migrate
from escalation.client import ContactStart, EscalationClient, LiveEvent, Signals, Turn
from settings import Settings
from tests.console.conftest import HERE
from tests.console.fake_library import FakeLibrary

AMIRA = {"username": "amira.khan", "password": "test-demo-password"}


@pytest.fixture
async def door(database_url: str, settings: Settings) -> AsyncIterator[EscalationClient]:
    """The real client against the real service, in one process."""
    await asyncio.to_thread(migrate.upgrade, database_url)
    service = escalation.app.create_app(settings)
    token = settings.firstline_internal_token.get_secret_value()
    async with (
        service.router.lifespan_context(service),
        Redis.from_url(settings.redis_url, decode_responses=True) as redis,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=service),
            base_url="http://escalation.test",
            headers={"Authorization": f"Bearer {token}"},
        ) as http,
    ):
        yield EscalationClient(http, redis)


@asynccontextmanager
async def amira(settings: Settings, door: EscalationClient) -> AsyncIterator[httpx.AsyncClient]:
    console = create_app(settings, desk=door, library=FakeLibrary())
    async with (
        console.router.lifespan_context(console),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=console),
            base_url=HERE,
            headers={"Origin": HERE, "HX-Request": "true"},
        ) as browser,
    ):
        assert (await browser.post("/sign-in", data=AMIRA)).status_code == 303
        yield browser


async def waiting_customer(door: EscalationClient) -> tuple[UUID, str]:
    """A chat whose customer asked for a person: the contact and the reference."""
    contact_id = uuid4()
    await door.start_contact(
        ContactStart(contact_id=contact_id, channel="chat", language="en", started_at=datetime.now(UTC))
    )
    await says(door, contact_id, "I want a person, my <b>broadband</b> is slow")
    signals = Signals(category="broadband-slow", reason="wants_person", problem="Slow broadband", live=True)
    handed = await door.hand_over(contact_id, signals, key="episode")
    return contact_id, handed.ticket.reference


async def says(door: EscalationClient, contact_id: UUID, text: str) -> None:
    turn = Turn(contact_id=contact_id, turn_id=uuid4().hex, author="customer", text=text, at=datetime.now(UTC))
    await door.record([turn])


async def next_message(door: EscalationClient) -> LiveEvent:
    async with asyncio.timeout(10):
        async for event in door.live("chat", "test", "test"):
            if event.kind == "message":
                return event
    raise AssertionError("the stream ended")


async def test_an_agent_takes_answers_and_solves_a_waiting_chat(settings: Settings, door: EscalationClient) -> None:
    contact_id, reference = await waiting_customer(door)
    async with amira(settings, door) as browser:
        queue = (await browser.get("/?view=tier")).text
        accepted = await browser.post(f"/tickets/{reference}/moves", data={"move": "accept", "version": "1"})
        reply = {"move": "reply", "version": "2", "words": "Hello, Amira here."}
        await browser.post(f"/tickets/{reference}/moves", data=reply)
        reached = await next_message(door)
        await says(door, contact_id, "Thank you")
        page = (await browser.get(f"/tickets/{reference}/now")).text
        solution = {"move": "resolve", "version": "3", "words": "Line reset."}
        resolved = await browser.post(f"/tickets/{reference}/moves", data=solution)

    assert reference in queue
    assert "In chat now" in queue
    assert "The ticket is yours." in accepted.text
    assert reached.text == "Hello, Amira here."
    assert "&lt;b&gt;broadband" in page
    assert page.index("Hello, Amira here.") < page.index("Thank you")
    assert resolved.status_code == 200
    assert 'class="state-dot resolved"' in resolved.text


async def test_who_acts_on_an_old_version_is_told_and_nothing_happens(
    settings: Settings, door: EscalationClient
) -> None:
    _, reference = await waiting_customer(door)
    async with amira(settings, door) as browser:
        await browser.post(f"/tickets/{reference}/moves", data={"move": "accept", "version": "1"})
        late = {"move": "resolve", "version": "1", "words": "Solved."}
        reply = await browser.post(f"/tickets/{reference}/moves", data=late)

    assert reply.status_code == 409
    assert "changed in the meantime" in reply.text
    assert 'class="state-dot inProgress"' in reply.text


async def test_an_unknown_reference_is_a_clear_page(settings: Settings, door: EscalationClient) -> None:
    async with amira(settings, door) as browser:
        reply = await browser.get("/tickets/FL-00000000")

    assert reply.status_code == 404
    assert "There is no such ticket" in reply.text
