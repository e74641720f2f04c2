"""Tickets that somebody accepted, has not touched, and went home from: offered on, but never out of a conversation."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import floor, offering, roster_book
from escalation.events import tell_staff
from escalation.offer import Floor
from escalation.office import Office
from escalation.records import AuditRecord, TicketRecord
from escalation.store import lock_case
from escalation.ticket import Move, Status

STILL_AT_IT = frozenset({"talking", "wrap_up"})


async def offer_on(office: Office) -> int:
    """Every ticket whose person went off duty after accepting it and has done nothing with it; how many."""
    async with office.sessions() as session:
        ids = [ticket_id for ticket_id, _ in await _left(office, session, await floor.read(office, session))]
    return sum([await _offer_on(office, ticket_id) for ticket_id in ids])


async def _offer_on(office: Office, ticket_id: UUID) -> bool:
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.id == ticket_id, skip_locked=True)
        if case is None:
            return False
        now_at = await floor.read(office, session)
        left = await _left(office, session, now_at, TicketRecord.id == ticket_id)
        if not left:
            return False
        ticket, now, (_, who) = case.ticket, office.now(), left[0]
        ticket.assignee = None
        ticket.offer_round += 1
        ticket.version += 1
        ticket.updated_at = now
        case.audit(now, offering.WHO, "offered on", f"{who} is off duty and had not begun")
        tell_staff(office, case, "offered_on")
        await session.flush()
        await offering.go_on(office, case)
        return True


async def _left(
    office: Office, session: AsyncSession, now_at: Floor, *which: ColumnElement[bool]
) -> Sequence[tuple[UUID, str]]:
    """With the person. Who accepts outside their hours is working, and keeps what they accepted then."""
    gone = list(_gone(now_at))
    if not gone:
        return []
    accept = (
        select(AuditRecord.ticket_id, AuditRecord.id, AuditRecord.at, AuditRecord.who)
        .where(
            AuditRecord.ticket_id == TicketRecord.id,
            AuditRecord.who == TicketRecord.assignee,
            AuditRecord.what == str(Move.ACCEPT),
        )
        .order_by(AuditRecord.id.desc())
        .limit(1)
        .lateral()
    )
    touched = select(AuditRecord.id).where(
        AuditRecord.ticket_id == TicketRecord.id, AuditRecord.who == TicketRecord.assignee, AuditRecord.id > accept.c.id
    )
    found = await session.execute(
        select(TicketRecord.id, accept.c.who, accept.c.at)
        .join(accept, true())
        .where(
            *which,
            *floor.IS_OPEN,
            TicketRecord.assignee.in_(gone),
            TicketRecord.status == str(Status.IN_PROGRESS),
            TicketRecord.live.is_(False),
            ~touched.exists(),
        )
    )
    rows: list[tuple[UUID, str, datetime]] = [(ticket_id, who, at) for ticket_id, who, at in found]
    if not rows:
        return []
    then = await roster_book.workers(session, office.policy, min(at for _, _, at in rows))
    return [(ticket_id, who) for ticket_id, who, at in rows if then[who].is_on_duty(at)]


def _gone(now_at: Floor) -> Iterator[str]:
    for name, worker in now_at.workers.items():
        if not worker.is_on_duty(now_at.at) and now_at.presence(name).state not in STILL_AT_IT:
            yield name
