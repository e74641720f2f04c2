"""A person in a live chat whose console has gone: the chat goes back to the queue, each time exactly once."""

from datetime import datetime, timedelta
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import attendance
from escalation.desk import Actor, Deed, make
from escalation.events import tell_front_door
from escalation.floor import IS_OPEN
from escalation.offering import settle
from escalation.office import Office
from escalation.records import AuditRecord, ContactRecord, TicketRecord
from escalation.roster_book import rostered
from escalation.store import lock_case
from escalation.ticket import Move
from escalation.views import name_of
from escalation.waiting import queue_position

WHO = "watch"


async def give_back(office: Office, redis: Redis, after: timedelta) -> int:
    """Every live chat whose person has been gone for longer than `after`; how many. Raises RedisError."""
    async with office.sessions() as session:
        held = await _held(session)
    if not held:
        return 0
    seen, now = await attendance.read(redis), office.now()
    gone = [row for row in held if seen.is_gone(row[1], now=now, after=after)]
    return sum([await _give_back(office, redis, ticket_id, who, after) for ticket_id, who in gone])


async def _give_back(office: Office, redis: Redis, ticket_id: UUID, who: str, after: timedelta) -> bool:
    """Looks at everything once more under the ticket's lock: whoever came back, or acted, keeps the chat."""
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.id == ticket_id, skip_locked=True)
        if case is None or not await _held(session, TicketRecord.id == ticket_id, TicketRecord.assignee == who):
            return False
        seen, now = await attendance.read(redis), office.now()
        acted_at = await _acted_at(session, ticket_id, who)
        if not seen.is_gone(who, now=now, after=after, acted_at=acted_at):
            return False
        office = await rostered(office, session)
        why = f"{who} was not connected for {int(after.total_seconds())} s"
        make(office, case, Deed(Move.REQUEUE, Actor(WHO), why=why))
        await settle(office, case, WHO)
        await session.flush()
        place = await queue_position(session, case.ticket)
        tell_front_door(office, case, "lost", agent_name=name_of(who, office.policy.people), queue_position=place)
        return True


async def _held(session: AsyncSession, *which: ColumnElement[bool]) -> list[tuple[UUID, str]]:
    """Chats with a person in them. A call is on the telephone, whatever becomes of the console beside it."""
    found = await session.execute(
        select(TicketRecord.id, TicketRecord.assignee)
        .join(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
        .where(
            *which,
            *IS_OPEN,
            TicketRecord.live,
            TicketRecord.assignee.is_not(None),
            ContactRecord.channel == "chat",
            ContactRecord.ended_at.is_(None),
        )
    )
    return [(ticket_id, who) for ticket_id, who in found if who is not None]


async def _acted_at(session: AsyncSession, ticket_id: UUID, who: str) -> datetime | None:
    return await session.scalar(
        select(func.max(AuditRecord.at)).where(AuditRecord.ticket_id == ticket_id, AuditRecord.who == who)
    )
