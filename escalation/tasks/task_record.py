"""The tables of tasks that recur: until when the watch has looked, and each run it has decided about."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import OfTicket, Record


class TaskRecord(Record):
    """Runs up to `seen_until` are decided."""

    __tablename__ = "tasks"

    task: Mapped[str] = mapped_column(primary_key=True)  # its key in tasks.yml
    seen_until: Mapped[datetime]


class TaskRunRecord(OfTicket, Record):
    """One run a task and day, whatever time of day the rule says later. Without a ticket: missed and not opened."""

    __tablename__ = "task_runs"
    __table_args__ = (Index("task_runs_newest", "starts_at"),)

    task: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime]
    missed: Mapped[bool]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
