"""The part of the door about reads of personal data."""

from datetime import datetime
from uuid import UUID

from escalation.board_door import REFUSALS
from escalation.link import Link
from escalation.reads_wire import ReadEntry, ReadsAsked, ReadsFound


class ReadsClient:
    """What `escalation.client.EscalationClient` can tell of reads; it owns the link."""

    _link: Link

    async def reads(
        self, person: str, *, ticket: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> list[ReadEntry]:
        """The newest first. Raises EscalationRefused(403) for whoever is no auditor."""
        params = ReadsAsked(ticket=ticket, since=since, limit=limit).model_dump(mode="json", exclude_none=True)
        reply = await self._link.request("GET", "/escalation/v1/reads", person=person, params=params, refusals=REFUSALS)
        return ReadsFound.model_validate_json(reply.content).reads

    async def copied(self, contact_id: UUID) -> None:
        """The customer took a copy of this conversation."""
        await self._link.post(f"/escalation/v1/contacts/{contact_id}/reads", {"what": "copy"})
