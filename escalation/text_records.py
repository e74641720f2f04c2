"""The tables of text messages: which ticket a number was last told of, and what came back from it."""

from datetime import datetime
from uuid import UUID

import phonenumbers
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from escalation.records import Record

NEWEST = 20  # texts to numbers that end alike
_SAME = frozenset({phonenumbers.MatchType.NSN_MATCH, phonenumbers.MatchType.EXACT_MATCH})
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


async def last_told(session: AsyncSession, number: str, *, of_ticket: bool = False) -> TextRecord | None:
    """The newest text to this very number, whichever way it was written down. `number` is E.164 or as it was kept."""
    query = select(TextRecord).where(TextRecord.tail == tail_of(number))
    if of_ticket:
        query = query.where(TextRecord.ticket_id.is_not(None))
    alike = await session.scalars(query.order_by(TextRecord.id.desc()).limit(NEWEST))
    return next((text for text in alike if _is_same(text.number, number)), None)


def _is_same(written: str, number: str) -> bool:
    """One that was written without a country is of the same country."""
    if written == number:
        return True
    try:
        country = phonenumbers.region_code_for_country_code(phonenumbers.parse(number).country_code or 0)
        return phonenumbers.is_number_match(phonenumbers.parse(written, country), number) in _SAME
    except phonenumbers.NumberParseException:
        return False
