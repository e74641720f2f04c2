"""The frozen policies of many tickets: each is read once, however many of them keep it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.policy import FrozenPolicy
from escalation.records import TicketRecord


async def frozen_policies(session: AsyncSession, digests: Mapping[UUID, str]) -> dict[UUID, FrozenPolicy]:
    """By ticket. `digests`: of the tickets' policies, equal for equal ones."""
    one_of = {digest: ticket_id for ticket_id, digest in digests.items()}
    found = await session.execute(
        select(TicketRecord.id, TicketRecord.policy).where(TicketRecord.id.in_(one_of.values()))
    )
    policies = {digests[ticket_id]: FrozenPolicy.from_json(kept) for ticket_id, kept in found}
    return {ticket_id: policies[digest] for ticket_id, digest in digests.items()}
