"""The tables of the agreements that cover a ticket, and of what their missed targets cost."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Json, OfTicket, Record

OUTER = 0  # number of the agreement with whoever reports


class CoverRecord(OfTicket, Record):
    """An agreement as it was when it came to cover the ticket. `number`: 0 for the reporter's, opened with the ticket;
    the others are the tier's clock's rounds, one for each holder that an agreement binds.
    """

    __tablename__ = "ticket_agreements"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[str]
    version: Mapped[int]
    agreement: Mapped[Json]  # escalation/agreements/agreement.py
    since: Mapped[datetime]
    until: Mapped[datetime | None]  # when the holder gave the ticket away


class PenaltyRecord(OfTicket, Record):
    """What a target that was missed costs, by the agreement that the ticket keeps. It is never made less."""

    __tablename__ = "penalties"
    __table_args__ = (Index("penalties_missed", "missed_at"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # of the agreement
    target: Mapped[str] = mapped_column(primary_key=True)
    agreement_id: Mapped[str]
    version: Mapped[int]
    owed_by: Mapped[str]
    owed_to: Mapped[str]
    currency: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 3))  # None: the monthly fee is not known
    because: Mapped[str]
    late_s: Mapped[float]  # in time of the target's calendar
    missed_at: Mapped[datetime]
    reckoned_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # the target's clock has stopped: it grows no more
