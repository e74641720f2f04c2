"""The tables of the roster and of offers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import OfTicket, Record


class RosterSpanRecord(Record):
    """An absence or an extra shift, as a supervisor entered it. Never deleted: `removed_at` ends it."""

    __tablename__ = "roster_spans"
    __table_args__ = (Index("roster_spans_kept", "ends_at", postgresql_where=text("removed_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    username: Mapped[str]
    kind: Mapped[str]  # absence or extra
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    substitute: Mapped[str | None]
    why: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    removed_by: Mapped[str | None]
    removed_at: Mapped[datetime | None]


class RosterChangeRecord(Record):
    """What a supervisor changed of a person. Only ever added to: the newest one of theirs counts."""

    __tablename__ = "roster_changes"
    __table_args__ = (Index("roster_changes_of", "username", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    username: Mapped[str]
    at: Mapped[datetime]
    who: Mapped[str]
    maximum: Mapped[int] = mapped_column(SmallInteger)
    substitute: Mapped[str | None]
    skills: Mapped[list[Any]]


class OfferRecord(OfTicket, Record):
    """The database holds what must never happen: two open offers of a ticket, somebody asked twice in a round."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("ticket_id", "round", "username"),
        Index("offers_open", "ticket_id", unique=True, postgresql_where=text("outcome IS NULL")),
        Index("offers_open_to", "username", postgresql_where=text("outcome IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    round: Mapped[int]  # of the ticket, when it was made
    tier: Mapped[int] = mapped_column(SmallInteger)
    username: Mapped[str]
    offered_at: Mapped[datetime]
    due_at: Mapped[datetime]
    outcome: Mapped[str | None]  # escalation/offer.py; None: nobody has answered yet
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]  # of a refusal
