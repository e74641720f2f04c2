"""The table of technicians' visits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class VisitRecord(Record):
    __tablename__ = "visits"
    __table_args__ = (Index("visits_day", "technician", "begins_at"), Index("visits_ticket", "ticket_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operator_id: Mapped[str] = mapped_column(unique=True)  # in the operator's appointments
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    technician: Mapped[str | None]  # None: nobody of people.yml makes visits
    state: Mapped[str]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str | None]
    order_id: Mapped[str | None]
    plan_mbps: Mapped[float | None]
    arrived_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    work: Mapped[list[Any]]
    remark: Mapped[str]
    measured_mbps: Mapped[float | None]
    speed_reason: Mapped[str]
    confirmed_by: Mapped[str]
