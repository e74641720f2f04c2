"""A subscriber at the web chat, for load: sends as the page does, again until taken, and reads the event stream."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

AGAIN_S = 0.5  # between two tries
TRIES_S = 90.0
HISTORY_S = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    kind: str
    data: dict[str, Any]
    at: float  # time.monotonic()

    @property
    def answers(self) -> bool:
        """Whether it is a word from our side."""
        return self.kind == "message" and self.data.get("author") in ("bot", "agent", "system")


@dataclass(slots=True)
class Writer:
    """One conversation. `sent`: id of each message that was taken, with the moment it was first tried."""

    http: httpx.AsyncClient
    id: str = ""
    token: str = field(default="", repr=False)
    events: list[Event] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)  # what the page was told instead, word for word
    unreachable: int = 0  # tries that nobody answered
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        reply = await self._until_taken("/chat/conversations", {})
        self.id, self.token = reply["conversation_id"], reply["token"]

    async def listen(self) -> None:
        """Comes back with the last event seen whenever the stream breaks; never ends."""
        while True:
            with suppress(httpx.TransportError):
                async for event in self._stream():
                    self.events.append(event)
                    self._news.set()
            await asyncio.sleep(AGAIN_S)

    async def say(self, text: str) -> str:
        """Its id. Raises TimeoutError when it is not taken in time."""
        name = uuid4().hex
        self.sent[name] = time.monotonic()
        await self._until_taken(f"/chat/conversations/{self.id}/messages", {"text": text, "message_id": name})
        return name

    async def history(self) -> list[Event]:
        """All of it once more, as a page that is opened anew reads it: until every message that was sent is there,
        or for HISTORY_S, and what comes a moment later."""
        again = Writer(self.http, self.id, self.token)
        listening = asyncio.create_task(again.listen())
        try:
            await again.until(lambda: self.sent.keys() <= again.shown, HISTORY_S)
            await asyncio.sleep(AGAIN_S)
        finally:
            listening.cancel()
        return again.events

    async def answered(self, after: int, within_s: float) -> Event | None:
        """The first word from the bot or a person behind the first `after` events.

        None when none comes in time, and as soon as the conversation waits for a person.
        """

        def found() -> Event | None:
            return next((e for e in self.events[after:] if e.answers and e.data["author"] != "system"), None)

        await self.until(lambda: found() is not None or self.mode == "waiting", within_s)
        return found()

    async def until(self, enough: Callable[[], bool], within_s: float) -> None:
        """Asks at every event; gives up after a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while not enough():
                    self._news.clear()
                    await self._news.wait()

    @property
    def shown(self) -> set[str]:
        """The customer's messages that the page shows."""
        return {str(event.data["message_id"]) for event in self.events if "message_id" in event.data}

    @property
    def mode(self) -> str:
        """Who it talks with, as the page was told last: bot, waiting, agent, ended."""
        return next((event.data["mode"] for event in reversed(self.events) if event.kind == "status"), "bot")

    async def _until_taken(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        async with asyncio.timeout(TRIES_S):
            while True:
                try:
                    reply = await self.http.post(path, json=body, headers=self._headers)
                except httpx.TransportError:
                    self.unreachable += 1
                else:
                    if reply.is_success:
                        taken: dict[str, Any] = reply.json()
                        return taken
                    self.refused.append(_words(reply))
                await asyncio.sleep(AGAIN_S)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def _stream(self) -> AsyncIterator[Event]:
        last = {"Last-Event-ID": self.events[-1].id} if self.events else {}
        address = f"/chat/conversations/{self.id}/events"
        async with self.http.stream("GET", address, headers=self._headers | last, timeout=40) as reply:
            fields: dict[str, str] = {}
            async for line in reply.aiter_lines():
                name, _, value = line.partition(": ")
                if line:
                    fields[name] = value
                elif "data" in fields and "id" in fields:  # a passing sign has none
                    yield Event(fields["id"], fields["event"], json.loads(fields["data"]), time.monotonic())
                    fields = {}


def _words(reply: httpx.Response) -> str:
    with suppress(ValueError):
        body = reply.json()
        if isinstance(body, dict):
            return str(body.get("message", reply.status_code))
    return str(reply.status_code)


@asynccontextmanager
async def writing(http: httpx.AsyncClient) -> AsyncIterator[Writer]:
    """One whose conversation is open and whose stream is read."""
    writer = Writer(http)
    await writer.open()
    listening = asyncio.create_task(writer.listen())
    try:
        yield writer
    finally:
        listening.cancel()
