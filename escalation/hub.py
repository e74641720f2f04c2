"""Events on their way to the hub's subscribers: given out, taken by a sender, delivered or tried again, dead."""

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, true, update
from sqlalchemy.orm import aliased

from escalation.errors import Incomplete
from escalation.event_filter import EventFilter
from escalation.hub_records import SubscriptionRecord, WebhookRecord
from escalation.notification import HUB
from escalation.office import Office
from escalation.records import OutboxRecord

log = logging.getLogger(__name__)

BATCH = 20  # events given out in one transaction
AT_ONCE = 4  # events on their way to one subscriber; one while it fails
LEASE = timedelta(seconds=60)  # far longer than courier.SEND_S: who is still sending is never overtaken
LONGEST_RETRY = timedelta(minutes=15)
TRIED_FOR = timedelta(hours=24)  # told to subscribers in README.md
DELIVERED_KEPT = timedelta(days=2)
DEAD_KEPT = timedelta(days=30)
_LOCK = 621_0004  # one gives out at a time: that keeps the order


@dataclass(frozen=True, slots=True)
class Taken:
    """An event that this sender brings to its subscriber now; it owns it until `until`."""

    id: int
    subscription_id: UUID
    ticket_id: UUID
    event_id: UUID
    callback: str
    body: str
    tries: int  # before this one
    give_up_at: datetime
    until: datetime


def waits(webhook: type[WebhookRecord] = WebhookRecord) -> ColumnElement[bool]:
    return and_(webhook.delivered_at.is_(None), webhook.dead_at.is_(None))


async def give_out(office: Office) -> int:
    """An entry for each subscriber whose filter fits, for the oldest events; how many events."""
    now = office.now()
    async with office.sessions.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        waiting = await session.scalars(
            select(OutboxRecord)
            .where(OutboxRecord.delivered_at.is_(None), OutboxRecord.topic == HUB)
            .order_by(OutboxRecord.id)
            .limit(BATCH)
        )
        events = list(waiting)
        subscriptions = await session.scalars(select(SubscriptionRecord).with_for_update(read=True, key_share=True))
        wanted = [(kept, _filter_of(kept)) for kept in subscriptions] if events else []
        for event in events:
            event.delivered_at = now
            session.add_all(
                _webhook(event, kept)
                for kept, fitting in wanted
                if fitting is not None and kept.created_at <= event.created_at and fitting.fits(event.payload)
            )
    return len(events)


async def take(office: Office, *, sparing: Collection[UUID]) -> list[Taken]:
    """What is due now, owned from here on by the caller: of each subscriber that is not in `sparing` the oldest ones.

    Of one ticket only the first that waits, so that the next is not sent before it.
    """
    now = office.now()
    until = now + LEASE
    earlier = aliased(WebhookRecord)
    is_first = ~exists().where(
        earlier.subscription_id == WebhookRecord.subscription_id,
        earlier.ticket_id == WebhookRecord.ticket_id,
        earlier.id < WebhookRecord.id,
        waits(earlier),
    )
    is_free = or_(WebhookRecord.claimed_until.is_(None), WebhookRecord.claimed_until <= now)
    due = (
        select(WebhookRecord.id)
        .where(WebhookRecord.subscription_id == SubscriptionRecord.id)
        .where(waits(), WebhookRecord.try_at <= now, is_free, is_first)
        .order_by(WebhookRecord.id)
        .limit(case((SubscriptionRecord.failing_since.is_(None), AT_ONCE), else_=1))
        .with_for_update(skip_locked=True)
        .lateral()
    )
    async with office.sessions.begin() as session:
        found = await session.execute(
            select(due.c.id, SubscriptionRecord.callback)
            .select_from(SubscriptionRecord)
            .join(due, true())
            .where(SubscriptionRecord.id.not_in(list(sparing)))
        )
        callbacks: dict[int, str] = dict(iter(found))
        if not callbacks:
            return []
        taken = await session.scalars(
            update(WebhookRecord)
            .where(WebhookRecord.id.in_(list(callbacks)))
            .values(claimed_until=until)
            .returning(WebhookRecord)
        )
        return [_taken(webhook, callbacks[webhook.id], until) for webhook in sorted(taken, key=lambda one: one.id)]


async def delivered(office: Office, taken: Taken) -> None:
    now = office.now()
    async with office.sessions.begin() as session:
        await session.execute(
            update(WebhookRecord)
            .where(*_still(taken))
            .values(delivered_at=now, claimed_until=None, tries=taken.tries + 1, fault=None)
        )
        await session.execute(
            update(SubscriptionRecord)
            .where(SubscriptionRecord.id == taken.subscription_id)
            .values(failing_since=None, last_delivered_at=now)
        )


async def failed(office: Office, taken: Taken, fault: str, *, jitter: float) -> None:
    """Tried again later, and what follows it in its ticket with it; dead when it was tried for long enough."""
    now = office.now()
    is_dead = now >= taken.give_up_at
    try_at = now if is_dead else now + pause(taken.tries + 1, jitter)
    async with office.sessions.begin() as session:
        still = await session.execute(
            update(WebhookRecord)
            .where(*_still(taken))
            .values(claimed_until=None, tries=taken.tries + 1, fault=fault, dead_at=now if is_dead else None)
            .returning(WebhookRecord.id)
        )
        if still.scalar_one_or_none() is None:
            return
        await session.execute(
            update(WebhookRecord)
            .where(
                WebhookRecord.subscription_id == taken.subscription_id,
                WebhookRecord.ticket_id == taken.ticket_id,
                WebhookRecord.id >= taken.id,
                waits(),
            )
            .values(try_at=try_at)
        )
        await session.execute(
            update(SubscriptionRecord)
            .where(SubscriptionRecord.id == taken.subscription_id, SubscriptionRecord.failing_since.is_(None))
            .values(failing_since=now)
        )
    if is_dead:
        log.warning("event %s is dead for subscription %s: %s", taken.event_id, taken.subscription_id, fault)


def pause(tries: int, jitter: float) -> timedelta:
    """Before the next try: 2, 4, 8 .. seconds, at most 15 minutes; between half and all of it by `jitter` (0 to 1)."""
    longest = min(timedelta(seconds=2 ** min(tries, 20)), LONGEST_RETRY)
    return longest * (0.5 + 0.5 * jitter)


async def forget(office: Office) -> None:
    """What was delivered is of no use any more; what is dead can be replayed for a month."""
    now = office.now()
    async with office.sessions.begin() as session:
        await session.execute(
            delete(WebhookRecord).where(
                or_(WebhookRecord.delivered_at < now - DELIVERED_KEPT, WebhookRecord.dead_at < now - DEAD_KEPT)
            )
        )


def _still(taken: Taken) -> Sequence[ColumnElement[bool]]:
    """It is still this sender's: neither taken over by another one nor replayed."""
    return (WebhookRecord.id == taken.id, WebhookRecord.claimed_until == taken.until)


def _filter_of(kept: SubscriptionRecord) -> EventFilter | None:
    """None for a query that is not understood, as an older version let in: it gets nothing."""
    try:
        return EventFilter.of(kept.query)
    except Incomplete:
        log.warning("the query of subscription %s is not understood: it gets no events", kept.id)
        return None


def _webhook(event: OutboxRecord, kept: SubscriptionRecord) -> WebhookRecord:
    told = event.payload
    return WebhookRecord(
        subscription_id=kept.id,
        ticket_id=UUID(told["correlationId"]),
        event_id=UUID(told["eventId"]),
        event_type=told["eventType"],
        body=json.dumps(told),
        created_at=event.created_at,
        give_up_at=event.created_at + TRIED_FOR,
        try_at=event.created_at,
        tries=0,
    )


def _taken(webhook: WebhookRecord, callback: str, until: datetime) -> Taken:
    return Taken(
        id=webhook.id,
        subscription_id=webhook.subscription_id,
        ticket_id=webhook.ticket_id,
        event_id=webhook.event_id,
        callback=callback,
        body=webhook.body,
        tries=webhook.tries,
        give_up_at=webhook.give_up_at,
        until=until,
    )
