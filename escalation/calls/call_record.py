"""The table of calls that we make: each attempt is one row, and is dialled at most once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class OutgoingCallRecord(Record):
    """Written before it is dialled, so that a crash in between costs an attempt and never rings somebody twice.

    The number is not kept: it is the ticket's.
    """

    __tablename__ = "outgoing_calls"
    __table_args__ = (
        UniqueConstraint("ticket_id", "purpose", "since", "attempt"),
        CheckConstraint("purpose IN ('callback', 'confirmation')", name="purpose_of_outgoing_call"),
        Index("outgoing_calls_under_way", "dialled_at", postgresql_where="outcome IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)  # in the addresses of its webhooks
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    purpose: Mapped[str]  # call_wire.Purpose
    since: Mapped[datetime]  # the promise, or the solution, that it is about
    attempt: Mapped[int]  # 1 = the first
    dialled_at: Mapped[datetime]
    call_sid: Mapped[str | None]  # the network's; None while it has not answered, or if it never did
    answered_at: Mapped[datetime | None]  # somebody picked up
    answer: Mapped[str | None]  # call_wire.KeyAnswer
    outcome: Mapped[str | None]  # call_wire.CallOutcome; None: under way
    ended_at: Mapped[datetime | None]
