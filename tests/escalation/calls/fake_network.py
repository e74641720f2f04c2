"""The network that calls go through, as a record of what was asked of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from outbound.client import OutboundUnavailable, Rung


@dataclass
class FakeNetwork:
    """`answers`: what becomes of the next calls; after them everything is dialled."""

    answers: list[Rung] = field(default_factory=list)
    is_away: bool = False
    rung: list[tuple[str, str]] = field(default_factory=list)  # purpose, number
    ids: list[UUID] = field(default_factory=list)

    async def ring(self, *, to: str, call_id: UUID, purpose: Any, mailboxes: bool) -> Rung:
        assert mailboxes
        if self.is_away:
            raise OutboundUnavailable("away")
        self.rung.append((purpose, to))
        self.ids.append(call_id)
        return self.answers.pop(0) if self.answers else Rung(state="dialled", call_sid=f"CA{call_id.hex}")

    async def send(self, **_: Any) -> None:
        raise AssertionError("nobody is texted")
