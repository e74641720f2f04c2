"""The record of a call: its turns as heard, on their way to escalation."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from escalation.client import Channel, ContactStart, Outcome, Turn
from ivr.call import Call, outcome
from ivr.reply import Ask, Reply
from ivr.texts import can_be_texted
from ivr.words import words

MOST_CHARS = 8000
MOST_CHOICE_CHARS = 400


class Trail(Protocol):
    """The part of escalation's Trail that a call writes to."""

    async def start(self, start: ContactStart) -> None: ...
    async def append(self, turn: Turn) -> None: ...
    async def finish(
        self, contact_id: UUID, outcome: Outcome, *, channel: Channel | None = None, ask_rating: bool = False
    ) -> None: ...


class Record:
    """Every method returns the call that knows its newest turn: a ticket waits until that one is stored."""

    def __init__(self, trail: Trail, now: Callable[[], datetime]) -> None:
        self._trail = trail
        self._now = now

    async def start(self, call: Call) -> Call:
        """Once, and in the language that the call goes on in."""
        if call.began:
            return call
        await self._trail.start(
            ContactStart(
                contact_id=call.contact_id,
                channel="voice",
                language=call.language,
                started_at=self._now(),
                caller=call.caller,
            )
        )
        return replace(call, began=True)

    async def caller(self, call: Call, text: str, about: dict[str, Any] | None = None) -> Call:
        return await self._turn(call, caller_turn(call), author="customer", text=text, about=about)

    async def note(self, call: Call, text: str, about: dict[str, Any] | None = None) -> Call:
        return await self._turn(call, _turn_id(call, "note"), author="system", text=text, about=about)

    async def heard(self, call: Call, reply: Reply, about: dict[str, Any] | None = None) -> Call:
        """What the caller hears, and the choices read out."""
        if isinstance(reply, Ask) and call.prompt.level is not None:
            about = {**(about or {}), "menu": call.prompt.level}
        choices = call.prompt.offered if isinstance(reply, Ask) and not call.prompt.rest else ()
        shown = reply.shown if isinstance(reply, Ask) and reply.shown is not None else reply.said
        return await self._turn(call, _turn_id(call, "bot"), author="bot", text=shown, about=about, choices=choices)

    async def interrupted(self, call: Call, heard: str | None) -> None:
        """The caller spoke before we had finished. `heard`: how far we came, None where that must not be kept."""
        spoken = words(call.language).record
        text = spoken.interrupted if heard is None else spoken.interrupted_after.replace("{heard}", heard)
        await self._turn(call, _turn_id(call, "interrupted"), author="system", text=text, about={"interrupted": True})

    async def finish(self, call: Call) -> None:
        """Who was answered, and hung up before they could be asked how satisfied they are, is asked by text message."""
        dropped = bool(call.articles) and not (call.rated or call.said_goodbye or call.reference)
        await self._trail.finish(
            call.contact_id, outcome(call), channel="voice", ask_rating=dropped and can_be_texted(call)
        )

    async def _turn(
        self,
        call: Call,
        turn_id: str,
        *,
        author: Literal["customer", "bot", "system"],
        text: str,
        about: dict[str, Any] | None,
        choices: tuple[str, ...] = (),
    ) -> Call:
        turn = Turn(
            contact_id=call.contact_id,
            turn_id=turn_id,
            author=author,
            text=text[:MOST_CHARS],
            at=self._now(),
            choices=tuple(choice[:MOST_CHOICE_CHARS] for choice in choices),
            about=about or {},
        )
        await self._trail.append(turn)
        return replace(call, last_turn=turn_id)


def caller_turn(call: Call) -> str:
    """The id of what the caller says at this step: also what a hand-over that begins here is known by."""
    return _turn_id(call, "caller")


def _turn_id(call: Call, what: str) -> str:
    return f"{call.turns}{call.step}.{what}"
