"""Whole trips of subscribers through the running product: real Rasa, actions, Redis, PostgreSQL and console."""

import re

import httpx
import pytest

from ops.product import Product
from tests.journeys.people import REFERENCE, agent_at, subscriber_at

pytestmark = pytest.mark.product


async def test_who_is_logged_in_at_the_operators_site_is_asked_nothing(product: Product) -> None:
    operator = product.environment["FIRSTLINE_OPERATOR_URL"]
    bearer = {"Authorization": f"Bearer {product.environment['FIRSTLINE_OPERATOR_TOKEN']}"}
    async with httpx.AsyncClient() as site, subscriber_at(product.url) as subscriber:
        login = await site.post(f"{operator}/demo/login", json={"account": "10023456"}, headers=bearer)
        await subscriber.hears("automated assistant")

        taken = await subscriber.http.post(
            f"/chat/conversations/{subscriber.id}/login", json=login.json(), headers=subscriber.headers
        )
        await subscriber.says("how much is my bill")
        told = await subscriber.hears("is to be paid by")

    assert taken.status_code == 204
    assert re.search(r"£\d+\.\d\d", told.text)
    assert not any("account number" in shown.text for shown in subscriber.seen)


async def test_slow_internet_is_solved_by_guided_steps(product: Product) -> None:
    """A customer on Wi-Fi whose connection gets better at the first remedy."""
    steps: list[str] = []
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")

        await subscriber.says("my internet is really slow tonight")
        for _ in range(12):
            asked = await subscriber.hears('"choices": \\[".', within_s=20)
            if "anything else" in asked.text.lower():
                break
            steps.append(str(asked.data["about"].get("step")))
            await subscriber.says(best_of(asked.data["choices"]))
        outcome = [shown.data["about"].get("outcome") for shown in subscriber.seen if shown.data.get("about")]

    assert len(set(steps)) >= 3
    assert "confirmed_solved" in outcome


def best_of(choices: list[str]) -> str:
    for wish in ("without", "yes", "wi-fi", "done", "tried"):
        for choice in choices:
            if wish in choice.lower():
                return choice
    return choices[0]


async def test_a_double_charge_becomes_a_billing_ticket(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")

        await subscriber.says("I was charged twice this month")
        reference = await answered_until_reference(subscriber, "07700 900123")
        async with agent_at(product.url, "bea.novak", product.environment["FIRSTLINE_DEMO_PASSWORD"]) as agent:
            page = await agent.ticket(reference)

    assert "billing" in page.lower()
    assert re.search(r"\bP[1-4]\b", page)
    assert "I was charged twice this month" in page


async def answered_until_reference(subscriber, contact: str) -> str:  # type: ignore[no-untyped-def]
    """Answers what the assistant still needs to know until it tells a reference."""
    for _ in range(8):
        shown = await subscriber.hears(".")
        if found := REFERENCE.search(str(shown.data)):
            return found[0]
        asked = shown.text.lower()
        reach = any(word in asked for word in ("reach", "phone number", "e-mail", "email", "call you"))
        await subscriber.says(
            contact if reach else "two days ago" if "since" in asked or "when" in asked else "just me"
        )
    raise AssertionError("no reference was told")


async def test_a_person_takes_over_answers_live_and_hands_back(product: Product) -> None:
    password = product.environment["FIRSTLINE_DEMO_PASSWORD"]
    async with subscriber_at(product.url) as subscriber, agent_at(product.url, "amira.khan", password) as agent:
        await subscriber.hears("automated assistant")

        await subscriber.says("I want to talk to a person")
        reference = await answered_until_reference(subscriber, "07700 900123")
        await subscriber.sees("status", '"mode": "waiting"')
        assert reference in await agent.queue()
        await agent.does("accept", reference)
        await subscriber.sees("status", '"mode": "agent"')
        await agent.does("reply", reference, "Hello, this is Amira. What can I do?")
        await subscriber.hears("this is Amira", author="agent")
        await subscriber.says("My router is on fire, only joking")
        await agent.reads("only joking", reference)
        await agent.does("resolve", reference, "Joked along")
        await subscriber.sees("status", '"mode": "bot"')
        await subscriber.says("hello again")
        answer = await subscriber.hears(".")

    assert answer.data["author"] == "bot"


@pytest.mark.parametrize("text", ["asdf qwer zxcv", "how do I bake sourdough bread", "who won the football in 1998"])
async def test_off_topic_text_gets_no_invented_answer(product: Product, text: str) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")

        await subscriber.says(text)
        answer = await subscriber.hears(".")

    assert "article" not in answer.data.get("about", {})
    assert any("person" in choice.lower() for choice in answer.data["choices"])


@pytest.mark.parametrize(
    "text",
    [
        "my internet is slow " * 250,
        "😡😡😡 no internet 🛜❌",
        "<b>no internet</b><script>alert(1)</script>",
        '/intent{"a": 1}',
        "/restart",
        "{article} ${HOME} {{7*7}}",
        "   /session_start",
    ],
)
async def test_hostile_text_is_plain_text(product: Product, text: str) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")

        reply = await subscriber.says(text)
        mine = await subscriber.sees("message", author="customer")
        answer = await subscriber.hears(".")

    assert reply.status_code == 202
    assert mine.text == text.strip()[:4000].strip() or len(text) > 4000
    assert answer.text


async def test_empty_text_is_refused_kindly(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        reply = await subscriber.says("   ")

    assert reply.status_code == 400
    assert "empty" in reply.text


async def test_a_message_sent_twice_is_one_message(product: Product) -> None:
    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")

        first = await subscriber.says("hello", message_id="m-1")
        second = await subscriber.says("hello", message_id="m-1")
        await subscriber.hears(".")

    assert first.json() == second.json()
    assert sum(shown.data.get("author") == "customer" for shown in subscriber.seen) == 1


async def test_nobody_reads_a_conversation_without_its_token(product: Product) -> None:
    async with subscriber_at(product.url) as mine, subscriber_at(product.url) as stranger:
        address = f"/chat/conversations/{mine.id}/events"

        without = await mine.http.get(address)
        with_another = await mine.http.get(address, headers=stranger.headers)

    assert without.status_code in (401, 404)
    assert with_another.status_code in (401, 404)
