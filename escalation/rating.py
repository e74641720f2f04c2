"""How satisfied a caller is, asked by text message when the call ended before we could ask; and what they answer."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from escalation.events import SMS, phone_of
from escalation.office import Office
from escalation.outbox import post
from escalation.policy_files import MessageName
from escalation.records import ContactRecord
from escalation.text_records import TextRecord, last_told, tail_of

ASKED: MessageName = "customer_rate"
_STARS = re.compile(r"\D*([1-5])\D*")  # 1 not at all, 5 very


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
