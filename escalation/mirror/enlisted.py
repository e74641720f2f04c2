"""The mirror among the hub's subscribers: it gets the same events, in the same order, tried again and dead alike."""

from uuid import UUID, uuid4

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.hub import waits
from escalation.hub_records import SubscriptionRecord, WebhookRecord
from escalation.notification import HUB
from escalation.office import Office
from escalation.records import OutboxRecord

CALLBACK = "mirror:"  # no client can subscribe with it: escalation/callback.py asks for https
CALLER = "mirror"


async def enlist(office: Office, *, enabled: bool) -> None:
    """From now on events go to the mirror; or no more, and what waits for it is dropped."""
    async with office.sessions.begin() as session:
        mirror = SubscriptionRecord.callback == CALLBACK
        if not enabled:
            await session.execute(delete(SubscriptionRecord).where(mirror))
        elif not await session.scalar(select(exists().where(mirror))):
            session.add(SubscriptionRecord(id=uuid4(), caller=CALLER, callback=CALLBACK, created_at=office.now()))


async def is_on_its_way(session: AsyncSession, ticket_id: UUID) -> bool:
    """Whether something that happened to the ticket has not been told to the mirror yet."""
    given_out = (
        select(WebhookRecord.id)
        .join(SubscriptionRecord, SubscriptionRecord.id == WebhookRecord.subscription_id)
        .where(SubscriptionRecord.callback == CALLBACK, WebhookRecord.ticket_id == ticket_id, waits())
    )
    written = select(OutboxRecord.id).where(
        OutboxRecord.topic == HUB,
        OutboxRecord.delivered_at.is_(None),
        OutboxRecord.payload["correlationId"].astext == str(ticket_id),
    )
    return bool(await session.scalar(select(or_(given_out.exists(), written.exists()))))
