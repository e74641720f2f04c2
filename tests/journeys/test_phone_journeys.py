"""Whole calls through the running product, by signed webhooks, as Twilio makes them."""

import re

import httpx
import pytest

from ivr.simulator import Telephone
from ops.product import Product
from tests.journeys.people import agent_at, subscriber_at, telephone

pytestmark = pytest.mark.product

SPOKEN_REFERENCE = re.compile(r"(?:\d[ ,.]+){7}\d")


def told_reference(phone: Telephone) -> str | None:
    everything = " ".join(line.text for line in phone.heard if line.what == "says")
    found = SPOKEN_REFERENCE.findall(everything)
    return "FL-" + re.sub(r"\D", "", found[-1]) if found else None


async def test_a_call_by_speech_gets_an_answer(product: Product) -> None:
    async with telephone(product) as phone:
        assert "automated assistant" in phone.said

        await phone.says("how do I find out my PUK code")

        assert "P U K" in phone.said
        assert phone.wants == "words"
        await phone.says("yes that helped")
        assert phone.said


async def test_a_call_by_keys_alone_reaches_a_person_or_a_ticket(product: Product) -> None:
    async with telephone(product) as phone:
        for _ in range(12):
            if phone.wants != "words" or told_reference(phone):
                break
            await phone.presses("0" if "callback" not in phone.said else "1")

        assert told_reference(phone) is not None
        assert any(line.what == "rings" for line in phone.heard) or "called back" in phone.said


async def test_three_silences_end_at_a_person_or_a_callback(product: Product) -> None:
    async with telephone(product) as phone:
        for _ in range(3):
            assert phone.wants == "words", "no hang-up before the third silence"
            await phone.silent()

        assert told_reference(phone) is not None
        assert any(line.what == "rings" for line in phone.heard) or "called back" in phone.said


async def test_a_person_by_phone_and_the_ticket_asked_about_in_chat(product: Product) -> None:
    async with telephone(product, caller="+447700900456") as phone:
        await phone.says("I want to talk to a person")
        for _ in range(8):
            if told_reference(phone) or phone.wants != "words":
                break
            await phone.says(
                "yes" if "on this number" in phone.said or "call you" in phone.said else "my line is noisy"
            )
        reference = told_reference(phone)
        if phone.wants == "line":
            await phone.line("no-answer")
        await phone.hangs_up()
    assert reference is not None

    async with subscriber_at(product.url) as subscriber:
        await subscriber.hears("automated assistant")
        await subscriber.says(f"what is happening with my ticket {reference}")
        shown = await subscriber.hears(".")
        assert "P3" not in shown.text
        assert "priority" not in shown.text.lower(), "nothing of a ticket before a fact that matches"
        await subscriber.says("07700 900456")
        told = await subscriber.hears(reference)

    assert told.data["author"] == "bot"

    password = product.environment["FIRSTLINE_DEMO_PASSWORD"]
    async with agent_at(product.url, "amira.khan", password) as agent:
        page = await agent.ticket(reference)
    assert "I want to talk to a person" in page


async def test_a_forged_webhook_is_refused(product: Product) -> None:
    async with httpx.AsyncClient(base_url=product.url) as http:
        reply = await http.post("/ivr/answer", data={"CallSid": "CA1"}, headers={"X-Twilio-Signature": "forged"})

    assert reply.status_code == 403


async def test_hanging_up_in_the_middle_of_a_hand_over_leaves_a_ticket(product: Product) -> None:
    async with telephone(product, caller="+447700900789") as phone:
        await phone.says("I was charged twice this month")
        if told_reference(phone) is None:
            await phone.hangs_up()

    password = product.environment["FIRSTLINE_DEMO_PASSWORD"]
    async with agent_at(product.url, "bea.novak", password) as agent:
        found = (await agent.http.get("/console/", params={"search": "charged twice", "view": "all"})).text
    assert "FL-" in found
