"""Events of a ticket, written into the outbox in the transaction of the change they tell of."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import streams
from escalation.attachments.attachment_wire import Attachment
from escalation.office import Office
from escalation.outbox import post
from escalation.policy_files import MessageName
from escalation.store import Case
from escalation.text_records import TextRecord, tail_of
from escalation.views import ticket_view
from escalation.wire import LiveKind, StaffEvent

SMS = "sms"
FATES = "fates"
FOLLOWERS, FOLLOWER = "followers", "follower"  # of a ticket, and one of them (escalation/following.py)
Span = tuple[datetime, datetime]  # from, to
_PHONE = re.compile(r"\+?\d{7,15}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def phone_of(reachable: str | None) -> str | None:
    """The telephone number in what the customer left, national or E.164, without its spaces."""
    number = re.sub(r"[\s().\-]", "", reachable or "")
    return number if _PHONE.fullmatch(number) else None


def address_of(reachable: str | None) -> str | None:
    """A number or an e-mail address that outbound can send to."""
    written = (reachable or "").strip()
    return phone_of(written) or (written if _EMAIL.fullmatch(written) else None)


def tell_staff(office: Office, case: Case, kind: str) -> None:
    now = office.now()
    event = StaffEvent(reference=case.ticket.reference, kind=kind, at=now)
    post(case.session, streams.STAFF, event.model_dump(mode="json"), now=now)


def tell_desk(session: AsyncSession, office: Office, kind: str) -> None:
    """Something that is no ticket's changed; whoever shows all tickets looks again."""
    now = office.now()
    event = StaffEvent(reference="", kind=kind, at=now)
    post(session, streams.STAFF, event.model_dump(mode="json"), now=now)


def tell_front_door(
    office: Office,
    case: Case,
    kind: LiveKind,
    *,
    text: str | None = None,
    agent_name: str | None = None,
    queue_position: int | None = None,
    expected_wait_s: int | None = None,
    attachment: Attachment | None = None,
) -> None:
    """To the program that has the customer before it, while the contact is open."""
    if case.contact is None or case.contact.ended_at is not None:
        return
    now = office.now()
    event: dict[str, Any] = {
        "contact_id": str(case.contact.id),
        "channel": case.contact.channel,
        "kind": kind,
        "text": text,
        "agent_name": agent_name,
        "ticket": ticket_view(case.ticket, case.clocks, office.policy.people).model_dump(mode="json"),
        "at": now.isoformat(),
        "queue_position": queue_position,
        "expected_wait_s": expected_wait_s,
        "attachment": attachment.model_dump(mode="json") if attachment else None,
    }
    post(case.session, streams.live(case.contact.channel), event, now=now)


def text_customer(
    office: Office, case: Case, message: MessageName, *, text: str = "", span: Span | None = None
) -> bool:
    """A message, when the customer left a telephone number or an e-mail address; whether there is one."""
    address = address_of(case.ticket.reachable)
    if address is None:
        return False
    number = phone_of(address)
    if message == "customer_resolved" and number is not None:
        message = "customer_confirm"
    kind = "ticket_opened" if message == "customer_opened" else "ticket_update"
    written = worded(office, case, message, text=text, span=span)
    post(case.session, SMS, {"to": address, "text": written, "kind": kind}, now=office.now())
    if number is not None:
        case.session.add(TextRecord(ticket_id=case.ticket.id, tail=tail_of(number), number=number, message=message))
    return True


def worded(office: Office, case: Case, message: MessageName, *, text: str = "", span: Span | None = None) -> str:
    """A message to the customer, in their language, with what they were promised, or with the times of `span`."""
    promised = {clock.name: clock.due_at for clock in case.clocks}
    by = promised.get("respond" if message == "customer_opened" else "resolve")
    begins, by = span or (None, by)
    language = case.contact.language if case.contact else ""
    return _written(office, case, message, language=language, begins=begins, by=by, text=text)


def text_person(office: Office, case: Case, username: str, message: MessageName, *, by: datetime | None = None) -> None:
    """A text message to one of us. `by`: when it is due; without it the nearest deadline."""
    person = office.policy.people.get(username)
    if person is not None and person.phone is not None:
        by = by or case.ticket.next_due_at
        written = _written(office, case, message, by=by)
        sent = {"to": person.phone, "text": written, "kind": "ticket_update"}
        post(case.session, SMS, sent, now=office.now())


def tell_ledger(session: AsyncSession, contact_id: UUID, *, now: datetime, due_at: datetime | None = None) -> None:
    """Something happened that changes the fates of this contact's answers: they are written at `due_at`, or at once."""
    post(session, FATES, {"contact_id": str(contact_id)}, now=now, due_at=due_at)


def tell_followers(office: Office, case: Case, text: str, *, author: str, resolved: bool) -> None:
    """What happened to this ticket is passed on to those that have a relation to it."""
    news = {"ticket_id": str(case.ticket.id), "reference": case.ticket.reference, "author": author}
    post(case.session, FOLLOWERS, {**news, "text": text, "resolved": resolved}, now=office.now())


def _written(
    office: Office,
    case: Case,
    message: MessageName,
    *,
    language: str = "",
    begins: datetime | None = None,
    by: datetime | None,
    text: str = "",
) -> str:
    return office.policy.messages.write(
        message,
        language,
        begins=begins,
        by=by,
        operator=office.operator_name,
        reference=case.ticket.reference,
        priority=case.ticket.priority,
        text=text,
    )
