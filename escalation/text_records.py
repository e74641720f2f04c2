"""The tables of text messages: which ticket a number was last told of, and what came back from it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record

TAIL = 9  # digits in which a national and an international writing of a number agree


class TextRecord(Record):
    """A text message to a customer about a ticket, or about a conversation without one; without its words."""

    __tablename__ = "texts"
    __table_args__ = (
        Index("texts_tail", "tail", "id"),
        CheckConstraint("(ticket_id IS NULL) <> (contact_id IS NULL)", name="texts_are_about_one_thing"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("tickets.id"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id"))
    tail: Mapped[str]  # the last digits of the number
    number: Mapped[str]  # as the customer left it, without its spaces
    message: Mapped[str]  # of messages.yml


class TextReplyRecord(Record):
    """A text message from a customer, and what was made of it: it comes again with the same id."""

    __tablename__ = "text_replies"

    message_sid: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    answer: Mapped[str]


def tail_of(number: str) -> str:
    return number[-TAIL:]
