"""The people in the journeys: a subscriber at the web chat and an agent at the console, through the public port."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from ivr.simulator import Telephone
from ops.product import Product

PATIENCE_S = 20.0
REFERENCE = re.compile(r"FL-\d{8}")


@dataclass(frozen=True, slots=True)
class Shown:
    """One event as the browser received it."""

    id: str
    kind: str
    data: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.data.get("text", ""))


@dataclass(slots=True)
class Subscriber:
    """Writes in the chat and reads its event stream, in order; `hears` passes over what does not match."""

    http: httpx.AsyncClient
    id: str = ""
    token: str = ""
    seen: list[Shown] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: int = 0
    _reading: asyncio.Task[None] | None = None

    async def open(self) -> "Subscriber":
        reply = (await self.http.post("/chat/conversations", json={})).raise_for_status().json()
        self.id, self.token = reply["conversation_id"], reply["token"]
        self._reading = asyncio.create_task(self._read())
        return self

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()

    async def says(self, text: str, message_id: str | None = None) -> httpx.Response:
        """Only what comes after these words is heard from now on."""
        self._heard = len(self.seen)
        body = {"text": text, "message_id": message_id or uuid4().hex}
        return await self.http.post(f"/chat/conversations/{self.id}/messages", json=body, headers=self.headers)

    async def hears(self, pattern: str, *, author: str = "bot", within_s: float = PATIENCE_S) -> Shown:
        return await self.sees("message", pattern, author=author, within_s=within_s)

    async def sees(
        self, kind: str, pattern: str = "", *, author: str | None = None, within_s: float = PATIENCE_S
    ) -> Shown:
        """The next event of the kind whose data matches; raises AssertionError with what came instead."""
        deadline = asyncio.get_running_loop().time() + within_s
        began = self._heard
        while True:
            for at, shown in enumerate(self.seen[self._heard :], self._heard):
                right_author = author is None or shown.data.get("author") == author
                if shown.kind == kind and right_author and re.search(pattern, json.dumps(shown.data), re.IGNORECASE):
                    self._heard = at + 1
                    return shown
            self._arrived.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(max(left, 0.001)):
                    await self._arrived.wait()
            except TimeoutError:
                came = [f"{shown.kind} {shown.data}" for shown in self.seen[began:]]
                raise AssertionError(f"no {kind} of {author} with /{pattern}/, but:\n" + "\n".join(came)) from None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def _read(self) -> None:
        """As a browser does: come back with the last id when the stream breaks."""
        while True:
            last = {"Last-Event-ID": self.seen[-1].id} if self.seen else {}
            address = f"/chat/conversations/{self.id}/events"
            try:
                async with self.http.stream("GET", address, headers={**self.headers, **last}, timeout=None) as reply:
                    async for shown in parsed(reply.aiter_lines()):
                        self.seen.append(shown)
                        self._arrived.set()
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def parsed(lines: AsyncIterator[str]) -> AsyncIterator[Shown]:
    fields: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "data" in fields:
            yield Shown(fields.get("id", ""), fields.get("event", "message"), json.loads(fields["data"]))
            fields = {}
        else:
            fields = {}


@dataclass(slots=True)
class Agent:
    """Works in the console's pages, by their forms."""

    http: httpx.AsyncClient
    username: str

    async def signs_in(self, password: str) -> "Agent":
        reply = await self._post("/console/sign-in", {"username": self.username, "password": password})
        assert reply.status_code == 303, reply.text
        return self

    async def queue(self) -> str:
        return (await self.http.get("/console/")).raise_for_status().text

    async def ticket(self, reference: str) -> str:
        return (await self.http.get(f"/console/tickets/{reference}")).raise_for_status().text

    async def reads(self, words: str, reference: str, within_s: float = 5.0) -> None:
        """The page follows the conversation; raises TimeoutError when these words do not come."""
        async with asyncio.timeout(within_s):
            while words not in await self.ticket(reference):
                await asyncio.sleep(0.05)

    async def does(self, move: str, reference: str, words: str = "") -> httpx.Response:
        found = re.search(r'name="version" value="(\d+)"', await self.ticket(reference))
        assert found is not None, f"{self.username} is offered nothing to do with {reference}"
        reply = await self._post(
            f"/console/tickets/{reference}/moves", {"move": move, "version": found[1], "words": words}
        )
        assert reply.status_code == 303, reply.text
        return reply

    async def _post(self, path: str, form: dict[str, str]) -> httpx.Response:
        return await self.http.post(path, data=form, headers={"Origin": str(self.http.base_url).rstrip("/")})


@asynccontextmanager
async def subscriber_at(url: str) -> AsyncIterator[Subscriber]:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as http:
        subscriber = await Subscriber(http).open()
        try:
            yield subscriber
        finally:
            await subscriber.close()


@asynccontextmanager
async def agent_at(url: str, username: str, password: str) -> AsyncIterator[Agent]:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as http:
        yield await Agent(http, username).signs_in(password)


@asynccontextmanager
async def telephone(product: Product, caller: str = "+447700900123") -> AsyncIterator[Telephone]:
    """A caller who has just dialled."""

    async def no_pause(_: float) -> None:
        return None

    token = product.environment["TWILIO_AUTH_TOKEN"]
    async with httpx.AsyncClient(base_url=product.url, timeout=20) as http:
        phone = Telephone(http, token, product.settings.public_url, caller=caller, sleep=no_pause)
        await phone.dial()
        yield phone


async def messages_to(product: Product, to: str) -> list[str]:
    """What the demo operator's customers were sent by text message or e-mail, the newest first."""
    operator = product.environment["FIRSTLINE_OPERATOR_URL"]
    bearer = {"Authorization": f"Bearer {product.environment['FIRSTLINE_OPERATOR_TOKEN']}"}
    async with httpx.AsyncClient(headers=bearer) as http:
        return [one["body"] for one in (await http.get(f"{operator}/demo/messages")).json() if one["to"] == to]


async def code_sent_to(product: Product, number: str, *, within_s: float = 10.0) -> str:
    """Raises TimeoutError when none comes."""
    async with asyncio.timeout(within_s):
        while True:
            for body in await messages_to(product, number):
                if found := re.search(r"\b\d{6}\b", body):
                    return found[0]
            await asyncio.sleep(0.1)
