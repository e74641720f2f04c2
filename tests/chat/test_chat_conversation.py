"""A conversation over the chat's interface: in order, once, nobody else's, and plain text only."""

import asyncio

import httpx
import pytest

from bot.client import BotMessage
from settings import Settings
from tests.chat.fakes import Visitor, World, served, site

STRANGE = [
    "<script>alert(1)</script><b>bold</b>",
    '/restart{"a": "b"} and /intent{}',
    "😀🏳️‍🌈 ünïcödé \u202e right to left",
    "two\nlines\tand a tab",
]


async def test_the_welcome_comes_on_the_stream(visitor: Visitor) -> None:
    assert visitor.seen[-1]["data"]["author"] == "bot"
    assert visitor.seen[-1]["data"]["choices"] == ["My internet is slow"]


async def test_a_message_is_answered(visitor: Visitor, world: World) -> None:
    sent = await visitor.writes("hi there", "m1")
    answer = await visitor.hears("You said: hi there")

    assert sent.status_code == 202
    assert sent.json()["message_id"] == "m1"
    assert answer["data"]["author"] == "bot"
    assert world.bot.turn_ids == ["c-m1"]


async def test_the_same_message_twice_is_one_message(visitor: Visitor, world: World) -> None:
    first = await visitor.writes("once", "same")
    second = await visitor.writes("once", "same")
    await visitor.hears("You said: once")
    await visitor.writes("after")
    await visitor.hears("You said: after")

    assert first.json() == second.json()
    assert world.bot.heard == ["once", "after"]


async def test_messages_sent_together_are_answered_in_order(visitor: Visitor, world: World) -> None:
    world.bot.thinks_s = 0.02

    for number in range(8):
        await visitor.writes(f"n{number}")
    await visitor.hears("You said: n7")

    assert world.bot.heard == [f"n{number}" for number in range(8)]


async def test_two_copies_of_the_program_answer_each_message_once(settings: Settings, world: World) -> None:
    world.bot.thinks_s = 0.01
    async with (
        served(site(settings, world)) as one,
        served(site(settings, world)) as two,
        httpx.AsyncClient(base_url=one) as first,
        httpx.AsyncClient(base_url=two) as second,
    ):
        visitor = await Visitor.comes(first)
        for number in range(10):
            visitor.http = (first, second)[number % 2]
            await visitor.writes(f"n{number}")
        await visitor.hears("You said: n9")

    assert world.bot.heard == [f"n{number}" for number in range(10)]


async def test_a_stream_goes_on_after_the_last_event_seen(visitor: Visitor) -> None:
    await visitor.writes("one")
    await visitor.hears("You said: one")
    await visitor.writes("two")
    await visitor.hears("You said: two")

    assert len({event["id"] for event in visitor.seen}) == len(visitor.seen)
    assert [text for text in visitor.texts if text.startswith("You said")] == ["You said: one", "You said: two"]


async def test_what_a_crash_left_in_the_inbox_is_answered_at_the_next_start(settings: Settings, world: World) -> None:
    world.bot.thinks_s = 30
    async with served(site(settings, world)) as url, httpx.AsyncClient(base_url=url) as http:
        visitor = await Visitor.comes(http)
        await visitor.writes("do not lose me")
        await asyncio.sleep(0.1)
    world.bot.thinks_s = 0

    async with served(site(settings, world)) as url, httpx.AsyncClient(base_url=url) as http:
        visitor.http = http
        await visitor.hears("You said: do not lose me")

    assert world.bot.heard == ["do not lose me"]


@pytest.mark.parametrize("text", STRANGE)
async def test_strange_text_is_plain_text(visitor: Visitor, world: World, text: str) -> None:
    await visitor.writes(text)
    await visitor.hears("You said")

    assert world.bot.heard == [text]
    assert text in visitor.texts


async def test_a_very_long_message_is_cut_and_the_customer_told(visitor: Visitor, world: World) -> None:
    await visitor.writes("a" * 5000)
    await visitor.hears("first 4000 characters")
    await visitor.hears("You said")

    assert world.bot.heard == ["a" * 4000]


@pytest.mark.parametrize("text", ["", "   \n", "\u0000\u0007"])
async def test_an_empty_message_gets_a_friendly_refusal(visitor: Visitor, text: str) -> None:
    refused = await visitor.writes(text)

    assert refused.status_code == 400
    assert "empty" in refused.json()["message"]


async def test_half_a_surrogate_pair_is_survived(visitor: Visitor, world: World) -> None:
    body = b'{"text": "broken \\ud83d emoji", "message_id": "m"}'
    headers = {**visitor.headers, "Content-Type": "application/json"}
    sent = await visitor.http.post(f"/chat/conversations/{visitor.id}/messages", content=body, headers=headers)
    await visitor.hears("You said: broken")

    assert sent.status_code == 202


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"text": 1, "message_id": 2}', b"[" * 20_000, b"\xff\xfe"])
async def test_a_body_that_is_no_message_is_refused(visitor: Visitor, body: bytes) -> None:
    url = f"/chat/conversations/{visitor.id}/messages"

    refused = await visitor.http.post(url, content=body, headers=visitor.headers)

    assert refused.status_code == 400
    assert refused.json()["code"] == "not_understood"


async def test_an_enormous_body_is_refused(visitor: Visitor) -> None:
    refused = await visitor.writes("x" * 200_000)

    assert refused.status_code == 413


@pytest.mark.parametrize("path", ["events", "history", "copy"])
async def test_nobody_reads_a_conversation_without_its_token(visitor: Visitor, path: str) -> None:
    other = await Visitor.comes(visitor.http)
    url = f"/chat/conversations/{visitor.id}/{path}"
    unknown = "/chat/conversations/00000000-0000-4000-8000-000000000000/events"

    answers = [
        await visitor.http.get(url),
        await visitor.http.get(url, headers=other.headers),
        await visitor.http.get(url + "?token=" + visitor.headers["Authorization"][7:]),
        await visitor.http.get(unknown, headers=visitor.headers),
        await visitor.http.get("/chat/conversations/not-an-id/events", headers=visitor.headers),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_nobody_writes_into_a_conversation_of_somebody_else(visitor: Visitor, world: World) -> None:
    other = await Visitor.comes(visitor.http)
    other.id = visitor.id

    refused = await other.writes("let me in")

    assert refused.status_code == 401
    assert world.bot.heard == []


async def test_too_many_messages_get_a_friendly_refusal(settings: Settings, world: World) -> None:
    strict = settings.model_copy(update={"chat_messages_per_minute": 3})
    async with served(site(strict, world)) as url, httpx.AsyncClient(base_url=url) as http:
        visitor = await Visitor.comes(http)

        answers = [await visitor.writes(f"n{number}") for number in range(5)]

    assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429]
    assert "faster than I can read" in answers[-1].json()["message"]


async def test_a_fact_is_masked_wherever_it_is_kept_and_still_reaches_the_assistant(
    visitor: Visitor, world: World
) -> None:
    world.bot.replies["check my account"] = [BotMessage("What is your postcode?", expects="fact")]
    await visitor.writes("check my account")
    await visitor.hears("postcode")

    await visitor.writes("EC1A 1BB")
    await visitor.hears("You said: EC1A 1BB")

    history = await visitor.http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)
    kept = [entry["data"]["text"] for entry in history.json() if entry["data"].get("author") == "customer"]
    assert world.bot.heard[-1] == "EC1A 1BB"
    assert kept == ["check my account", "[account fact]"]
    assert ("customer", "[account fact]") in world.trail.said
    assert ("customer", "EC1A 1BB") not in world.trail.said


async def test_a_fact_sent_before_it_was_asked_for_is_masked_too(visitor: Visitor, world: World) -> None:
    world.bot.thinks_s = 0.05
    world.bot.replies["check my account"] = [BotMessage("What is your postcode?", expects="fact")]
    await visitor.writes("check my account")
    await visitor.writes("EC1A 1BB")
    await visitor.hears("You said: EC1A 1BB")

    history = await visitor.http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)
    kept = [entry["data"]["text"] for entry in history.json() if entry["data"].get("author") == "customer"]
    assert kept == ["check my account", "[account fact]"]
    assert ("customer", "EC1A 1BB") not in world.trail.said


async def test_a_customer_gets_a_copy_with_nothing_in_it_that_runs_or_was_masked(
    visitor: Visitor, world: World
) -> None:
    world.bot.replies[STRANGE[0]] = [BotMessage("What is your postcode?", expects="fact")]
    await visitor.writes(STRANGE[0])
    await visitor.hears("postcode")
    await visitor.writes("EC1A 1BB")
    world.bot.replies["EC1A 1BB"] = [BotMessage("Thank you.")]
    await visitor.hears("Thank you.")

    copy = await visitor.http.get(f"/chat/conversations/{visitor.id}/copy", headers=visitor.headers)

    assert [str(copied) for copied in world.trail.copies] == [str(visitor.id)]
    assert copy.headers["Content-Disposition"].startswith("attachment")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in copy.text
    assert "<script" not in copy.text
    assert "Account detail (hidden)" in copy.text
    assert "EC1A 1BB" not in copy.text


async def test_everything_shown_is_on_the_trail(visitor: Visitor, world: World) -> None:
    await visitor.writes("hello", "m1")
    await visitor.hears("You said: hello")
    await asyncio.sleep(0.05)

    assert [author for author, _ in world.trail.said] == ["bot", "customer", "bot"]
    assert [start.contact_id.hex for start in world.trail.started] == [visitor.id.replace("-", "")]
