"""The events of TMF621 about tickets, written into the outbox in the transaction of the change they tell of."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.changes import Change, changed
from escalation.hub_records import SubscriptionRecord
from escalation.outbox import post
from escalation.policy import Policy
from escalation.resources import resources
from escalation.ticket import Status

HUB = "hub"  # the outbox's topic


class EventType(StrEnum):
    CREATE = "TroubleTicketCreateEvent"
    ATTRIBUTE_VALUE_CHANGE = "TroubleTicketAttributeValueChangeEvent"
    STATUS_CHANGE = "TroubleTicketStatusChangeEvent"
    RESOLVED = "TroubleTicketResolvedEvent"
    INFORMATION_REQUIRED = "TroubleTicketInformationRequiredEvent"
    DELETE = "TroubleTicketDeleteEvent"


_BESIDES: Mapping[str, EventType] = {  # states whose coming has an event of its own, after the change of status
    Status.RESOLVED: EventType.RESOLVED,
    Status.PENDING: EventType.INFORMATION_REQUIRED,
}


SOMEBODY_SUBSCRIBES = select(exists().select_from(SubscriptionRecord))
_KEY = "somebody subscribes"


def heard(session: AsyncSession, *, somebody_subscribes: bool) -> None:
    """The last statement of this transaction has asked it along with what it did: write() does not ask again."""
    session.info[_KEY] = somebody_subscribes


async def write(session: AsyncSession, policy: Policy, *, base_url: str, now: datetime) -> None:
    """One entry for each event, with the ticket as this transaction leaves it; nothing while nobody subscribes."""
    changes = changed(session)
    if not changes:
        return
    known = session.info.get(_KEY)
    if not (await session.scalar(SOMEBODY_SUBSCRIBES) if known is None else known):
        return
    await session.flush()
    shown = await resources(session, policy, [change.ticket for change in changes], base_url=base_url)
    for change, resource in zip(changes, shown, strict=True):
        for kind in events_of(change):
            event = _event(kind, resource, now)
            post(session, HUB, event, now=now)


def events_of(change: Change) -> list[EventType]:
    """In the order they are told. A version is either another state or another attribute."""
    ticket = change.ticket
    if ticket.deleted_at is not None:
        return [EventType.DELETE]
    if change.status_before is None:
        return [EventType.CREATE]
    if ticket.status == change.status_before:
        return [EventType.ATTRIBUTE_VALUE_CHANGE]
    told = [EventType.ATTRIBUTE_VALUE_CHANGE] if change.versions > 1 else []
    told.append(EventType.STATUS_CHANGE)
    return [*told, _BESIDES[ticket.status]] if ticket.status in _BESIDES else told


def _event(kind: EventType, resource: dict[str, Any], now: datetime) -> dict[str, Any]:
    """`correlationId` is the same in all events of a ticket; `timeOcurred` is written as the standard does."""
    return {
        "eventId": str(uuid4()),
        "eventTime": now.isoformat(),
        "timeOcurred": now.isoformat(),
        "eventType": str(kind),
        "correlationId": resource["id"],
        "domain": "troubleTicket",
        "event": {"troubleTicket": resource},
    }
