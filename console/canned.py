"""Canned replies for a ticket: filled in with what is known of it; what is not known is left open to be written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from escalation.client import CannedReply, TicketDetail

GAP = re.compile(r"\[(?:name|promised)\]")  # stands in a text until somebody writes what belongs there


@dataclass(frozen=True, slots=True)
class Filled:
    name: str
    text: str


def for_ticket(replies: Sequence[CannedReply], ticket: TicketDetail, *, agent: str, zone: ZoneInfo) -> list[Filled]:
    """Those of the ticket's department and language; of no language, when its conversation had none."""
    known = {"reference": ticket.reference, "agent": agent}
    if ticket.resolve_by is not None:
        known["promised"] = ticket.resolve_by.astimezone(zone).strftime("%A, %-d %B, %H:%M")
    return [Filled(reply.name, filled(reply.text, known)) for reply in replies if _fits(reply, ticket)]


def filled(text: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: known.get(place[1]) or f"[{place[1]}]", text)


def gaps_in(text: str) -> list[str]:
    """What is still to be written, each once."""
    return list(dict.fromkeys(GAP.findall(text)))


def _fits(reply: CannedReply, ticket: TicketDetail) -> bool:
    speaks = not ticket.language or reply.language == ticket.language
    return speaks and (not reply.departments or ticket.department in reply.departments)
