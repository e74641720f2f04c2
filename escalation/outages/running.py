"""The outage that runs at a place, if any: suspected or confirmed, its ticket still open."""

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.outages.outage_records import OutageRecord
from escalation.outages.outage_wire import MajorIncident
from escalation.records import TicketRecord
from escalation.ticket import OPEN

RUNNING = ("suspected", "confirmed")
_OPEN = [str(status) for status in OPEN]
PLACE_LOCK = 621_0017


async def running_at(session: AsyncSession, area: str, service: str) -> OutageRecord | None:
    found: OutageRecord | None = await session.scalar(
        select(OutageRecord)
        .join(TicketRecord, TicketRecord.id == OutageRecord.ticket_id)
        .where(
            OutageRecord.area == area,
            OutageRecord.service == service,
            OutageRecord.state.in_(RUNNING),
            TicketRecord.status.in_(_OPEN),
            TicketRecord.deleted_at.is_(None),
        )
    )
    return found


async def confirmed(session: AsyncSession, area: str | None) -> list[MajorIncident]:
    """Of one area or of all, the newest first."""
    query = (
        select(OutageRecord, TicketRecord.reference)
        .join(TicketRecord, TicketRecord.id == OutageRecord.ticket_id)
        .where(
            OutageRecord.state == "confirmed",
            TicketRecord.status.in_(_OPEN),
            TicketRecord.deleted_at.is_(None),
        )
        .order_by(OutageRecord.suspected_at.desc())
        .limit(100)
    )
    if area is not None:
        query = query.where(OutageRecord.area == area)
    return [incident_of(outage, reference) for outage, reference in (await session.execute(query)).all()]


async def end_those_solved(session: AsyncSession) -> None:
    """An outage was over when its ticket was, so that the place may have another one."""
    await session.execute(
        update(OutageRecord)
        .where(
            TicketRecord.id == OutageRecord.ticket_id,
            OutageRecord.state.in_(RUNNING),
            TicketRecord.status.not_in(_OPEN),
        )
        .values(state="over", ended_at=TicketRecord.status_changed_at)
        .execution_options(synchronize_session=False)
    )


async def lock_place(session: AsyncSession, area: str, service: str) -> None:
    """One at a time decides about a place, until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(PLACE_LOCK, func.hashtext(f"{area} {service}"))))


def incident_of(outage: OutageRecord, reference: str) -> MajorIncident:
    return MajorIncident.model_validate(
        {
            "reference": reference,
            "area": outage.area,
            "service": outage.service,
            "began_at": outage.began_at,
            "expected_end": outage.expected_end,
            "cause": outage.cause,
        }
    )
