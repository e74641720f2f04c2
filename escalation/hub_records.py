"""The tables of the hub: who subscribed, and every event that goes to a subscriber."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record

_WAITS = text("delivered_at IS NULL AND dead_at IS NULL")


class SubscriptionRecord(Record):
    """`failing_since`: the first failure after the last delivery."""

    __tablename__ = "subscriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    caller: Mapped[str]
    callback: Mapped[str]
    query: Mapped[str | None]
    created_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    last_delivered_at: Mapped[datetime | None]


class WebhookRecord(Record):
    """An event for one subscriber. It waits until it is delivered or dead; those of one ticket go in order of `id`.

    A sender owns it until `claimed_until`. `body` is sent as it stands.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        Index("webhooks_in_order", "subscription_id", "ticket_id", "id", postgresql_where=_WAITS),
        Index("webhooks_due", "subscription_id", "try_at", postgresql_where=_WAITS),
        Index("webhooks_dead", "subscription_id", "id", postgresql_where=text("dead_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    ticket_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event_type: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    try_at: Mapped[datetime]
    tries: Mapped[int]
    claimed_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    fault: Mapped[str | None]  # of the last try
