"""The desk as a call sees it: the part of escalation's door that the telephone uses."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from escalation.client import (
    Became,
    Brief,
    Callback,
    Channel,
    ContactStart,
    HandOver,
    LineOutcome,
    Outcome,
    Signals,
    TextMeaning,
    Turn,
    Waiting,
)


class Desk(Protocol):
    async def start_contact(self, start: ContactStart) -> None: ...
    async def record(self, turns: Sequence[Turn]) -> None: ...
    async def finish_contact(self, contact_id: UUID, outcome: Outcome) -> None: ...
    async def hand_over(
        self, contact_id: UUID, signals: Signals, *, key: str, after_turn: str | None = None, channel: Channel = "chat"
    ) -> HandOver: ...
    async def waiting(self, contact_id: UUID) -> Waiting | None: ...
    async def line_ended(self, contact_id: UUID, outcome: LineOutcome, *, dialled: str = "") -> None: ...
    async def promise_callback(
        self, contact_id: UUID, *, number: str | None = None, by_voicemail: bool = False
    ) -> Callback: ...
    async def keep_voicemail(self, contact_id: UUID, recording_sid: str, *, length_s: int, audio: bytes) -> None: ...
    async def transcribe(self, recording_sid: str, text: str) -> None: ...
    async def brief(self, contact_id: UUID) -> Brief | None: ...
    async def text_reply(self, message_sid: str, *, number: str, text: str, meaning: TextMeaning) -> Became: ...
