"""The tables of maintenance windows: how far each has come, and which tickets it affects."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class MaintenanceRecord(Record):
    """How far a window has come; its times are in its ticket's form."""

    __tablename__ = "maintenance"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    announced_at: Mapped[datetime | None]
    announced_until: Mapped[datetime | None]  # its end as it was known before it began
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # also when it was called off


class AffectedRecord(Record):
    """A ticket that depends on a window, with the window's times as they were last acted on."""

    __tablename__ = "maintenance_affected"
    __table_args__ = (Index("maintenance_affected_ticket", "ticket_id"),)

    window_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    begins: Mapped[datetime]
    ends: Mapped[datetime]
    told: Mapped[bool]  # the customer was sent these or earlier times
    withdrawn_at: Mapped[datetime | None]  # the window was called off
