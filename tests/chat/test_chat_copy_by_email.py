"""A copy by e-mail goes to the address the customer gives, of their own conversation, and not often."""

import httpx
import pytest

from bot.client import BotMessage
from chat import post
from outbound.message import Message
from settings import Settings
from tests.chat.fakes import Visitor, World, served, site


async def mailed(visitor: Visitor, address: object = "ada@example.com") -> httpx.Response:
    url = f"/chat/conversations/{visitor.id}/copy-by-email"
    return await visitor.http.post(url, json={"address": address}, headers=visitor.headers)


async def test_it_is_what_was_said_with_facts_hidden_and_why_it_came(visitor: Visitor, world: World) -> None:
    world.bot.replies["check my account"] = [BotMessage("What is your postcode?", expects="fact")]
    world.bot.replies["EC1A 1BB"] = [BotMessage("Thank you.")]
    await visitor.writes("check my account")
    await visitor.hears("postcode")
    await visitor.writes("EC1A 1BB")
    await visitor.hears("Thank you.")

    sent = await mailed(visitor, " Ada@Example.com ")

    [(to, text, kind)] = world.messages.sent.values()
    assert (sent.status_code, to, kind) == (204, "ada@example.com", "transcript")
    assert text.startswith("Somebody who chatted with Larkfield Telecom asked us to send this copy")
    assert "check my account" in text
    assert "Account detail (hidden)" in text
    assert "EC1A 1BB" not in text


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "ada@localhost", "ada@example.com\nBcc: all@example.com", "a b@example.com", "07700900123", 5],
)
async def test_only_an_address_is_written_to(visitor: Visitor, world: World, address: object) -> None:
    refused = await mailed(visitor, address)

    assert refused.status_code == 400
    assert world.messages.sent == {}


async def test_nobody_elses_conversation_is_sent(visitor: Visitor, world: World, http: httpx.AsyncClient) -> None:
    other = await Visitor.comes(http)
    other.id = visitor.id

    assert (await mailed(other)).status_code == 401
    assert world.messages.sent == {}


async def test_of_one_conversation_a_few_copies_go_out(visitor: Visitor, world: World) -> None:
    answers = [(await mailed(visitor, f"ada{number}@example.com")).status_code for number in range(post.COPIES + 2)]

    assert answers == [204] * post.COPIES + [429] * 2
    assert len(world.messages.sent) == post.COPIES


async def test_nobody_gets_more_than_a_few_a_day_whoever_asks(settings: Settings, world: World) -> None:
    async with served(site(settings, world)) as url, httpx.AsyncClient(base_url=url) as http:
        visitors = [await Visitor.comes(http) for _ in range(post.TO_ONE_ADDRESS + 1)]
        answers = [(await mailed(visitor, "victim@example.com")).status_code for visitor in visitors]

    assert answers == [204] * post.TO_ONE_ADDRESS + [429]


async def test_while_nothing_can_be_sent_it_is_said(visitor: Visitor, world: World) -> None:
    world.messages.away = True

    away = await mailed(visitor)

    assert (away.status_code, away.json()["code"]) == (503, "mail_away")


async def test_the_longest_copy_is_a_message_that_outbound_takes(visitor: Visitor, world: World) -> None:
    world.bot.replies = {f"n{number}": [BotMessage("word " * 1500)] for number in range(10)}
    for number in range(10):
        await visitor.writes(f"n{number}")
    await visitor.writes("the end")
    await visitor.hears("You said: the end")

    await mailed(visitor)

    [(to, text, _)] = world.messages.sent.values()
    assert "The beginning of this long conversation is left out" in text
    assert text.endswith("You said: the end")
    Message(to=to, text=text, key="k", kind="transcript")
