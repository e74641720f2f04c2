"""Paths about outages: the assistant reports faults and asks what is known; people confirm or dismiss."""

from typing import Annotated

from fastapi import APIRouter, Query

from escalation import detail
from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName, Reference
from escalation.outages import reports, ruling
from escalation.outages.outage_wire import (
    ConfirmAsked,
    DismissAsked,
    FaultReport,
    MajorIncidents,
    MajorIncidentsAsked,
    ReportTaken,
)
from escalation.wire import TicketDetail

router = APIRouter(prefix="/escalation/v1", tags=["outages"])


@router.post("/fault-reports")
async def report(said: FaultReport, office: OfficeOf) -> ReportTaken:
    return await reports.report(office, said)


@router.get("/major-incidents")
async def major_incidents(office: OfficeOf, asked: Annotated[MajorIncidentsAsked, Query()]) -> MajorIncidents:
    return await reports.major_incidents(office, asked.area)


@router.post("/tickets/{reference}/outage")
async def confirm(reference: Reference, asked: ConfirmAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await ruling.confirm(office, person, reference, asked)
    return await detail.detail(office, person, reference)


@router.post("/tickets/{reference}/outage/dismissal")
async def dismiss(reference: Reference, asked: DismissAsked, person: PersonName, office: OfficeOf) -> TicketDetail:
    await ruling.dismiss(office, person, reference, asked)
    return await detail.detail(office, person, reference, after_own_move=True)
