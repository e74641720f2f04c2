"""The part of the door that is about outages."""

from datetime import datetime

from escalation.board_door import REFUSALS
from escalation.kind_client import ticket_path
from escalation.link import Link
from escalation.outages.outage_wire import (
    ConfirmAsked,
    DismissAsked,
    FaultReport,
    MajorIncident,
    MajorIncidents,
    ReportTaken,
)
from escalation.wire import TicketDetail


class OutageClient:
    """What `escalation.client.EscalationClient` can do about outages; it owns the link."""

    _link: Link

    async def report_fault(self, said: FaultReport) -> ReportTaken:
        """Kept once per customer and outage, however often it is reported; answers with what explains the fault."""
        reply = await self._link.post("/escalation/v1/fault-reports", said.model_dump(mode="json"))
        return ReportTaken.model_validate_json(reply.content)

    async def major_incidents(self, *, area: str | None = None) -> list[MajorIncident]:
        """Outages that a person has confirmed and nobody has solved yet, of one postcode district or of all."""
        params = {} if area is None else {"area": area}
        reply = await self._link.request("GET", "/escalation/v1/major-incidents", params=params)
        return MajorIncidents.model_validate_json(reply.content).incidents

    async def confirm_outage(
        self, person: str, reference: str, *, version: int, expected_end: datetime | None = None, cause: str = ""
    ) -> TicketDetail:
        """A suspected outage is a major incident from now on; of a confirmed one the expected end and the cause
        change. Raises EscalationRefused as `act` does."""
        asked = ConfirmAsked(expected_end=expected_end, cause=cause, version=version)
        path = f"{ticket_path(reference)}/outage"
        reply = await self._link.post(path, asked.model_dump(mode="json"), person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)

    async def dismiss_outage(self, person: str, reference: str, *, version: int, reason: str) -> TicketDetail:
        """It is no outage. Raises EscalationRefused as `act` does; the reason is needed."""
        asked = DismissAsked(reason=reason, version=version)
        path = f"{ticket_path(reference)}/outage/dismissal"
        reply = await self._link.post(path, asked.model_dump(mode="json"), person=person, refusals=REFUSALS)
        return TicketDetail.model_validate_json(reply.content)
