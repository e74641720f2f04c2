"""What solved a ticket, and its words without who it was about."""

import re

from escalation.client import TicketDetail
from logs import masked
from personal_data import any_of, cues

SOLVED = frozenset({"resolved", "closed"})
_NAME_AT_LEAST = 2  # letters: a single one is an initial


def solution_of(ticket: TicketDetail) -> str:
    """What the customer was told when the ticket was resolved; "" while it is not, or for who may not know."""
    ends = [entry.at for entry in ticket.audit if entry.what == "resolve"]
    if ticket.status not in SOLVED or ticket.masked or not ends:
        return ""
    told = [note for note in ticket.notes if note.public and not note.attachment_id and note.at <= max(ends)]
    return max(told, key=lambda note: note.at).text.strip() if told else ""


def impersonal(text: str, ticket: TicketDetail) -> str:
    """Masked as logs are; also a name that somebody gives anywhere in the ticket, wherever it stands, who worked on
    it, and the customer's number and id."""
    said = [ticket.signals.problem, *(turn.text for turn in ticket.turns), *(note.text for note in ticket.notes), text]
    names = {one[start:end] for one in said for start, end in cues().names_in(one) if end - start >= _NAME_AT_LEAST}
    names |= {name for name in (ticket.agent_name, *(note.author for note in ticket.notes)) if name}
    text = _without(names, text, "[name]")
    known = {value for value in (ticket.signals.customer_id, ticket.signals.reachable, ticket.reference) if value}
    return masked(_without(known, text, "[hidden]"))


def _without(values: set[str], text: str, instead: str) -> str:
    wanted = sorted((value.strip() for value in values if value.strip()), key=len, reverse=True)
    return re.sub(rf"(?<!\w)(?:{any_of(wanted)})(?!\w)", instead, text, flags=re.IGNORECASE) if wanted else text
