"""Tickets out of the database as resources of TMF621."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import tmf
from escalation.policy import Policy
from escalation.records import AuditRecord, ClockRecord, NoteRecord, TicketRecord
from escalation.relatives import Link, links_of
from escalation.store import Case

Belonging = TypeVar("Belonging", ClockRecord, NoteRecord, AuditRecord)


async def resources(
    session: AsyncSession, policy: Policy, tickets: Sequence[TicketRecord], *, base_url: str
) -> list[dict[str, Any]]:
    """In the order of `tickets`, with what this transaction has flushed."""
    ids = [ticket.id for ticket in tickets]
    clocks = await session.scalars(select(ClockRecord).where(ClockRecord.ticket_id.in_(ids)))
    notes = await session.scalars(select(NoteRecord).where(NoteRecord.ticket_id.in_(ids)).order_by(NoteRecord.id))
    changes = await session.scalars(
        select(AuditRecord)
        .where(AuditRecord.ticket_id.in_(ids), AuditRecord.status.is_not(None))
        .order_by(AuditRecord.id)
    )
    clocks_of, notes_of, changes_of = _by_ticket(clocks), _by_ticket(notes), _by_ticket(changes)
    links = await links_of(session, ids)
    return [
        tmf.trouble_ticket(
            ticket,
            clocks_of[ticket.id],
            notes_of[ticket.id],
            changes_of[ticket.id],
            links=links[ticket.id],
            base_url=base_url,
            policy=policy,
        )
        for ticket in tickets
    ]


async def resource_of_new(case: Case, policy: Policy, links: Sequence[Link], *, base_url: str) -> dict[str, Any]:
    """Of a ticket that this transaction opens: all that belongs to it was added here, and needs no reading back."""
    await case.session.flush()  # gives notes their ids
    return tmf.trouble_ticket(
        case.ticket,
        case.clocks,
        [entry for entry in case.added if isinstance(entry, NoteRecord)],
        [entry for entry in case.added if isinstance(entry, AuditRecord) and entry.status is not None],
        links=links,
        base_url=base_url,
        policy=policy,
    )


def _by_ticket(records: Iterable[Belonging]) -> Mapping[UUID, list[Belonging]]:
    grouped: dict[UUID, list[Belonging]] = defaultdict(list)
    for record in records:
        grouped[record.ticket_id].append(record)
    return grouped
