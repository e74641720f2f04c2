"""A person in a chat whose console is gone: the customer waits for another one, and is told so."""

from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import select

from escalation import here, tier, waiting
from escalation.desk import give
from escalation.events import tell_front_door, tell_staff
from escalation.office import Office
from escalation.records import ContactRecord, TicketRecord
from escalation.store import lock_case
from escalation.ticket import OPEN

WHO = "watch"
LOST = "connection_lost"  # in the audit, and to the console
_IN_A_CHAT = (
    TicketRecord.live,
    TicketRecord.assignee.is_not(None),
    TicketRecord.status.in_([str(status) for status in OPEN]),
    TicketRecord.deleted_at.is_(None),
    ContactRecord.channel == "chat",  # on the telephone the line itself tells
    ContactRecord.ended_at.is_(None),
)


async def look(office: Office, redis: "Redis") -> int:
    """How many chats went back to the queue; each once, however many look."""
    async with office.sessions() as session:
        found = await session.execute(
            select(TicketRecord.id, TicketRecord.assignee)
            .join(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
            .where(*_IN_A_CHAT)
        )
        served = [(ticket_id, str(name)) for ticket_id, name in found]
    names = sorted({name for _, name in served})
    absent = await here.gone(redis, names, office.now(), after=office.policy.sla.connection_lost_after)
    return sum([await _give_back(office, ticket_id, name) for ticket_id, name in served if name in absent])


async def _give_back(office: Office, ticket_id: UUID, name: str) -> bool:
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.id == ticket_id, skip_locked=True)
        if case is None or not case.ticket.live or case.ticket.assignee != name:
            return False
        ticket, policy, now = case.ticket, office.policy, office.now()
        contacts = policy.roster(ticket.department, ticket.system)
        give(office, case, tier.first_asked(ticket.tier, contacts, policy.people), waits_anew=True)
        ticket.version += 1
        ticket.updated_at = now
        case.audit(now, WHO, LOST, f"nothing was heard of the console of {name}")
        await session.flush()
        position = await waiting.queue_position(session, ticket)
        wait_s = await waiting.expected_wait_s(session, office, ticket)
        tell_front_door(office, case, "lost", queue_position=position, expected_wait_s=wait_s)
        tell_staff(office, case, LOST)
        return True
