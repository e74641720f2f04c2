"""The table of relations between tickets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class RelationRecord(Record):
    """A ticket's one relation to another (escalation/relation.py)."""

    __tablename__ = "ticket_relations"
    __table_args__ = (Index("ticket_relations_to", "to_id"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    relation: Mapped[str]
    to_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    who: Mapped[str]
