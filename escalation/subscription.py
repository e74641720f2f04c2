"""Who wants to hear of tickets: the subscriptions of TMF621's hub."""

from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import delete, func, select

from escalation import callback
from escalation.errors import Conflict, NotFound
from escalation.event_filter import EventFilter
from escalation.hub_records import SubscriptionRecord
from escalation.office import Office
from escalation.storable import storable

PATH = "/tmf-api/troubleTicket/v4/hub"
MOST = 100  # of one caller
_LOCK = 621_0003  # one at a time, so that they are counted rightly


class Subscribe(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    callback: str = Field(min_length=1, max_length=callback.LONGEST)
    query: str = Field(default="", max_length=1000)  # which events: escalation/event_filter.py

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        return storable(given)


async def subscribe(office: Office, caller: str, asked: Subscribe) -> dict[str, Any]:
    """The EventSubscription. Raises Conflict when the caller has this one already, or too many; Incomplete for a query
    that is not understood.

    The callback has passed escalation/callback.py.
    """
    EventFilter.of(asked.query)
    record = SubscriptionRecord(
        id=uuid4(), caller=caller, callback=asked.callback, query=asked.query or None, created_at=office.now()
    )
    async with office.sessions.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        found = await session.execute(
            select(SubscriptionRecord.callback, SubscriptionRecord.query).where(SubscriptionRecord.caller == caller)
        )
        kept = [tuple(row) for row in found.all()]
        if (record.callback, record.query) in kept:
            raise Conflict("This callback is subscribed already with this query")
        if len(kept) >= MOST:
            raise Conflict(f"There are {MOST} subscriptions already: end one first")
        session.add(record)
    told = {"id": str(record.id), "callback": record.callback, "query": record.query}
    return {name: value for name, value in told.items() if value is not None}


async def unsubscribe(office: Office, caller: str, subscription_id: str) -> None:
    """Raises NotFound, also for another caller's."""
    try:
        key = UUID(subscription_id)
    except ValueError:
        raise NotFound(f"No subscription {subscription_id[:80]}") from None
    async with office.sessions.begin() as session:
        ended = await session.execute(
            delete(SubscriptionRecord)
            .where(SubscriptionRecord.id == key, SubscriptionRecord.caller == caller)
            .returning(SubscriptionRecord.id)
        )
        if ended.scalar_one_or_none() is None:
            raise NotFound(f"No subscription {subscription_id[:80]}")
