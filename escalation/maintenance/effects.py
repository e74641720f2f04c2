"""What a maintenance window does to one ticket: its customer is told, its clocks spare the window, it is linked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, kinship
from escalation.events import tell_staff
from escalation.maintenance import known
from escalation.maintenance.planned import FAULTS, Planned
from escalation.maintenance.records import AffectedRecord
from escalation.office import Office
from escalation.records import AuditRecord, TicketRecord
from escalation.relation import Relation
from escalation.relation_record import RelationRecord
from escalation.store import Case, lock_case
from escalation.telling import tell_work
from escalation.ticket import FINAL, OPEN, Status

WHO = "maintenance"  # in the audit: not a person, so that a person's own link is left alone


async def note(office: Office, case: Case, causes: Sequence[Planned], *, linked: bool) -> None:
    """A fault has opened inside these windows, whose time its clocks already spare. `linked`: to the first of them."""
    for number, planned in enumerate(causes):
        case.session.add(_row(case, planned, told=False))
        if linked and number == 0:
            other = await lock_case(case.session, TicketRecord.id == planned.window_id)
            if other is not None and other.status not in FINAL:
                await kinship.relate(office, case, Relation.CAUSED_BY, other, who=WHO)


async def affect(office: Office, window_id: UUID, ticket_id: UUID) -> bool:
    """The window is new to this ticket. Whether anything was to be done: another watch may have been first."""
    async with office.change() as session:
        now = office.now()
        planned, case = await _both(session, window_id, ticket_id)
        if planned is None or case is None or planned.is_off or case.status not in OPEN:
            return False
        if await session.get(AffectedRecord, (window_id, ticket_id)) is not None:
            return False
        told = False
        if now < planned.begins:
            told = tell_work(office, case, "customer_work_planned", (planned.begins, planned.ends))
        session.add(_row(case, planned, told=told))
        is_spared = _spare(case, planned, now, told=told)
        if _began_inside(case, planned):
            await _link(office, case, planned)
        if told or is_spared:
            _changed(office, case, "told" if told else "excluded", f"planned work {planned.reference}")
    return True


async def correct(office: Office, window_id: UUID, ticket_id: UUID) -> bool:
    """The window was moved, called off or done early: what depends on it follows. Time that was spared stays so."""
    async with office.change() as session:
        planned, case = await _both(session, window_id, ticket_id)
        row = await session.get(AffectedRecord, (window_id, ticket_id), populate_existing=True)
        if planned is None or row is None or row.withdrawn_at is not None:
            return False
        is_same = (row.begins, row.ends) == (planned.begins, planned.ends)
        if is_same and not planned.is_off:
            return False
        row.begins, row.ends = planned.begins, planned.ends
        row.withdrawn_at = office.now() if planned.is_off else None
        if case is not None:
            await (_withdraw if planned.is_off else _move)(office, case, planned, row)
    return True


async def _withdraw(office: Office, case: Case, planned: Planned, row: AffectedRecord) -> None:
    clockwork.readmit(case, planned.reference, office.now())
    if row.told and case.status in OPEN:
        tell_work(office, case, "customer_work_off", (planned.begins, planned.ends))
    _changed(office, case, "readmitted", f"planned work {planned.reference} was called off")
    await _part(office, case, planned, "the work was called off")


async def _move(office: Office, case: Case, planned: Planned, row: AffectedRecord) -> None:
    now = office.now()
    clockwork.readmit(case, planned.reference, now)
    concerned = row.told or _began_inside(case, planned)
    if concerned and case.status in OPEN and now < planned.ends:
        row.told = tell_work(office, case, "customer_work_moved", (planned.begins, planned.ends)) or row.told
    _spare(case, planned, now, told=row.told)
    _changed(office, case, "rescheduled", f"planned work {planned.reference}")
    if _began_inside(case, planned):
        await _link(office, case, planned)
    else:
        await _part(office, case, planned, "the work was moved")


def _spare(case: Case, planned: Planned, now: datetime, *, told: bool) -> bool:
    """What is left of the window is not counted, for who was told and for who reports a fault inside it."""
    window = planned.excluded()
    if window is None or window.from_on(now) is None or not (told or _began_inside(case, planned)):
        return False
    clockwork.exclude(case, window, now)
    return True


def _began_inside(case: Case, planned: Planned) -> bool:
    return case.ticket.kind in FAULTS and planned.begins <= case.ticket.created_at < planned.ends


async def _link(office: Office, case: Case, planned: Planned) -> None:
    """Unless it has a relation, or somebody has ended one that it had."""
    if case.status not in OPEN or await _own(case) is not None or await _was_parted(case):
        return
    other = await lock_case(case.session, TicketRecord.id == planned.window_id)
    if other is not None and other.status not in FINAL - {Status.CLOSED}:
        await kinship.relate(office, case, Relation.CAUSED_BY, other, who=WHO)


async def _part(office: Office, case: Case, planned: Planned, reason: str) -> None:
    own = await _own(case)
    if own is not None and own.to_id == planned.window_id and own.who == WHO:
        await kinship.part(office, case, own, who=WHO, reason=reason)


async def _own(case: Case) -> RelationRecord | None:
    found: RelationRecord | None = await case.session.scalar(
        select(RelationRecord).where(RelationRecord.ticket_id == case.ticket.id)
    )
    return found


async def _was_parted(case: Case) -> bool:
    by_a_person = exists().where(
        AuditRecord.ticket_id == case.ticket.id, AuditRecord.what == kinship.UNLINKED, AuditRecord.who != WHO
    )
    return bool(await case.session.scalar(select(by_a_person)))


async def _both(session: AsyncSession, window_id: UUID, ticket_id: UUID) -> tuple[Planned | None, Case | None]:
    await kinship.lock_in_order(session, TicketRecord.id.in_((window_id, ticket_id)))
    return await known.find(session, window_id), await lock_case(session, TicketRecord.id == ticket_id)


def _row(case: Case, planned: Planned, *, told: bool) -> AffectedRecord:
    return AffectedRecord(
        window_id=planned.window_id, ticket_id=case.ticket.id, begins=planned.begins, ends=planned.ends, told=told
    )


def _changed(office: Office, case: Case, what: str, why: str) -> None:
    case.ticket.version += 1
    case.ticket.updated_at = office.now()
    case.audit(office.now(), WHO, what, why)
    tell_staff(office, case, what)
