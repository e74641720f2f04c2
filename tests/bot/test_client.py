"""bot.client: what Rasa is told, and what becomes of its replies."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from bot.client import BotClient, BotUnavailable, plain

CONTACT = UUID("7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11")
Handler = Callable[[httpx.Request], httpx.Response]


class Rasa:
    """Answers every message with the same parts and remembers what it was asked."""

    def __init__(self, *parts: dict[str, Any]) -> None:
        self.parts = list(parts)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content))
        return httpx.Response(200, json=self.parts)


def client(handler: Handler) -> BotClient:
    return BotClient(httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://rasa"))


async def say(bot: BotClient, text: str) -> Any:
    return await bot.send(CONTACT, text, turn_id="t1", medium="screen", language="en")


async def test_every_message_carries_who_and_where() -> None:
    rasa = Rasa({"text": "Hello"})

    await client(rasa).send(CONTACT, "hi", turn_id="t1", medium="ear", language="en", caller="+441632960001")

    assert rasa.asked == [
        {
            "sender": CONTACT.hex,
            "message": "hi",
            "metadata": {
                "contact_id": str(CONTACT),
                "turn_id": "t1",
                "medium": "ear",
                "language": "en",
                "caller": "+441632960001",
            },
        }
    ]


async def test_buttons_become_choices_and_custom_belongs_to_its_message() -> None:
    rasa = Rasa(
        {"text": "Did this help?", "buttons": [{"title": "Yes"}, {"title": "No"}]},
        {"custom": {"about": {"article": "wifi"}, "expects": "text", "closing": True}},
    )

    (message,) = await say(client(rasa), "wifi")

    assert message.choices == ("Yes", "No")
    assert message.about == {"article": "wifi"}
    assert message.expects == "text"
    assert message.closing


@pytest.mark.parametrize("text", ["/restart", "  /restart", "\x00/restart", "\u200b/restart", "// /restart"])
def test_a_leading_slash_is_never_a_command(text: str) -> None:
    assert plain(text, 100) == "restart"


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "/", " / / "])
def test_nothing_said_is_a_question_mark(text: str) -> None:
    assert plain(text, 100) == "?"


def test_a_long_text_is_cut() -> None:
    assert len(plain("a" * 5000, 4000)) == 4000


async def test_half_a_character_is_replaced_and_sent() -> None:
    rasa = Rasa({"text": "Hello"})

    await say(client(rasa), "broken \ud83d emoji")

    assert rasa.asked[0]["message"] == "broken ? emoji"


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(500),
        httpx.Response(503, text="no"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json=[{"custom": {"about": {}}}]),
        httpx.Response(200, json={"status": "ok"}),
        httpx.Response(200, text="<html>"),
    ],
)
async def test_an_error_or_an_empty_reply_means_unavailable(reply: httpx.Response) -> None:
    with pytest.raises(BotUnavailable):
        await say(client(lambda _: reply), "hello")


async def test_no_connection_means_unavailable() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(BotUnavailable):
        await say(client(refuse), "hello")


async def test_a_wrong_token_is_our_own_fault_and_surfaces() -> None:
    with pytest.raises(httpx.HTTPStatusError):
        await say(client(lambda _: httpx.Response(401)), "hello")
