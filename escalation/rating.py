"""How satisfied a caller is, asked by text message when the call ended before we could ask; and what they answer."""

import re

import phonenumbers
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.events import SMS, phone_of
from escalation.office import Office
from escalation.outbox import post
from escalation.policy_files import MessageName
from escalation.records import ContactRecord
from escalation.text_records import TextRecord, tail_of

ASKED: MessageName = "customer_rate"
NEWEST = 20  # texts to numbers that end alike
_STARS = re.compile(r"\D*([1-5])\D*")  # 1 not at all, 5 very
_SAME = frozenset({phonenumbers.MatchType.NSN_MATCH, phonenumbers.MatchType.EXACT_MATCH})


async def ask(office: Office, session: AsyncSession, contact: ContactRecord) -> bool:
    """Once a call, and nobody who has left the last such question unanswered; whether they are asked."""
    number = phone_of(contact.caller)
    if number is None or contact.satisfaction is not None or not office.policy.calls.rating_by_text:
        return False
    last = await last_told(session, number)
    if last is not None and last.message == ASKED:
        return False
    text = office.policy.messages.write(ASKED, contact.language, by=None, operator=office.operator_name)
    post(session, SMS, {"to": number, "text": text, "kind": "ticket_update"}, now=office.now())
    session.add(TextRecord(contact_id=contact.id, tail=tail_of(number), number=number, message=ASKED))
    return True


async def take(session: AsyncSession, asked: TextRecord, text: str) -> bool:
    """Whether the text is a rating; then the question is answered, and the next text is about something else."""
    found = _STARS.fullmatch(text)
    contact = await session.get(ContactRecord, asked.contact_id) if found else None
    if found is None or contact is None:
        return False
    contact.satisfaction = int(found[1])
    await session.delete(asked)
    return True


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
