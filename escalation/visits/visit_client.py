"""The part of the door that is about technicians' visits."""

from datetime import datetime
from uuid import UUID

from escalation.board_door import REFUSALS
from escalation.link import Link
from escalation.visits.visit_wire import (
    Arrival,
    VisitAgreed,
    VisitCancelled,
    VisitReport,
    VisitRow,
    Visits,
    VisitTaken,
    VisitView,
)

PATH = "/escalation/v1/visits"


class VisitClient:
    """What `escalation.client.EscalationClient` can do about visits; it owns the link.

    What a technician does raises EscalationRefused: 403 for who makes no visits, 404 for a visit that is not theirs,
    400 when something is missing, 409 when it is not possible now.
    """

    _link: Link

    async def visit_agreed(self, said: VisitAgreed) -> VisitTaken:
        """Linked to the ticket that asked for it, or to a new one; told again with another window it was moved."""
        reply = await self._link.post(PATH, said.model_dump(mode="json"))
        return VisitTaken.model_validate_json(reply.content)

    async def visit_cancelled(self, visit_id: str) -> None:
        await self._link.post(f"{PATH}/cancelled", VisitCancelled(visit_id=visit_id).model_dump())

    async def visits(self, person: str) -> list[VisitRow]:
        """Today's, and earlier ones without a report."""
        reply = await self._link.request("GET", PATH, person=person, refusals=REFUSALS)
        return Visits.model_validate_json(reply.content).visits

    async def visit(self, person: str, visit_id: UUID) -> VisitView:
        reply = await self._link.request("GET", f"{PATH}/{visit_id}", person=person, refusals=REFUSALS)
        return VisitView.model_validate_json(reply.content)

    async def arrived(self, person: str, visit_id: UUID, *, at: datetime | None = None) -> VisitView:
        """Told again, the first time counts."""
        asked = Arrival(at=at).model_dump(mode="json")
        reply = await self._link.post(f"{PATH}/{visit_id}/arrival", asked, person=person, refusals=REFUSALS)
        return VisitView.model_validate_json(reply.content)

    async def report_visit(self, person: str, visit_id: UUID, report: VisitReport) -> VisitView:
        """The same report told again is the same."""
        asked = report.model_dump(mode="json")
        reply = await self._link.post(f"{PATH}/{visit_id}/report", asked, person=person, refusals=REFUSALS)
        return VisitView.model_validate_json(reply.content)
