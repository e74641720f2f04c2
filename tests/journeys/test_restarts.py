"""A program dies in the middle of a conversation: a sensible word, nothing lost, and the conversation goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ops.product import Product
from tests.journeys.people import REFERENCE, agent_at, subscriber_at

pytestmark = pytest.mark.product
LONGEST_S = 120  # a program that was just started answers within this on a busy machine


@asynccontextmanager
async def dead(product: Product, name: str) -> AsyncIterator[None]:
    """The program is killed on entry, and started and awaited on exit, as its supervisor would."""
    child = product.children.named(name)
    child.kill()
    try:
        yield
    finally:
        child.spawn()
        await asyncio.to_thread(child.wait_ready)


@pytest.mark.parametrize("name", ["rasa", "inner"])
async def test_a_message_sent_while_a_program_is_away_is_answered_when_it_is_back(product: Product, name: str) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")

        async with dead(product, name):
            await subscriber.says("how do I find out my PUK code")
            await subscriber.hears("I have your message", author="system")
        answer = await subscriber.hears("PUK", within_s=LONGEST_S)
        await subscriber.says("thanks")
        thanked = await subscriber.hears(".")

    assert answer.data["author"] == "bot"
    assert thanked.text
    assert sum("PUK code" in shown.text for shown in subscriber.seen if shown.data.get("author") == "customer") == 1


async def test_a_conversation_outlives_the_web_program(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        await subscriber.says("hello")
        await subscriber.hears(".")
        before = [shown.id for shown in subscriber.seen]

        async with dead(product, "web"):
            pass
        await subscriber.says("how do I find out my PUK code")
        await subscriber.hears("PUK", within_s=LONGEST_S)

    ids = [shown.id for shown in subscriber.seen]
    assert ids[: len(before)] == before
    assert len(set(ids)) == len(ids)


async def test_a_ticket_told_before_a_crash_is_there_after_it(product: Product) -> None:
    password = product.environment["FIRSTLINE_DEMO_PASSWORD"]
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        await subscriber.says("I want to talk to a person")
        for _ in range(6):
            shown = await subscriber.hears(".")
            if found := REFERENCE.search(str(shown.data)):
                break
            await subscriber.says("07700 900123")
        assert found is not None

        async with dead(product, "postgres"), dead(product, "web"):
            pass
        async with agent_at(product.url, "amira.khan", password) as agent:
            page = await agent.ticket(found[0])

    assert "I want to talk to a person" in page
