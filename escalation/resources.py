"""Tickets out of the database as resources of TMF621."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import tmf
from escalation.policy import Policy
from escalation.records import AuditRecord, ClockRecord, NoteRecord, TicketRecord
from escalation.relatives import links_of


async def resources(
    session: AsyncSession, policy: Policy, tickets: Sequence[TicketRecord], *, base_url: str
) -> list[dict[str, Any]]:
    """In the order of `tickets`, with what this transaction has flushed."""
    ids = [ticket.id for ticket in tickets]
    clocks = list(await session.scalars(select(ClockRecord).where(ClockRecord.ticket_id.in_(ids))))
    notes = list(await session.scalars(select(NoteRecord).where(NoteRecord.ticket_id.in_(ids)).order_by(NoteRecord.id)))
    changes = await session.scalars(
        select(AuditRecord)
        .where(AuditRecord.ticket_id.in_(ids), AuditRecord.status.is_not(None))
        .order_by(AuditRecord.id)
    )
    audit, links = list(changes), await links_of(session, ids)
    return [
        tmf.trouble_ticket(
            ticket,
            [clock for clock in clocks if clock.ticket_id == ticket.id],
            [note for note in notes if note.ticket_id == ticket.id],
            [entry for entry in audit if entry.ticket_id == ticket.id],
            links=links[ticket.id],
            base_url=base_url,
            policy=policy,
        )
        for ticket in tickets
    ]
