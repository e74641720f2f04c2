"""A shift at the desk: contacts, hand-overs and moves, at a time that the test sets."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from escalation import desk, detail, handing_over, reception
from escalation.asks import HandOverAsked, MoveAsked
from escalation.office import Office
from escalation.records import OutboxRecord
from escalation.signals import Signals
from escalation.wire import ContactStart, HandOver, TicketDetail, Turn

MONDAY_10 = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Wristwatch:
    at: datetime = MONDAY_10

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Shift:
    office: Office
    watch: Wristwatch
    _numbers: list[int] = field(default_factory=lambda: [0])

    async def contact(self, channel: Any = "chat", caller: str | None = None) -> UUID:
        contact_id = uuid4()
        start = ContactStart(
            contact_id=contact_id, channel=channel, language="en", started_at=self.watch(), caller=caller
        )
        await reception.start_contact(self.office, start)
        return contact_id

    async def hand_over(self, contact_id: UUID, *, key: str = "t1", told: bool = True, **known: Any) -> HandOver:
        signals = Signals.model_validate(
            {"category": "general", "reason": "wants_person", "problem": "it does not work", **known}
        )
        handed = await handing_over.hand_over(self.office, contact_id, HandOverAsked(signals=signals, key=key))
        if told:
            await self.says(contact_id, f"Your reference is {handed.ticket.reference}.", author="bot")
        return handed

    async def ticket(self, *, channel: Any = "chat", **known: Any) -> str:
        """A new ticket of a new contact; its reference."""
        return (await self.hand_over(await self.contact(channel), **known)).ticket.reference

    async def says(self, contact_id: UUID, text: str = "hello?", author: Any = "customer") -> None:
        self._numbers[0] += 1
        turn = Turn(
            contact_id=contact_id, turn_id=f"said-{self._numbers[0]}", author=author, text=text, at=self.watch()
        )
        await reception.record(self.office, [turn])

    async def read(self, reference: str, username: str = "sam.okoye") -> TicketDetail:
        return await detail.detail(self.office, username, reference)

    async def act(
        self, username: str, reference: str, move: Any, *, text: str = "", reason: str = "", version: int | None = None
    ) -> TicketDetail:
        if version is None:
            version = (await self.read(reference, username)).version
        asked = MoveAsked(move=move, version=version, text=text, reason=reason)
        await desk.act(self.office, username, reference, asked)
        return await self.read(reference, username)

    async def events(self, topic: str) -> list[dict[str, Any]]:
        """What the outbox holds for a stream, or for "sms"."""
        async with self.office.sessions() as session:
            found = await session.scalars(
                select(OutboxRecord.payload).where(OutboxRecord.topic == topic).order_by(OutboxRecord.id)
            )
            return list(found)
