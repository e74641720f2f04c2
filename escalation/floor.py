"""Who is at work now: the roster, what our people say they are doing, and how much each has; read for the offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import roster_book
from escalation.agent_state import AgentStateRecord
from escalation.offer import Floor, Presence
from escalation.office import Office
from escalation.policy import ANY, Policy
from escalation.policy_files import PersonEntry
from escalation.records import TicketRecord
from escalation.roster_records import OfferRecord
from escalation.sight import role_of
from escalation.ticket import OPEN, Move
from escalation.tier import VENDORS

SAID_WITHIN = timedelta(days=1)  # what somebody said they do says nothing a day later
IS_OPEN: tuple[ColumnElement[bool], ...] = (
    TicketRecord.status.in_([str(status) for status in OPEN]),
    TicketRecord.closed_at.is_(None),
    TicketRecord.deleted_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What decides who may be offered a ticket."""

    id: UUID
    tier: int
    department: str
    system: str | None
    category: str
    segment: str | None

    @classmethod
    def of(cls, ticket: TicketRecord) -> Self:
        segment = ticket.signals.get("segment")
        return cls(ticket.id, ticket.tier, ticket.department, ticket.system, ticket.category, segment)


async def read(office: Office, session: AsyncSession) -> Floor:
    """Who accepts no tickets by their role is not on it, and nobody's substitute."""
    now = office.now()
    everybody = await roster_book.workers(session, office.policy, now)
    accepting = {name: worker for name, worker in everybody.items() if _accepts(office.policy.people[name])}
    newest = await session.scalars(
        select(AgentStateRecord)
        .ext(distinct_on(AgentStateRecord.username))
        .where(AgentStateRecord.at > now - SAID_WITHIN)
        .order_by(AgentStateRecord.username, AgentStateRecord.at.desc(), AgentStateRecord.id.desc())
    )
    said = {record.username: record for record in newest}
    accepted, offered = await loads(session)
    seen = {
        name: Presence(
            state=said[name].state if name in said else None,
            since=said[name].at if name in said else None,
            accepted=accepted.get(name, 0),
            offered=offered.get(name, 0),
        )
        for name in everybody
    }
    return Floor(now, accepting, seen)


async def loads(session: AsyncSession) -> tuple[dict[str, int], dict[str, int]]:
    """By person: open tickets they accepted, and tickets on offer to them."""
    accepted = await session.execute(
        select(TicketRecord.assignee, func.count())
        .where(*IS_OPEN, TicketRecord.assignee.is_not(None))
        .group_by(TicketRecord.assignee)
    )
    offered = await session.execute(
        select(OfferRecord.username, func.count()).where(OfferRecord.outcome.is_(None)).group_by(OfferRecord.username)
    )
    return {str(name): count for name, count in accepted}, {str(name): count for name, count in offered}


def regular(policy: Policy, ticket: Sought) -> Iterable[str]:
    """Who works in the ticket's tier and department. At the vendors' tier only the contacts named for it."""
    if ticket.tier == VENDORS:
        return policy.roster(ticket.department, ticket.system).get(VENDORS, ())
    return (
        username
        for username, person in policy.people.items()
        if person.tier == ticket.tier
        and (ANY in person.departments or ticket.department in person.departments)
        and role_of(person).offered
        and (role_of(person).sees != "corporate" or ticket.segment == "corporate")
    )


def _accepts(person: PersonEntry) -> bool:
    return Move.ACCEPT in role_of(person).moves
