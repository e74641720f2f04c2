"""Paths about visits: the assistant tells what was agreed; technicians read their day and report."""

from uuid import UUID

from fastapi import APIRouter

from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName
from escalation.visits import agreeing, day
from escalation.visits.visit_wire import (
    Arrival,
    VisitAgreed,
    VisitCancelled,
    VisitReport,
    Visits,
    VisitTaken,
    VisitView,
)

router = APIRouter(prefix="/escalation/v1", tags=["visits"])


@router.post("/visits")
async def agree(said: VisitAgreed, office: OfficeOf) -> VisitTaken:
    return await agreeing.agree(office, said)


@router.post("/visits/cancelled", status_code=204)
async def cancel(said: VisitCancelled, office: OfficeOf) -> None:
    await agreeing.cancel(office, said)


@router.get("/visits")
async def today(person: PersonName, office: OfficeOf) -> Visits:
    return Visits(visits=await day.today(office, person))


@router.get("/visits/{visit_id}")
async def one(visit_id: UUID, person: PersonName, office: OfficeOf) -> VisitView:
    return await day.one(office, person, visit_id)


@router.post("/visits/{visit_id}/arrival")
async def arrive(visit_id: UUID, arrival: Arrival, person: PersonName, office: OfficeOf) -> VisitView:
    await day.arrive(office, person, visit_id, arrival)
    return await day.one(office, person, visit_id)


@router.post("/visits/{visit_id}/report")
async def finish(visit_id: UUID, report: VisitReport, person: PersonName, office: OfficeOf) -> VisitView:
    await day.finish(office, person, visit_id, report)
    return await day.one(office, person, visit_id)
