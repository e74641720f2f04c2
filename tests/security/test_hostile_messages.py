"""Whatever is written or said comes out as harmless words: in the chat, its copy, on the telephone, in the console.

`FIRSTLINE_HOSTILE=10000` sends so many through each entrance; a few hundred otherwise.
"""

import asyncio
import json
import os
import unicodedata
import uuid
from collections.abc import AsyncIterator, Sequence
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.client import BotMessage, plain
from chat.reception import readable
from console.render import markdown
from ivr import grammar, voice
from ivr.call import Call, Prompt, asked
from ivr.line import Line
from ivr.reply import Ask, Goodbye, PutThrough, TakeMessage, ask
from ivr.words import words
from settings import Settings
from tests.chat.fakes import World, site
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import phone, service
from tests.security.hostile import CORPUS, any_text, texts

COUNT = int(os.environ.get("FIRSTLINE_HOSTILE", "400"))
SEED = 20261125
IN_A_CONVERSATION = 25
IN_A_CALL = 4
LINE = Line(caller_id="+442079460000")
VERBS = {
    Ask: {"Response", "Gather", "Say"},
    Goodbye: {"Response", "Say", "Hangup"},
    TakeMessage: {"Response", "Say", "Record", "Redirect"},
    PutThrough: {"Response", "Say", "Dial", "Number"},
}
TAGS_OF_A_COPY = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "header",
    "h1",
    "h2",
    "p",
    "article",
    "time",
}
TAGS_OF_MARKDOWN = {"p", "br", "em", "strong", "ul", "ol", "li"}


class Tags(HTMLParser):
    """The elements and the attributes that a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def is_text(shown: str) -> bool:
    """Valid Unicode without control characters, so that a page, a log line and a database can hold it."""
    return not any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in shown)


class Echo:
    """An assistant that says what it hears, as choices too: nothing it is told stays unsaid."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def start(self, *_: Any, **__: Any) -> list[BotMessage]:
        return [BotMessage("Hello.")]

    async def send(self, contact_id: Any, text: str, *, turn_id: str, **_: Any) -> list[BotMessage]:
        self.heard.append(text)
        return [BotMessage(f"You said: {text}", choices=(text[:100] or "?",))]


@pytest.fixture
def world() -> World:
    world = World()
    world.bot = Echo()  # type: ignore[assignment]  # the same door
    return world


@pytest.fixture
async def chat(unhurried: Settings, world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = site(unhurried, world)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http,
    ):
        yield http


async def converse(http: httpx.AsyncClient, said: Sequence[str]) -> tuple[list[int], list[dict[str, Any]], str]:
    """The statuses, what a page would show once everything is answered, and the customer's copy."""
    opened = (await http.post("/chat/conversations", json={})).json()
    address, token = f"/chat/conversations/{opened['conversation_id']}", {"Authorization": f"Bearer {opened['token']}"}
    statuses = []
    for text in said:
        body = json.dumps({"text": text, "message_id": uuid.uuid4().hex})  # half a surrogate pair goes as an escape
        statuses.append((await http.post(f"{address}/messages", content=body, headers=token)).status_code)
    taken = statuses.count(202)
    async with asyncio.timeout(60):
        while True:
            shown = [event["data"] for event in (await http.get(f"{address}/history", headers=token)).json()]
            if sum(data.get("text", "").startswith("You said:") for data in shown) == taken:
                break
            await asyncio.sleep(0.02)
    return statuses, shown, (await http.get(f"{address}/copy", headers=token)).text


async def test_any_message_to_the_chat_is_answered_and_shown_as_words(chat: httpx.AsyncClient, world: World) -> None:
    said = list(texts(COUNT, SEED))
    talks = [said[at : at + IN_A_CONVERSATION] for at in range(0, len(said), IN_A_CONVERSATION)]

    for at in range(0, len(talks), 8):
        for statuses, shown, copy in await asyncio.gather(*(converse(chat, talk) for talk in talks[at : at + 8])):
            assert set(statuses) <= {202, 400}
            assert all(is_text(data["text"]) for data in shown if "text" in data)
            assert Tags(copy).names <= TAGS_OF_A_COPY
            assert not {name for name in Tags(copy).attributes if name.startswith("on") or name in ("src", "href")}

    assert len(world.bot.heard) == sum(1 for text in said if readable(text))


async def test_what_is_said_to_the_telephone_is_never_more_than_said(unhurried: Settings) -> None:
    """The telephone of the tests follows each document as strictly as `ivr/grammar.py`, and raises for a wrong one."""
    echo, said, told = Echo(), list(texts(COUNT, SEED + 1)), set[str]()
    bot = FakeAssistant(FakeDesk())
    bot.send = echo.send  # type: ignore[method-assign]  # the same door

    async with service(unhurried, bot, bot.desk) as http:
        for at in range(0, len(said), IN_A_CALL):
            telephone = phone(http, unhurried)
            await telephone.dial()
            for text in said[at : at + IN_A_CALL]:
                if telephone.wants == "words":
                    await telephone.says(text.encode("utf-8", "replace").decode())
            told |= {line.what for line in telephone.heard}

    assert told <= {"says", "pauses", "hangs up"}  # nobody was rung, nothing was played
    assert len(echo.heard) > COUNT / 4


@pytest.mark.parametrize("kind", CORPUS)
@hypothesis.settings(max_examples=20)
@given(data=st.data())
def test_a_spoken_document_is_valid_whatever_the_assistant_says(kind: str, data: st.DataObject) -> None:
    said = data.draw(st.sampled_from(CORPUS[kind]) | any_text())
    choices = data.draw(st.lists(any_text(), max_size=3))
    call = asked(
        Call(call_sid="CA1", contact_id=UUID(int=1), language="en", caller=None, step=3, prompt=Prompt("?")),
        Prompt(said, choices=tuple(choices)),
    )

    for reply in (ask(call, words("en")), Goodbye(said), TakeMessage(said), PutThrough(said, "+442079460000")):
        document = grammar.parse(voice.document(reply, call, LINE))

        assert {verb.tag for verb in document.iter()} <= VERBS[type(reply)]


@given(text=any_text())
def test_no_words_are_a_command_of_the_assistant(text: str) -> None:
    """What Rasa obeys begins with a slash, after blanks that it takes away."""
    words = plain(readable(text), 4000)

    assert 0 < len(words) <= 4000
    assert not words.strip().startswith("/")
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in words)


@given(text=any_text())
def test_the_console_shows_markup_as_words(text: str) -> None:
    shown = Tags(str(markdown(readable(text))))

    assert shown.names <= TAGS_OF_MARKDOWN
    assert shown.attributes <= {"start"}
