"""Events that could not be delivered: seen, and sent again; and how each subscription is doing."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import aliased

from escalation.errors import NotFound
from escalation.hub import TRIED_FOR, waits
from escalation.hub_records import SubscriptionRecord, WebhookRecord
from escalation.office import Office
from escalation.storable import Wire

LONG = timedelta(hours=1)  # who fails for longer is failing, and not only busy

State = Literal["ok", "retrying", "failing"]
_is_dead = WebhookRecord.dead_at.is_not(None)


class SubscriptionState(Wire):
    """`failing_since`: the first failure after the last delivery."""

    id: UUID
    callback: str
    query: str | None
    created_at: datetime
    state: State
    failing_since: datetime | None
    last_delivered_at: datetime | None
    last_fault: str | None
    waiting: int
    dead: int


class DeadLetter(Wire):
    id: int
    subscription_id: UUID
    ticket_id: UUID
    event_id: UUID
    event_type: str
    created_at: datetime
    dead_at: datetime
    tries: int
    fault: str


class DeadAsked(Wire):
    """`after` is the id of the last one that is known."""

    subscription_id: UUID | None = None
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1, le=1000)


async def count(office: Office) -> dict[str, int]:
    """How many webhooks wait, and how many are dead, of all subscriptions."""
    async with office.sessions() as session:
        found = await session.execute(
            select(func.count().filter(waits()), func.count().filter(_is_dead)).where(waits() | _is_dead)
        )
        waiting, dead = found.one()
    return {"waiting": waiting, "dead": dead}


async def subscriptions(office: Office) -> list[SubscriptionState]:
    """Every caller's, the oldest first."""
    newest = aliased(WebhookRecord)
    fault = (
        select(newest.fault)
        .where(newest.subscription_id == SubscriptionRecord.id, newest.fault.is_not(None))
        .order_by(newest.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(SubscriptionRecord, func.count().filter(waits(), WebhookRecord.id.is_not(None)))
        .add_columns(func.count().filter(_is_dead), fault)
        .outerjoin(WebhookRecord, WebhookRecord.subscription_id == SubscriptionRecord.id)
        .group_by(SubscriptionRecord.id)
        .order_by(SubscriptionRecord.created_at)
    )
    async with office.sessions() as session:
        rows = await session.execute(query)
        return [_state(office.now(), *row) for row in rows.all()]


async def listed(office: Office, asked: DeadAsked) -> list[DeadLetter]:
    """The oldest first."""
    query = select(WebhookRecord).where(_is_dead, WebhookRecord.id > asked.after)
    if asked.subscription_id is not None:
        query = query.where(WebhookRecord.subscription_id == asked.subscription_id)
    async with office.sessions() as session:
        found = await session.scalars(query.order_by(WebhookRecord.id).limit(asked.limit))
        return [DeadLetter.model_validate(webhook, from_attributes=True) for webhook in found]


async def replay(office: Office, webhook_id: int) -> int:
    """Send it again, as soon as may be, for as long as a new one. Raises NotFound when it is not a dead one."""
    if not await _replay(office, WebhookRecord.id == webhook_id):
        raise NotFound(f"no dead webhook {webhook_id}")
    return 1


async def replay_all(office: Office, subscription_id: UUID) -> int:
    """All dead ones of a subscription, in the order they were; how many. Raises NotFound when there is no such one."""
    async with office.sessions() as session:
        if await session.get(SubscriptionRecord, subscription_id) is None:
            raise NotFound(f"no subscription {subscription_id}")
    return await _replay(office, WebhookRecord.subscription_id == subscription_id)


async def _replay(office: Office, which: ColumnElement[bool]) -> int:
    now = office.now()
    async with office.sessions.begin() as session:
        again = await session.scalars(
            update(WebhookRecord)
            .where(which, _is_dead)
            .values(dead_at=None, tries=0, try_at=now, give_up_at=now + TRIED_FOR)
            .returning(WebhookRecord.id)
        )
        return len(list(again))


def _state(now: datetime, kept: SubscriptionRecord, waiting: int, dead: int, fault: str | None) -> SubscriptionState:
    since = kept.failing_since
    state: State = "ok" if since is None else "failing" if now - since >= LONG else "retrying"
    return SubscriptionState(
        id=kept.id,
        callback=kept.callback,
        query=kept.query,
        created_at=kept.created_at,
        state=state,
        failing_since=since,
        last_delivered_at=kept.last_delivered_at,
        last_fault=fault,
        waiting=waiting,
        dead=dead,
    )
