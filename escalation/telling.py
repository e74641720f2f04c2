"""Tells a customer something by the channel they have: the conversation while it is open, else a message."""

from collections.abc import Mapping

from escalation import clockwork
from escalation.events import address_of, tell_followers, tell_front_door, text_customer, worded
from escalation.office import Office
from escalation.policy_files import MessageName, PersonEntry
from escalation.records import NoteRecord
from escalation.store import Case
from escalation.ticket import Status
from escalation.wire import LiveKind

_STANDS: Mapping[Status, MessageName] = {
    Status.ACKNOWLEDGED: "customer_not_begun",
    Status.IN_PROGRESS: "customer_in_work",
    Status.HELD: "customer_held",
}


def can_be_told(case: Case) -> bool:
    return case.contact_is_open or address_of(case.ticket.reachable) is not None


def tell_customer(
    office: Office, case: Case, text: str, *, author: str, person: PersonEntry | None, kind: LiveKind = "message"
) -> None:
    """A public note that reaches the customer; `news` leaves them with the assistant.

    Whoever left no address and has gone finds it with the ticket.
    """
    ticket = case.ticket
    case.session.add(NoteRecord(ticket_id=ticket.id, author=author, at=office.now(), text=text, public=True))
    ticket.last_public_note = text
    clockwork.told(case, office.now())
    if case.contact_is_open:
        tell_front_door(office, case, kind, text=text, agent_name=person.name if person else None)
    else:
        text_customer(office, case, "customer_told", text=text)


def tell_status(office: Office, case: Case) -> bool:
    """Where an open ticket stands, honestly; whether there was a way to say it. It is a message like any other."""
    message = _STANDS.get(case.status)
    if message is None or not can_be_told(case):
        return False
    if case.contact_is_open:
        kind: LiveKind = "message" if case.ticket.live else "news"  # who talks to the assistant goes on doing so
        tell_front_door(office, case, kind, text=worded(office, case, message))
    else:
        text_customer(office, case, message)
    clockwork.told(case, office.now())
    return True


def publish_note(office: Office, case: Case, text: str, *, author: str) -> None:
    """A public note of a machine: found with the ticket, and news for those that follow a ticket without a customer."""
    ticket = case.ticket
    case.session.add(NoteRecord(ticket_id=ticket.id, author=author, at=office.now(), text=text, public=True))
    ticket.last_public_note = text
    clockwork.told(case, office.now())
    if case.contact is None and not ticket.reachable:
        tell_followers(office, case, text, author=author, resolved=False)
