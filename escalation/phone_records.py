"""The tables of the telephone: what callers were promised, and the messages they left."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record


class CallbackRecord(Record):
    """One a ticket: a second wish to be called renews it. `attempts` are phone_wire.Attempt, the oldest first."""

    __tablename__ = "callbacks"
    __table_args__ = (Index("board_callbacks_call_by", "call_by"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    asked_at: Mapped[datetime]  # since when they wait: the place in the queue that they keep
    promised_at: Mapped[datetime]
    call_by: Mapped[datetime | None]
    by_voicemail: Mapped[bool]
    attempts: Mapped[list[Any]]
    reached_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]  # it rings no more by itself; people may still call


class VoicemailRecord(Record):
    """The sound itself is here, so that it is deleted, copied and guarded with the ticket."""

    __tablename__ = "voicemails"
    __table_args__ = (Index("voicemails_ticket", "ticket_id"),)

    recording_sid: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    length_s: Mapped[int]
    audio: Mapped[bytes] = mapped_column(LargeBinary)
    transcript: Mapped[str | None]
