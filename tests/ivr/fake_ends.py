"""The two ends of a call's way through the house, in memory: the assistant, and the desk with its people."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from bot.client import BotMessage, BotUnavailable
from escalation.client import (
    Became,
    Brief,
    CallAbout,
    CallAnswered,
    Callback,
    CallEnd,
    ContactStart,
    EscalationRefused,
    EscalationUnavailable,
    FaultReport,
    HandOver,
    KeyAnswer,
    LineOutcome,
    Outcome,
    ReportTaken,
    Signals,
    TextMeaning,
    TicketView,
    Turn,
    Waiting,
)
from ivr.entrance import E164
from outbound.client import OutboundUnavailable
from tests.ivr.fake_calls import FakeCall

NEWS = {"announcement": "FL-48317264", "area": "LF4", "service": "broadband", "reporter": "C1042"}


@dataclass
class FakeDesk:
    """One ticket per (contact, key); `line` is the number of the people, None when nobody can be called now.

    `places`: the caller's place in the queue, each time it is asked for; the last one stays. `next_line`: whom it
    rings once the first line has not been taken.
    """

    line: str | None = None
    is_away: bool = False
    next_line: str | None = None
    places: list[int] = field(default_factory=list)
    wait_s: int | None = None
    lines: list[tuple[LineOutcome, str]] = field(default_factory=list)
    callbacks: list[tuple[str | None, bool]] = field(default_factory=list)
    voicemails: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    transcripts: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    became: Became = "noted"
    links: list[tuple[UUID, bool]] = field(default_factory=list)
    started: list[ContactStart] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    finished: dict[UUID, Outcome] = field(default_factory=dict)
    tickets: dict[tuple[UUID, str], tuple[TicketView, Signals]] = field(default_factory=dict)
    rating_asked: bool = False  # by text message
    reports: list[FaultReport] = field(default_factory=list)
    our_call: FakeCall | None = None  # that we make

    async def start_contact(self, start: ContactStart) -> None:
        self._answer()
        self.started.append(start)

    async def record(self, turns: Sequence[Turn]) -> None:
        self._answer()
        known = {(turn.contact_id, turn.turn_id) for turn in self.turns}
        self.turns += [turn for turn in turns if (turn.contact_id, turn.turn_id) not in known]

    async def copied(self, contact_id: UUID) -> None:
        raise AssertionError("a caller has no copy to take")

    async def finish_contact(
        self, contact_id: UUID, outcome: Outcome, *, channel: str | None = None, ask_rating: bool = False
    ) -> None:
        self._answer()
        assert channel == "voice"  # else a contact that went on in the chat would be ended
        self.finished[contact_id] = outcome
        self.rating_asked = ask_rating

    async def hand_over(
        self,
        contact_id: UUID,
        signals: Signals,
        *,
        key: str,
        after_turn: str | None = None,
        channel: str = "chat",
    ) -> HandOver:
        self._answer()
        created = (contact_id, key) not in self.tickets
        self.tickets.setdefault((contact_id, key), (_ticket(len(self.tickets), signals.category), signals))
        ticket, _ = self.tickets[contact_id, key]
        dial = self.line if signals.live else None
        return HandOver(
            ticket=ticket,
            live=signals.live,
            next="callback",
            dial=dial,
            queue_position=self._place() if dial else None,
            expected_wait_s=self.wait_s,
            created=created,
        )

    async def waiting(self, contact_id: UUID) -> Waiting | None:
        self._answer()
        ticket = self._newest(contact_id)
        if ticket is None:
            return None
        missed = any(outcome not in {"accepted", "closed"} for outcome, _ in self.lines)
        dial = self.next_line if missed and self.next_line else self.line
        return Waiting(
            ticket=ticket, next="callback", dial=dial, queue_position=self._place(), expected_wait_s=self.wait_s
        )

    async def report_fault(self, said: FaultReport) -> ReportTaken:
        self._answer()
        self.reports.append(said)
        return ReportTaken(incident=None, maintenance=None)

    async def line_ended(self, contact_id: UUID, outcome: LineOutcome, *, dialled: str = "") -> None:
        self._answer()
        self.lines.append((outcome, dialled))

    async def promise_callback(
        self, contact_id: UUID, *, number: str | None = None, by_voicemail: bool = False
    ) -> Callback:
        self._answer()
        ticket = self._newest(contact_id)
        if ticket is None:
            raise EscalationRefused(404, "no ticket")
        self.callbacks.append((number, by_voicemail))
        return Callback(number=number, asked_at=datetime.now(UTC), call_by=ticket.respond_by, by_voicemail=by_voicemail)

    async def keep_voicemail(self, contact_id: UUID, recording_sid: str, *, length_s: int, audio: bytes) -> None:
        self._answer()
        if self._newest(contact_id) is None:
            raise EscalationRefused(404, "no ticket")
        self.voicemails[recording_sid] = (length_s, audio)

    async def picked_up(self, call_id: UUID) -> CallAbout | None:
        assert self.our_call is not None
        return self.our_call.picked_up(call_id)

    async def call_answered(self, call_id: UUID, answer: KeyAnswer) -> CallAnswered:
        assert self.our_call is not None
        return self.our_call.answered(call_id, answer)

    async def call_ended(self, call_id: UUID, how: CallEnd, *, call_sid: str = "") -> None:
        assert self.our_call is not None
        assert call_sid.startswith("CA")
        self.our_call.ended(call_id, how)

    async def text_reply(self, message_sid: str, *, number: str, text: str, meaning: TextMeaning) -> Became:
        self._answer()
        self.texts.append((number, text, meaning))
        return self.became

    async def transcribe(self, recording_sid: str, text: str) -> None:
        self._answer()
        if recording_sid not in self.voicemails:
            raise EscalationRefused(404, "no such voicemail")
        self.transcripts[recording_sid] = text

    async def chat_link(self, contact_id: UUID, *, keeps_place: bool = False) -> str:
        self._answer()
        self.links.append((contact_id, keeps_place))
        return f"https://support.example/chat/#go-on=link{len(self.links)}"

    async def brief(self, contact_id: UUID) -> Brief | None:
        self._answer()
        for (found, _), (ticket, signals) in self.tickets.items():
            if found == contact_id:
                return Brief(
                    reference=ticket.reference,
                    priority=ticket.priority,
                    category=ticket.category,
                    problem=signals.problem,
                    steps=signals.steps,
                )
        return None

    def _place(self) -> int | None:
        if not self.places:
            return None
        return self.places.pop(0) if len(self.places) > 1 else self.places[0]

    def _newest(self, contact_id: UUID) -> TicketView | None:
        if self.our_call is not None and contact_id == self.our_call.contact_id:
            return _ticket(4, "general")
        return next((ticket for (found, _), (ticket, _) in self.tickets.items() if found == contact_id), None)

    def _answer(self) -> None:
        if self.is_away:
            raise EscalationUnavailable("away")


def _ticket(number: int, category: str) -> TicketView:
    now = datetime.now(UTC)
    return TicketView(
        ticket_id=uuid4(),
        reference=f"FL-4831726{number}",
        status="acknowledged",
        priority="P3",
        tier=1,
        department="frontline",
        category=category,
        respond_by=now + timedelta(hours=4),
        resolve_by=now + timedelta(hours=24),
        created_at=now,
        updated_at=now,
        agent_name=None,
        last_public_note=None,
    )


@dataclass
class FakeAssistant:
    """Answers what its script knows; opens tickets at the desk as the real actions do."""

    desk: FakeDesk
    script: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_silent: bool = False
    slow_s: float = 0
    told: list[str] = field(default_factory=list)
    news: str = ""  # of a major incident where the caller lives
    languages: list[str] = field(default_factory=list)  # it was spoken to in, the start of the call first

    async def start(self, contact_id: UUID, *, language: str, **_: Any) -> list[BotMessage]:
        self.languages.append(language)
        if self.is_silent:
            raise BotUnavailable("silent")
        news = [BotMessage(self.news, about=NEWS)] if self.news else []
        return [*news, BotMessage("Hello.")]

    async def send(self, contact_id: UUID, text: str, *, turn_id: str, language: str, **_: Any) -> list[BotMessage]:
        self.told.append(text)
        self.languages.append(language)
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        if self.is_silent:
            raise BotUnavailable("silent")
        entry = self.script.get(text.lower(), {"says": "I did not understand that. What is the problem?"})
        return [
            BotMessage(
                text=entry["says"],
                choices=tuple(entry.get("choices", ())),
                about=entry.get("about", {}),
                handover=await self._handover(contact_id, turn_id, entry),
                expects=entry.get("expects"),
                closing=entry.get("closing", False),
            )
        ]

    async def _handover(self, contact_id: UUID, turn_id: str, entry: dict[str, Any]) -> dict[str, Any] | None:
        if "collects" in entry:
            return {"state": "collecting", "key": turn_id, "signals": entry["collects"]}
        if "opens ticket" in entry:
            signals = Signals.model_validate({"category": "general", "reason": "no_answer", **entry["opens ticket"]})
            opened = await self.desk.hand_over(contact_id, signals, key=turn_id)
            return {"state": "opened", "key": turn_id, **opened.model_dump(mode="json")}
        return None


@dataclass
class FakeMessages:
    """Text messages, each key once."""

    is_away: bool = False
    sent: dict[str, tuple[str, str]] = field(default_factory=dict)
    opted_out: dict[str, bool] = field(default_factory=dict)
    wants_no_calls: dict[str, bool] = field(default_factory=dict)

    async def send(self, *, to: str, text: str, key: str, kind: str) -> None:
        if self.is_away:
            raise OutboundUnavailable("away")
        assert kind == "steps"
        self.sent.setdefault(key, (to, text))

    async def opt_out(self, to: str, *, opted_out: bool, of: str = "messages") -> None:
        if self.is_away:
            raise OutboundUnavailable("away")
        assert E164.fullmatch(to)  # outbound refuses anything else
        (self.opted_out if of == "messages" else self.wants_no_calls)[to] = opted_out


@dataclass
class Patience:
    """The clock that silence is measured with: stands still until `ends`. `asked` holds every patience, in seconds."""

    asked: list[float] = field(default_factory=list)
    _running: list[asyncio.Event] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self.asked.append(seconds)
        self._running.append(over)
        try:
            await over.wait()
        finally:
            self._running.remove(over)

    async def ends(self) -> None:
        async with asyncio.timeout(5):
            while not self._running:  # the service has not come to listening yet
                await asyncio.sleep(0.005)
        for over in self._running:
            over.set()


def network(sound: bytes = b"RIFF....WAVE", status: int = 200) -> httpx.AsyncClient:
    """Where recordings are fetched from: any that is asked for, with the account's credentials only."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "Authorization" not in request.headers or "api.twilio.example" not in str(request.url):
            return httpx.Response(401)
        return httpx.Response(status, content=sound)

    return httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="https://api.twilio.example", auth=("AC1", "token")
    )
