"""A solution that nobody contradicts stands: the ticket is closed after the policy's time."""

from uuid import UUID

from sqlalchemy import and_, or_, select

from escalation import desk
from escalation.kind import Kind
from escalation.office import Office
from escalation.records import TicketRecord
from escalation.store import lock_case
from escalation.ticket import Move, Status

WHO = "watch"
BATCH = 100

# Solved, and by its kind free to be closed: escalation/kind.py asks for a complaint's follow-up.
_MAY_CLOSE = and_(
    TicketRecord.status == Status.RESOLVED,
    TicketRecord.deleted_at.is_(None),
    or_(TicketRecord.kind != Kind.COMPLAINT, TicketRecord.followed_up_at >= TicketRecord.resolved_at),
)


async def close_unanswered(office: Office) -> int:
    """Close what was solved `close_after` ago; how many. One that somebody is changing is left for the next round."""
    before = office.now() - office.policy.sla.close_after
    async with office.sessions() as session:
        due = await session.scalars(
            select(TicketRecord.id)
            .where(_MAY_CLOSE, TicketRecord.resolved_at <= before)
            .order_by(TicketRecord.resolved_at)
            .limit(BATCH)
        )
        ids = list(due)
    return sum([await _close(office, ticket_id) for ticket_id in ids])


async def _close(office: Office, ticket_id: UUID) -> bool:
    before = office.now() - office.policy.sla.close_after
    async with office.change() as session:
        still = and_(TicketRecord.id == ticket_id, _MAY_CLOSE, TicketRecord.resolved_at <= before)
        case = await lock_case(session, still, skip_locked=True)
        if case is None:
            return False
        desk.make(office, case, desk.Deed(Move.CLOSE, desk.Actor(WHO), why="nobody has said that it is not solved"))
    return True
