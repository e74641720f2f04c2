"""The kinds of tickets, and what a kind asks of a move beyond the table of legal moves."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from escalation.errors import NotLegal
from escalation.ticket import Move


class Kind(StrEnum):
    INCIDENT = "incident"
    COMPLAINT = "complaint"
    REQUEST = "request"
    ORDER_PROBLEM = "order-problem"
    OPERATIONAL_TASK = "operational-task"
    PLANNED_MAINTENANCE = "planned-maintenance"
    SYSTEM_PROBLEM = "system-problem"
    PARTNER_PROBLEM = "partner-problem"  # of an interconnect partner, or with one
    WISH = "wish"


class Kinded(Protocol):
    """What these rules need to know of a ticket."""

    @property
    def kind(self) -> str: ...
    @property
    def form(self) -> Mapping[str, Any]: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def followed_up_at(self) -> datetime | None: ...


def named(written: str) -> Kind | None:
    """The kind that other systems mean by a name: capitals, spaces and underscores do not matter."""
    name = "-".join(written.strip().lower().replace("_", " ").split())
    return Kind(name) if name in set(Kind) else None


def check_move(ticket: Kinded, move: Move, *, text: str, now: datetime) -> None:
    """Raises NotLegal, in plain words, when the ticket's kind does not allow a move that its state allows."""
    if ticket.kind == Kind.COMPLAINT and move is Move.CLOSE and not _is_followed_up(ticket):
        raise NotLegal("a complaint is closed after a follow-up: record the call or message to the customer first")
    if ticket.kind == Kind.PLANNED_MAINTENANCE and move is Move.RESOLVE:
        starts_at = datetime.fromisoformat(ticket.form["starts_at"])
        if now < starts_at:
            written = starts_at.strftime("%d/%m/%Y %H:%M %Z")
            raise NotLegal(f"this maintenance begins at {written} and cannot be completed before; it can be cancelled")
    if ticket.kind == Kind.WISH and move is Move.RESOLVE and not text:
        raise NotLegal("a wish is resolved with the answer that everyone who asked will read")


def _is_followed_up(ticket: Kinded) -> bool:
    """Since the solution that stands now: an earlier one may have been refused."""
    if ticket.followed_up_at is None:
        return False
    return ticket.resolved_at is None or ticket.followed_up_at >= ticket.resolved_at
