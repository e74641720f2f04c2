"""Tickets as they lie in PostgreSQL: found, locked and read together with all that belongs to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, any_, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from escalation.agreements.records import CoverRecord, PenaltyRecord
from escalation.changes import remember
from escalation.records import AuditRecord, ClockRecord, ContactRecord, NoteRecord, StepRecord, TicketRecord, TurnRecord
from escalation.search import found_by
from escalation.ticket import FINAL, OPEN, Status

FEW = 500  # tickets that a search finds


@dataclass(slots=True)
class Case:
    """A ticket with its contact, its clocks and their steps, inside one transaction."""

    session: AsyncSession
    ticket: TicketRecord
    contact: ContactRecord | None
    clocks: list[ClockRecord] = field(default_factory=list)
    steps: list[StepRecord] = field(default_factory=list)
    covers: list[CoverRecord] = field(default_factory=list)  # agreements, the reporter's first
    penalties: list[PenaltyRecord] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)  # what moved the clocks since the last entry of the audit
    added: list[AuditRecord | NoteRecord] = field(default_factory=list)  # to the ticket in this transaction

    @property
    def status(self) -> Status:
        return Status(self.ticket.status)

    @property
    def contact_is_open(self) -> bool:
        return self.contact is not None and self.contact.ended_at is None

    def clock(self, name: str) -> ClockRecord:
        return next(clock for clock in self.clocks if clock.name == name)

    def audit(
        self,
        at: datetime,
        who: str,
        what: str,
        why: str = "",
        *,
        status: Status | None = None,
        was: Mapping[str, Any] | None = None,
    ) -> None:
        """`status`: the state the ticket came into with this. `was`: what undoing it leads back to."""
        entry = AuditRecord(ticket_id=self.ticket.id, at=at, who=who, what=what, why=why, status=status)
        entry.facts, self.facts = self.facts or None, {}
        entry.was = {**was, "version": self.ticket.version} if was is not None else None
        self.session.add(entry)
        self.added.append(entry)

    def note(self, at: datetime, author: str, text: str, *, attachment_id: UUID | None = None) -> None:
        """One that the customer may read."""
        note = NoteRecord(
            ticket_id=self.ticket.id, author=author, at=at, text=text, public=True, attachment_id=attachment_id
        )
        self.session.add(note)
        self.added.append(note)


async def lock_case(session: AsyncSession, which: ColumnElement[bool], *, skip_locked: bool = False) -> Case | None:
    """The ticket, locked until the transaction ends: every change of a ticket begins here, so changes queue up."""
    found = await session.execute(
        select(TicketRecord)
        .where(which, TicketRecord.deleted_at.is_(None))
        .with_for_update(skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    )
    ticket = found.scalar_one_or_none()
    if ticket is None:
        return None
    remember(session, ticket)
    return await case_of(session, ticket)


async def read_case(session: AsyncSession, which: ColumnElement[bool]) -> Case | None:
    found = await session.execute(select(TicketRecord).where(which, TicketRecord.deleted_at.is_(None)))
    ticket = found.scalar_one_or_none()
    return None if ticket is None else await case_of(session, ticket)


async def case_of(session: AsyncSession, ticket: TicketRecord) -> Case:
    contact = await session.get(ContactRecord, ticket.contact_id) if ticket.contact_id else None
    clocks = await session.scalars(
        select(ClockRecord).where(ClockRecord.ticket_id == ticket.id).order_by(ClockRecord.name)
    )
    steps = await session.scalars(select(StepRecord).where(StepRecord.ticket_id == ticket.id))
    covers, penalties = await agreements_of(session, ticket.id)
    return Case(session, ticket, contact, list(clocks), list(steps), covers, penalties)


async def agreements_of(session: AsyncSession, ticket_id: UUID) -> tuple[list[CoverRecord], list[PenaltyRecord]]:
    """Which cover the ticket or have covered it, in their order, and what their missed targets cost."""
    same = and_(PenaltyRecord.ticket_id == CoverRecord.ticket_id, PenaltyRecord.number == CoverRecord.number)
    found = await session.execute(
        select(CoverRecord, PenaltyRecord)
        .outerjoin(PenaltyRecord, same)
        .where(CoverRecord.ticket_id == ticket_id)
        .order_by(CoverRecord.number)
    )
    rows = found.all()
    covers = list(dict.fromkeys(cover for cover, _ in rows))
    return covers, [penalty for _, penalty in rows if penalty is not None]


async def clocks_of(session: AsyncSession, ticket_ids: list[UUID]) -> dict[UUID, list[ClockRecord]]:
    grouped: dict[UUID, list[ClockRecord]] = {ticket_id: [] for ticket_id in ticket_ids}
    for clock in await session.scalars(select(ClockRecord).where(ClockRecord.ticket_id.in_(ticket_ids))):
        grouped[clock.ticket_id].append(clock)
    return grouped


async def turns_of(session: AsyncSession, contact_id: UUID | None) -> list[TurnRecord]:
    if contact_id is None:
        return []
    found = await session.scalars(
        select(TurnRecord).where(TurnRecord.contact_id == contact_id).order_by(TurnRecord.at, TurnRecord.id)
    )
    return list(found)


async def notes_of(session: AsyncSession, ticket_id: UUID) -> list[NoteRecord]:
    return list(
        await session.scalars(select(NoteRecord).where(NoteRecord.ticket_id == ticket_id).order_by(NoteRecord.id))
    )


async def audit_of(session: AsyncSession, ticket_id: UUID) -> list[AuditRecord]:
    return list(
        await session.scalars(select(AuditRecord).where(AuditRecord.ticket_id == ticket_id).order_by(AuditRecord.id))
    )


async def has_turn(session: AsyncSession, contact_id: UUID, turn_id: str) -> bool:
    found = await session.scalar(
        select(TurnRecord.id).where(TurnRecord.contact_id == contact_id, TurnRecord.turn_id == turn_id)
    )
    return found is not None


async def queue_page(
    session: AsyncSession,
    *,
    tier: int | None,
    departments: tuple[str, ...],
    seen: ColumnElement[bool],
    status: str | None,
    search: str | None,
    in_words: bool,
    narrowed: Sequence[ColumnElement[bool]] = (),
    limit: int,
    offset: int,
) -> list[tuple[TicketRecord, str | None, str]]:
    """Tickets with their contact's channel and their policy's digest, the nearest deadline first, of those that have
    ended the last one; no `departments` means all of them. The policy itself is not read (escalation/frozen.py).

    `seen` is what exists for the reader; `in_words`: the search also finds words and customers; `narrowed`: what else
    must be true of a ticket (escalation/queue_filter.py).
    """
    query = (
        select(TicketRecord.id)
        .where(TicketRecord.deleted_at.is_(None), seen, *narrowed)
        .where(TicketRecord.status == status if status else TicketRecord.status.in_([str(state) for state in OPEN]))
    )
    # Both orders are those of an index: a page of a million tickets is read, not sorted, and what comes before the
    # page is passed over there.
    if status in FINAL:
        query = query.where(TicketRecord.closed_at.is_not(None))
        order: tuple[Any, ...] = (TicketRecord.closed_at.desc(),)
    else:
        query = query.where(TicketRecord.closed_at.is_(None))
        order = (TicketRecord.next_due_at.asc().nulls_last(), TicketRecord.created_at)
    if tier is not None:
        query = query.where(TicketRecord.tier == tier)
    if departments:
        query = query.where(TicketRecord.department.in_(departments))
    if search:
        query = await _searched(session, query, search, in_words=in_words)
    page = query.limit(limit).offset(offset).order_by(*order).subquery()
    rows = await session.execute(
        select(TicketRecord, ContactRecord.channel, func.md5(cast(TicketRecord.policy, Text)))
        .join(page, page.c.id == TicketRecord.id)
        .outerjoin(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
        .options(defer(TicketRecord.policy, raiseload=True))
        .order_by(*order)
    )
    return [(ticket, channel, digest) for ticket, channel, digest in rows]


async def _searched(session: AsyncSession, query: Select[UUID], search: str, *, in_words: bool) -> Select[UUID]:
    """Few are read out of the indexes of the search and put in order; of many the first in the order are soon met."""
    few = list(await session.scalars(query.where(found_by(search, in_words=in_words)).limit(FEW + 1)))
    if len(few) > FEW:
        return query.where(found_by(search, in_words=in_words, one_by_one=True))
    return query.where(TicketRecord.id == any_(literal(few, ARRAY(Uuid))))
