"""The relations of tickets as they lie in PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.kind import Kind
from escalation.kind_wire import Direction, RelationView
from escalation.records import TicketRecord
from escalation.relation import FOLLOWS, WORDS, Relation, Relative
from escalation.relation_record import RelationRecord
from escalation.ticket import OPEN, Status
from escalation.views import PROBLEM_SHOWN

_OTHER = (  # a whole ticket carries everything that it was opened with
    TicketRecord.id,
    TicketRecord.reference,
    TicketRecord.kind,
    TicketRecord.status,
    func.left(TicketRecord.problem, PROBLEM_SHOWN),
)
SHOWN = 100  # of one ticket; a major incident may have thousands


@dataclass(frozen=True, slots=True)
class Link:
    """A relation as one of its two tickets sees it."""

    relation: Relation
    direction: Direction
    other_id: UUID
    reference: str
    kind: Kind
    status: str
    problem: str


async def links_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[Link]]:
    """The relations of each ticket, its own one first, then the newest of others to it; without deleted tickets."""
    found: defaultdict[UUID, list[Link]] = defaultdict(list)
    own = select(RelationRecord.ticket_id, RelationRecord.relation, *_OTHER).join(
        TicketRecord, TicketRecord.id == RelationRecord.to_id
    )
    wanted = own.where(RelationRecord.ticket_id.in_(ids), TicketRecord.deleted_at.is_(None))
    for ticket_id, relation, *other in (await session.execute(wanted)).all():
        found[ticket_id].append(_link(relation, "to", other))
    nth = func.row_number().over(partition_by=RelationRecord.to_id, order_by=RelationRecord.at.desc()).label("nth")
    newest = select(RelationRecord, nth).where(RelationRecord.to_id.in_(ids)).subquery()
    others = (
        select(newest.c.to_id, newest.c.relation, *_OTHER)
        .join(TicketRecord, TicketRecord.id == newest.c.ticket_id)
        .where(newest.c.nth <= SHOWN, TicketRecord.deleted_at.is_(None))
        .order_by(newest.c.nth)
    )
    for ticket_id, relation, *other in (await session.execute(others)).all():
        found[ticket_id].append(_link(relation, "from", other))
    return found


def relation_views(links: Sequence[Link]) -> tuple[RelationView, ...]:
    return tuple(
        RelationView(
            relation=link.relation,
            direction=link.direction,
            words=WORDS[link.relation][0 if link.direction == "to" else 1],
            reference=link.reference,
            kind=link.kind,
            status=link.status,
            problem=link.problem,
        )
        for link in links
    )


async def relative_of(session: AsyncSession, ticket: TicketRecord) -> Relative:
    """What the rules need to know of it; true as long as the ticket is locked."""
    above = await session.scalar(select(RelationRecord.relation).where(RelationRecord.ticket_id == ticket.id))
    below = await session.scalars(select(RelationRecord.relation).where(RelationRecord.to_id == ticket.id).distinct())
    return Relative(
        reference=ticket.reference,
        kind=Kind(ticket.kind),
        status=Status(ticket.status),
        above=Relation(above) if above is not None else None,
        below=frozenset(Relation(relation) for relation in below),
    )


async def follows_an_open_ticket(session: AsyncSession, ticket_id: UUID) -> bool:
    """Whether others work on it, in the ticket it follows."""
    found = await session.scalar(
        select(RelationRecord.ticket_id)
        .join(TicketRecord, TicketRecord.id == RelationRecord.to_id)
        .where(
            RelationRecord.ticket_id == ticket_id,
            RelationRecord.relation.in_([str(relation) for relation in FOLLOWS]),
            TicketRecord.status.in_([str(status) for status in OPEN]),
            TicketRecord.deleted_at.is_(None),
        )
    )
    return found is not None


async def followers_of(session: AsyncSession, ticket_id: UUID) -> int:
    counted = await session.scalar(
        select(func.count()).select_from(RelationRecord).where(RelationRecord.to_id == ticket_id)
    )
    return counted or 0


def _link(relation: str, direction: Direction, other: Sequence[Any]) -> Link:
    other_id, reference, kind, status, problem = other
    return Link(Relation(relation), direction, other_id, reference, Kind(kind), status, problem)
