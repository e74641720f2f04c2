"""Takes reports of faults: each kept once per customer and outage, and answered with what explains it."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.kind_wire import Window, WindowsAsked
from escalation.office import Office
from escalation.outages.outage_records import FaultReportRecord, OutageRecord
from escalation.outages.outage_wire import FaultReport, MajorIncident, MajorIncidents, ReportTaken
from escalation.outages.running import confirmed, incident_of, lock_place, running_at
from escalation.reception import ensure_contact
from escalation.records import Record, TicketRecord
from escalation.register import windows

_REPORTS = Record.metadata.tables["fault_reports"]
# The contact `of` has a new ticket: whether it is about an outage that was reported is seen to by the watch.
LOOK_AGAIN = (
    update(_REPORTS)
    .where(_REPORTS.c.contact_id == bindparam("of"), _REPORTS.c.outage_id.is_not(None))
    .values(linked_at=None)
)


async def report(office: Office, said: FaultReport) -> ReportTaken:
    maintenance = await maintenance_at(office, said.area, said.service)
    async with office.change() as session:
        await lock_place(session, said.area, said.service)
        outage = await running_at(session, said.area, said.service)
        incident = await _incident(session, outage)
        explained_by = said.explained_by or (maintenance.reference if maintenance else None)
        await _keep(office, session, said, outage, told=incident is not None, explained_by=explained_by)
    return ReportTaken(incident=incident, maintenance=maintenance)


async def major_incidents(office: Office, area: str | None) -> MajorIncidents:
    async with office.sessions() as session:
        return MajorIncidents(incidents=await confirmed(session, area))


async def maintenance_at(office: Office, area: str, service: str) -> Window | None:
    found = await windows(office, WindowsAsked(service=service, area=area))
    return found[0] if found else None


async def _incident(session: AsyncSession, outage: OutageRecord | None) -> MajorIncident | None:
    if outage is None or outage.state != "confirmed":
        return None
    return incident_of(outage, (await session.get_one(TicketRecord, outage.ticket_id)).reference)


async def _keep(
    office: Office,
    session: AsyncSession,
    said: FaultReport,
    outage: OutageRecord | None,
    *,
    told: bool,
    explained_by: str | None,
) -> None:
    """Who reports again is not counted again; the newest conversation is where they are told."""
    now = office.now()
    at = min(said.at or now, now)
    await ensure_contact(session, said.contact_id, said.channel, at)
    earlier = await _earlier(office, session, said, at)
    if earlier is not None and earlier.outage_id in (None, outage.id if outage else None):
        if earlier.contact_id != said.contact_id:
            earlier.contact_id, earlier.linked_at, earlier.told = said.contact_id, None, told
        earlier.reachable = said.reachable or earlier.reachable
        earlier.outage_id = outage.id if outage else None
        return
    session.add(
        FaultReportRecord(
            at=at,
            **said.model_dump(exclude={"at", "explained_by"}),
            explained_by=explained_by,
            outage_id=outage.id if outage else None,
            told=told,
            linked_at=None,
        )
    )


async def _earlier(office: Office, session: AsyncSession, said: FaultReport, at: datetime) -> FaultReportRecord | None:
    found: FaultReportRecord | None = await session.scalar(
        select(FaultReportRecord)
        .where(
            FaultReportRecord.reporter == said.reporter,
            FaultReportRecord.area == said.area,
            FaultReportRecord.service == said.service,
            FaultReportRecord.at > at - office.policy.outages.once_within,
        )
        .order_by(FaultReportRecord.at.desc())
        .limit(1)
    )
    return found
