"""Tells a customer something by the channel they have: the conversation while it is open, else a message."""

from escalation import clockwork
from escalation.events import address_of, tell_front_door, text_customer
from escalation.office import Office
from escalation.policy_files import PersonEntry
from escalation.store import Case


def can_be_told(case: Case) -> bool:
    return case.contact_is_open or address_of(case.ticket.reachable) is not None


def tell_customer(office: Office, case: Case, text: str, *, author: str, person: PersonEntry | None) -> None:
    """A public note that reaches the customer. Whoever left no address and has gone finds it with the ticket."""
    ticket = case.ticket
    case.note(office.now(), author, text)
    ticket.last_public_note = text
    clockwork.told(case, office.now())
    if case.contact_is_open:
        tell_front_door(office, case, "message", text=text, agent_name=person.name if person else None)
    else:
        text_customer(office, case, "customer_told", text=text)
