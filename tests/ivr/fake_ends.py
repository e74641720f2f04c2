"""The two ends of a call's way through the house, in memory: the assistant, and the desk with its people."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bot.client import BotMessage, BotUnavailable
from escalation.client import ContactStart, EscalationUnavailable, HandOver, Outcome, Signals, TicketView, Turn


@dataclass
class FakeDesk:
    """One ticket per (contact, key); `line` is the number of the people, None when nobody can be called now."""

    line: str | None = None
    is_away: bool = False
    started: list[ContactStart] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    finished: dict[UUID, Outcome] = field(default_factory=dict)
    tickets: dict[tuple[UUID, str], tuple[TicketView, Signals]] = field(default_factory=dict)

    async def start_contact(self, start: ContactStart) -> None:
        self._answer()
        self.started.append(start)

    async def record(self, turns: Sequence[Turn]) -> None:
        self._answer()
        known = {(turn.contact_id, turn.turn_id) for turn in self.turns}
        self.turns += [turn for turn in turns if (turn.contact_id, turn.turn_id) not in known]

    async def finish_contact(self, contact_id: UUID, outcome: Outcome) -> None:
        self._answer()
        self.finished[contact_id] = outcome

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
            ticket=ticket, live=signals.live, next="callback", dial=dial, queue_position=None, created=created
        )

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

    async def start(self, contact_id: UUID, **_: Any) -> list[BotMessage]:
        if self.is_silent:
            raise BotUnavailable("silent")
        return [BotMessage("Hello.")]

    async def send(self, contact_id: UUID, text: str, *, turn_id: str, **_: Any) -> list[BotMessage]:
        self.told.append(text)
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
