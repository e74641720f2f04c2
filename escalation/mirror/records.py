"""The tables of the mirror: which ticket is which over there, and how far we have listened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Json, Record


class MirroredRecord(Record):
    """A ticket of ours and its like over there. What both sides know is not told again, in either direction."""

    __tablename__ = "mirrored_tickets"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    their_id: Mapped[str] = mapped_column(unique=True)
    their_status: Mapped[str]  # the last that we have told or heard
    told: Mapped[Json]  # attributes and relations as they were told last
    told_note: Mapped[int] = mapped_column(BigInteger)  # the newest note of ours that is over there
    told_at: Mapped[datetime]  # by their clock: what is older was read before we told something
    heard: Mapped[list[Any]]  # keys of their notes that we have taken over
    heard_at: Mapped[datetime | None]  # by their clock: the change that we have taken over last


class MirrorCursorRecord(Record):
    """Their changes up to here have been looked at; one row for each system."""

    __tablename__ = "mirror_cursor"

    url: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]  # by their clock
