"""That somebody types in a live chat: told to the other side at once, by Redis, and kept nowhere."""

import logging
from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

from pydantic import ValidationError
from redis import RedisError
from redis.asyncio import Redis
from sqlalchemy import select

from escalation import streams
from escalation.errors import NotAllowed, NotFound
from escalation.office import Office
from escalation.permission import moves_for
from escalation.records import ContactRecord, TicketRecord
from escalation.sight import may_see, one_of_us, role_of
from escalation.storable import Wire
from escalation.ticket import Move

log = logging.getLogger(__name__)

CHANNEL = f"{streams.OURS}typing"
WAIT_S = 2.0


class TypingSign(Wire):
    """Says nothing of what is written. Whoever shows it takes it away again a few seconds later."""

    by: Literal["customer", "agent"]
    contact_id: UUID
    reference: str
    username: str  # of the person in the chat
    name: str = ""  # of the person who types, as the customer reads it


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
        await _tell(redis, TypingSign(by="customer", contact_id=contact_id, reference=reference, username=username))


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
        await _tell(redis, sign)


async def signs(redis: Redis) -> AsyncIterator[TypingSign]:
    """Those of all chats from now on, to every reader alike. Raises RedisError."""
    async with redis.pubsub() as channel:
        await channel.subscribe(CHANNEL)
        while True:
            message = await channel.get_message(ignore_subscribe_messages=True, timeout=WAIT_S)
            if message is not None and (sign := _parsed(message["data"])) is not None:
                yield sign


def _parsed(data: str) -> TypingSign | None:
    """One of another version is passed over."""
    try:
        return TypingSign.model_validate_json(data)
    except ValidationError:
        return None


async def _tell(redis: Redis, sign: TypingSign) -> None:
    try:
        await redis.publish(CHANNEL, sign.model_dump_json())
    except RedisError as error:
        log.warning("typing is not shown: %s", type(error).__name__)
