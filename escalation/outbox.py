"""The outbox as it is written: an event lies in it when, and only when, the change that it tells of is committed."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import streams
from escalation.records import OutboxRecord

_KEY = "events for a stream"


def post(
    session: AsyncSession, topic: str, payload: dict[str, Any], *, now: datetime, due_at: datetime | None = None
) -> None:
    """Taken from `due_at` on, or at once."""
    session.add(OutboxRecord(topic=topic, payload=payload, created_at=now, try_at=due_at or now, tries=0))
    if streams.is_stream(topic):
        session.info[_KEY] = True


def is_for_a_stream(session: AsyncSession) -> bool:
    """Whether this transaction has posted something that delivery.Publisher brings away."""
    return _KEY in session.info
