"""Stand-ins for the world outside the chat, and the chat itself served on a free port."""

import asyncio
import json
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from fastapi import FastAPI

import chat.app
from bot.client import BotMessage, BotUnavailable
from chat.front import Doors
from chat.relay import Patience
from escalation.client import (
    Attachment,
    ContactStart,
    Continued,
    EscalationRefused,
    EscalationUnavailable,
    HandOver,
    KeptFile,
    LiveEvent,
    Outcome,
    Signals,
    TicketView,
    Turn,
    TypingSign,
)
from outbound.client import OutboundUnavailable
from settings import Settings

QUICK = Patience(first_word_s=0.1, give_up_s=0.4, give_up_again_s=0.1, pause_s=0.05, longest_pause_s=0.1)
WELCOME = BotMessage("Hello, I'm the automated assistant. How can I help?", choices=("My internet is slow",))


class FakeBot:
    """Says what it is told to; `away` makes it silent."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.turn_ids: list[str] = []
        self.replies: dict[str, list[BotMessage]] = {}
        self.logins: dict[str, str] = {}
        self.away = False
        self.thinks_s = 0.0

    async def start(self, contact_id: UUID, *, turn_id: str, **_: Any) -> list[BotMessage]:
        if self.away:
            raise BotUnavailable("fake")
        return [WELCOME]

    async def send(self, contact_id: UUID, text: str, *, turn_id: str, **_: Any) -> list[BotMessage]:
        await asyncio.sleep(self.thinks_s)
        if self.away:
            raise BotUnavailable("fake")
        self.heard.append(text)
        self.turn_ids.append(turn_id)
        return self.replies.get(text, [BotMessage(f"You said: {text}")])

    async def proved(self, contact_id: UUID, *, turn_id: str, **_: Any) -> list[BotMessage]:
        self.turn_ids.append(turn_id)
        return [BotMessage("Thank you, you are verified.")]

    async def log_in(self, contact_id: UUID, token: str) -> str:
        """What `logins` says of the token; "refused" for others."""
        if self.away:
            raise BotUnavailable("fake")
        return self.logins.get(token, "refused")


def a_ticket(**changes: Any) -> TicketView:
    now = datetime.now(UTC)
    view = TicketView(
        ticket_id=uuid.uuid4(),
        reference="FL-48317264",
        status="acknowledged",
        priority="P3",
        tier=1,
        department="frontline",
        category="general",
        respond_by=now + timedelta(hours=4),
        resolve_by=now + timedelta(hours=24),
        created_at=now,
        updated_at=now,
        agent_name=None,
        last_public_note=None,
    )
    return view.model_copy(update=changes)


class FakeEscalation:
    """Opens one ticket per key; `away` makes it unreachable; `happened` is what people did.

    `files` are kept whatever they are, unless `refuses` says with which status they are not. `calls`: what the link
    of a call leads to, once.
    """

    def __init__(self) -> None:
        self.files: dict[UUID, tuple[UUID, KeptFile]] = {}
        self.refuses: int | None = None
        self.calls: dict[str, Continued] = {}
        self.handed_over: list[tuple[str, Signals]] = []
        self.recorded: list[Turn] = []
        self.released: list[UUID] = []
        self.happened: asyncio.Queue[LiveEvent] = asyncio.Queue()
        self.typed: list[UUID] = []
        self.signs: asyncio.Queue[TypingSign] = asyncio.Queue()
        self.away = False

    async def hand_over(
        self, contact_id: UUID, signals: Signals, *, key: str, after_turn: str | None = None
    ) -> HandOver:
        self._reach()
        created = key not in [known for known, _ in self.handed_over]
        self.handed_over.append((key, signals))
        view = a_ticket()
        place = 2 if signals.live else None
        next_step = "agent_joins" if signals.live else "reply"
        return HandOver(
            ticket=view, live=signals.live, next=next_step, dial=None, queue_position=place, created=created
        )

    async def record(self, turns: Sequence[Turn]) -> None:
        self._reach()
        self.recorded += turns

    async def release(self, contact_id: UUID) -> None:
        self._reach()
        self.released.append(contact_id)

    async def live(self, channel: str, group: str, consumer: str) -> AsyncIterator[LiveEvent]:
        while True:
            yield await self.happened.get()

    async def customer_types(self, contact_id: UUID) -> None:
        self._reach()
        self.typed.append(contact_id)

    async def typing_signs(self) -> AsyncIterator[TypingSign]:
        while True:
            yield await self.signs.get()

    async def keep_attachment(self, contact_id: UUID, *, key: str, name: str, content: bytes) -> Attachment:
        self._reach()
        if self.refuses:
            raise EscalationRefused(self.refuses, "not taken")
        return self.holds(contact_id, name, content)

    async def contact_attachment(self, contact_id: UUID, attachment_id: UUID) -> KeptFile:
        self._reach()
        owner, file = self.files.get(attachment_id, (None, None))
        if file is None or owner != contact_id:
            raise EscalationRefused(404, "no such file")
        return file

    def holds(self, contact_id: UUID | str, name: str, content: bytes, *, by_customer: bool = True) -> Attachment:
        """A file of this contact."""
        kept = Attachment(
            id=uuid.uuid4(),
            name=name,
            media_type="application/pdf" if content.startswith(b"%PDF") else "image/jpeg",
            size_bytes=len(content),
            at=datetime.now(UTC),
            by_customer=by_customer,
        )
        self.files[kept.id] = (UUID(str(contact_id)), KeptFile(name, kept.media_type, content))
        return kept

    async def follow_chat_link(self, token: str) -> Continued | None:
        self._reach()
        return self.calls.pop(token, None)

    def did(self, contact_id: UUID | str, kind: str, **more: Any) -> LiveEvent:
        event = LiveEvent(
            event_id=uuid.uuid4().hex,
            contact_id=UUID(str(contact_id)),
            channel="chat",
            kind=kind,
            at=datetime.now(UTC),
            **more,
        )
        self.happened.put_nowait(event)
        return event

    def _reach(self) -> None:
        if self.away:
            raise EscalationUnavailable("fake")


class FakeTrail:
    def __init__(self) -> None:
        self.started: list[ContactStart] = []
        self.turns: dict[str, Turn] = {}
        self.finished: list[tuple[UUID, Outcome]] = []
        self.satisfaction: list[int] = []
        self.copies: list[UUID] = []

    async def start(self, contact: ContactStart) -> None:
        self.started.append(contact)

    async def append(self, *turns: Turn) -> None:
        for turn in turns:
            self.turns.setdefault(turn.turn_id, turn)

    async def finish(self, contact_id: UUID, outcome: Outcome, *, satisfaction: int | None = None) -> None:
        self.finished.append((contact_id, outcome))
        self.satisfaction += [satisfaction] if satisfaction else []

    async def copied(self, contact_id: UUID) -> None:
        self.copies.append(contact_id)

    async def run(self) -> None:
        await asyncio.Event().wait()

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(turn.author, turn.text) for turn in self.turns.values()]


class FakeMessages:
    """`sent`: by key, to whom and what."""

    def __init__(self) -> None:
        self.sent: dict[str, tuple[str, str, str]] = {}
        self.away = False

    async def send(self, *, to: str, text: str, key: str, kind: str) -> None:
        if self.away:
            raise OutboundUnavailable("fake")
        self.sent[key] = (to, text, kind)


class World:
    """The fakes at the chat's doors."""

    def __init__(self) -> None:
        self.bot = FakeBot()
        self.escalation = FakeEscalation()
        self.trail = FakeTrail()
        self.messages = FakeMessages()

    def connect(self, *_: object) -> Doors:
        return Doors(bot=self.bot, escalation=self.escalation, trail=self.trail, messages=self.messages)


def site(settings: Settings, world: World) -> FastAPI:
    """The chat at its place in the product, with the support page before it."""
    room = chat.app.create_app(settings, connect=world.connect, patience=QUICK)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with room.router.lifespan_context(room):
            yield

    app = FastAPI(lifespan=lifespan)
    app.get("/")(lambda: chat.app.support_page(settings))
    app.mount("/chat", room)
    app.state.room = room
    return app


@asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncIterator[str]:
    """The app on a real port: event streams need one. Gives its address."""
    config = uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=3)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        if hasattr(app.state, "room"):
            app.state.room.state.front.closing.set()  # as the stop signal does
        server.should_exit = True
        await running


@contextmanager
def served_in_a_thread(settings: Settings, world: World, port: int = 0) -> Iterator[str]:
    """For a browser, which wants the test's own thread for itself."""
    ready, stop, address = threading.Event(), threading.Event(), []

    async def serve() -> None:
        async with served(site(settings, world), port) as url:
            address.append(url)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait(10)
    try:
        yield address[0]
    finally:
        stop.set()
        thread.join(10)


class Visitor:
    """A page's side of a conversation, over HTTP."""

    def __init__(self, http: httpx.AsyncClient, opened: dict[str, str]) -> None:
        self.http = http
        self.id = opened["conversation_id"]
        self.headers = {"Authorization": f"Bearer {opened['token']}"}
        self.seen: list[dict[str, Any]] = []
        self.last = "0-0"

    @classmethod
    async def comes(cls, http: httpx.AsyncClient) -> "Visitor":
        visitor = cls(http, (await http.post("/chat/conversations", json={})).json())
        await visitor.hears("Hello")
        return visitor

    async def writes(self, text: str, message_id: str | None = None) -> httpx.Response:
        body = {"text": text, "message_id": message_id or uuid.uuid4().hex}
        return await self.http.post(f"/chat/conversations/{self.id}/messages", json=body, headers=self.headers)

    async def hears(self, text: str, within_s: float = 5.0) -> dict[str, Any]:
        """The next event in which the text is; everything up to it is kept in `seen`."""
        return await self.sees(lambda event: text in event["data"].get("text", ""), within_s)

    async def sees(self, is_it: Callable[[dict[str, Any]], bool], within_s: float = 5.0) -> dict[str, Any]:
        async with asyncio.timeout(within_s):
            async for event in self.events():
                self.seen.append(event)
                self.last = event["id"]
                if is_it(event):
                    return event
        raise AssertionError("the stream ended")

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        headers = self.headers | {"Last-Event-ID": self.last}
        async with self.http.stream("GET", f"/chat/conversations/{self.id}/events", headers=headers) as reply:
            fields: dict[str, str] = {}
            async for line in reply.aiter_lines():
                name, _, value = line.partition(": ")
                fields[name] = value
                if not line and "data" in fields:
                    yield {
                        "id": fields.get("id", self.last),
                        "event": fields["event"],
                        "data": json.loads(fields["data"]),
                    }
                    fields = {}

    @property
    def texts(self) -> list[str]:
        return [event["data"]["text"] for event in self.seen if event["event"] == "message"]
