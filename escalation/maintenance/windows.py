"""One look at all maintenance windows: each is announced, begins and ends once, however many look."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.events import tell_staff
from escalation.maintenance import effects, known
from escalation.maintenance.planned import Phase, Planned, phases
from escalation.maintenance.records import AffectedRecord, MaintenanceRecord
from escalation.office import Office
from escalation.records import TicketRecord
from escalation.store import Case, lock_case
from escalation.ticket import OPEN

BATCH = 200  # tickets of one window, or corrections, in one look
CHANGES_FOR = timedelta(days=1)  # after it ended a window may still be corrected
ANNOUNCED_BY = ["chat", "email", "sms"]  # telling.py: the conversation while it is open, else a message
_EVENTS: dict[Phase, str] = {
    "announced": "maintenance_announced",
    "begun": "maintenance_began",
    "ended": "maintenance_ended",
}


async def look(office: Office) -> int:
    """How many windows and tickets changed."""
    async with office.sessions() as session:
        current = await _current(session)
    changed = sum([await _advance(office, window_id) for window_id in current])
    for window_id in current:
        async with office.sessions() as session:
            concerned = await _concerned(office, session, window_id)
        changed += sum([await effects.affect(office, window_id, ticket_id) for ticket_id in concerned])
    async with office.sessions() as session:
        stale = await _outdated(office, session)
    return changed + sum([await effects.correct(office, *pair) for pair in stale])


async def _current(session: AsyncSession) -> list[UUID]:
    """Those that have not ended, and those that go on after they had."""
    goes_on = TicketRecord.status.in_([str(status) for status in OPEN]) & (
        known.instant("ends_at") > MaintenanceRecord.ended_at
    )
    found = await session.scalars(
        select(TicketRecord.id)
        .outerjoin(MaintenanceRecord, MaintenanceRecord.ticket_id == TicketRecord.id)
        .where(known.IS_WINDOW, TicketRecord.deleted_at.is_(None), or_(MaintenanceRecord.ended_at.is_(None), goes_on))
        .order_by(TicketRecord.id)
    )
    return list(found)


async def _advance(office: Office, window_id: UUID) -> bool:
    """The lock of the window's ticket and its record, committed with the event, make it happen once."""
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.id == window_id, skip_locked=True)
        if case is None:
            return False
        record = await session.get(MaintenanceRecord, window_id, populate_existing=True)
        if record is None:
            record = MaintenanceRecord(ticket_id=window_id)
            session.add(record)
        now, planned = office.now(), Planned.of(case.ticket, record)
        if record.ended_at is not None and now < planned.ends:
            record.ended_at = None
        due = list(phases(planned, record, now, before=office.policy.kinds.maintenance.announce_before))
        for phase in due:
            _enter(office, case, record, planned, phase)
        return bool(due)


def _enter(office: Office, case: Case, record: MaintenanceRecord, planned: Planned, phase: Phase) -> None:
    now, ticket = office.now(), case.ticket
    if phase == "announced":
        record.announced_at, record.announced_until = now, planned.ends
        if "announced_at" not in ticket.form:
            ticket.form = {**ticket.form, "announced_at": now.isoformat(), "announced_by": ANNOUNCED_BY}
    elif phase == "begun":
        record.begun_at = now
        record.announced_until = planned.promised_until
    else:
        record.ended_at = now
    if (event := _EVENTS.get(phase)) is not None:
        ticket.version += 1
        ticket.updated_at = now
        case.audit(now, effects.WHO, event)
        tell_staff(office, case, event)


async def _concerned(office: Office, session: AsyncSession, window_id: UUID) -> list[UUID]:
    """Tickets to be told once it is announced; those that open while it runs, in case they opened before it moved."""
    now, planned = office.now(), await known.find(session, window_id)
    record = await session.get(MaintenanceRecord, window_id)
    if planned is None or record is None or planned.is_off or now >= planned.ends:
        return []
    if now < planned.begins and record.announced_at is None:
        return []
    return await known.affected(session, office.policy, planned, now, limit=BATCH)


async def _outdated(office: Office, session: AsyncSession) -> list[tuple[UUID, UUID]]:
    found = await session.execute(
        select(AffectedRecord.window_id, AffectedRecord.ticket_id)
        .join(TicketRecord, TicketRecord.id == AffectedRecord.window_id)
        .outerjoin(MaintenanceRecord, MaintenanceRecord.ticket_id == AffectedRecord.window_id)
        .where(known.outdated(office.now() - CHANGES_FOR))
        .limit(BATCH)
    )
    return [(window_id, ticket_id) for window_id, ticket_id in found]
