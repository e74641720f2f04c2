"""Which tickets a transaction changes, and how they were before: what the events of the hub are made from."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from escalation.records import TicketRecord
from escalation.ticket import Status

_KEY = "changing tickets"


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket that is being changed, and its version and state before; version 0 and no state for a new one."""

    ticket: TicketRecord
    version_before: int
    status_before: Status | None

    @property
    def versions(self) -> int:
        """How many changes of what a client can read there were."""
        return self.ticket.version - self.version_before


def remember(session: AsyncSession, ticket: TicketRecord, *, is_new: bool = False) -> None:
    """Called when a ticket is locked or opened; of several times in one transaction the first one counts."""
    known: dict[UUID, Change] = session.info.setdefault(_KEY, {})
    before = Change(ticket, 0, None) if is_new else Change(ticket, ticket.version, Status(ticket.status))
    known.setdefault(ticket.id, before)


def changed(session: AsyncSession) -> list[Change]:
    """Tickets with another version than before."""
    known: dict[UUID, Change] = session.info.get(_KEY, {})
    return [change for change in known.values() if change.versions]
