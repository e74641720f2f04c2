"""That somebody types in a live chat, told to the other side at once."""

from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import select

from escalation.errors import NotAllowed, NotFound
from escalation.office import Office
from escalation.permission import moves_for
from escalation.records import ContactRecord, TicketRecord
from escalation.sight import may_see, one_of_us, role_of
from escalation.ticket import Move
from escalation.typing_wire import TypingSign, tell


async def customer_types(office: Office, redis: Redis, contact_id: UUID) -> None:
    """Told to the person in the chat; without one to nobody."""
    async with office.sessions() as session:
        found = await session.execute(
            select(TicketRecord.reference, TicketRecord.assignee).where(
                TicketRecord.contact_id == contact_id,
                TicketRecord.live,
                TicketRecord.assignee.is_not(None),
                TicketRecord.deleted_at.is_(None),
            )
        )
        rows = found.all()
    for reference, username in rows:
        await tell(redis, TypingSign(by="customer", contact_id=contact_id, reference=reference, username=username))


async def agent_types(office: Office, redis: Redis, username: str, reference: str) -> None:
    """Told to the customer while the chat is live and this person may reply in it; else to nobody.

    Raises NotFound, or NotAllowed for somebody whose role never replies.
    """
    person = one_of_us(office.policy.people, username)
    async with office.sessions() as session:
        ticket = await session.scalar(
            select(TicketRecord).where(TicketRecord.reference == reference, TicketRecord.deleted_at.is_(None))
        )
        if ticket is None or not may_see(person, username, ticket):
            raise NotFound(f"no ticket {reference}")
        if Move.REPLY not in role_of(person).moves:
            raise NotAllowed(f"{person.name} does not reply to customers")
        contact = await session.get(ContactRecord, ticket.contact_id) if ticket.contact_id else None
    if contact is None or contact.channel != "chat" or contact.ended_at is not None:
        return
    if ticket.live and ticket.assignee is not None and Move.REPLY in moves_for(office.policy, username, ticket):
        sign = TypingSign(
            by="agent", contact_id=contact.id, reference=reference, username=ticket.assignee, name=person.name
        )
        await tell(redis, sign)
