"""The ledger of fates: written when a contact or its ticket comes to an end, read in pages by whoever learns."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.asks import AnswerFate, FatesAsked
from escalation.events import FATES
from escalation.fate import DONE_CHARS, Fate, Opened, TicketEnd, fates_of
from escalation.masking import without_identity
from escalation.office import Office
from escalation.policy_files import PersonEntry
from escalation.records import (
    AnswerFateRecord,
    AuditRecord,
    ContactRecord,
    HandOverRecord,
    OutboxRecord,
    TicketRecord,
)
from escalation.store import turns_of
from escalation.ticket import FINAL, Status
from escalation.views import turn_view

BATCH = 100
ENDS = (str(Status.RESOLVED), *(str(status) for status in FINAL))


async def write_due(office: Office) -> int:
    """The fates of contacts about which there is news; how many contacts. Two at once share them."""
    now = office.now()
    async with office.sessions.begin() as session:
        found = await session.scalars(
            select(OutboxRecord)
            .where(OutboxRecord.delivered_at.is_(None), OutboxRecord.topic == FATES, OutboxRecord.try_at <= now)
            .order_by(OutboxRecord.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        news = list(found)
        contacts = sorted({UUID(entry.payload["contact_id"]) for entry in news})
        for contact_id in contacts:
            await _write(session, contact_id, office.policy.people)
        for entry in news:
            entry.delivered_at = now
    return len(contacts)


async def read(office: Office, asked: FatesAsked) -> list[AnswerFate]:
    """In the order they were written first."""
    query = select(AnswerFateRecord).where(AnswerFateRecord.id > asked.after)
    if asked.since is not None:
        query = query.where(AnswerFateRecord.at >= asked.since)
    if asked.until is not None:
        query = query.where(AnswerFateRecord.at < asked.until)
    async with office.sessions() as session:
        found = await session.scalars(query.order_by(AnswerFateRecord.id).limit(asked.limit))
        return [AnswerFate.model_validate(record, from_attributes=True) for record in found]


async def _write(session: AsyncSession, contact_id: UUID, people: Mapping[str, PersonEntry]) -> None:
    """Once for each contact and turn; written again, it tells what is known now."""
    contact = await session.get(ContactRecord, contact_id)
    if contact is None:
        return
    tickets = await _opened(session, contact_id, people)
    turns = [turn_view(turn) for turn in await turns_of(session, contact_id)]
    fates = fates_of(turns, tickets)
    if fates:
        rows = [_row(contact, fate) for fate in fates]
        statement = insert(AnswerFateRecord).values(rows)
        changing = {name: statement.excluded[name] for name in rows[0].keys() - {"contact_id", "turn_id"}}
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=[AnswerFateRecord.contact_id, AnswerFateRecord.turn_id], set_=changing
            )
        )
    for end in {ticket.end.reference: ticket.end for ticket in tickets}.values():
        await session.execute(  # also where the turns are no longer kept
            update(AnswerFateRecord)
            .where(
                AnswerFateRecord.contact_id == contact_id,
                AnswerFateRecord.ticket["reference"].astext == end.reference,
            )
            .values(ticket=end.model_dump(mode="json"))
        )


def _row(contact: ContactRecord, fate: Fate) -> dict[str, object]:
    told = fate.model_dump(mode="json", exclude={"at"})
    return {**told, "at": fate.at, "contact_id": contact.id, "channel": contact.channel, "language": contact.language}


async def _opened(session: AsyncSession, contact_id: UUID, people: Mapping[str, PersonEntry]) -> Sequence[Opened]:
    """One for each hand-over: the same ticket may have been asked for twice."""
    found = await session.execute(
        select(HandOverRecord.key, TicketRecord)
        .join(TicketRecord, TicketRecord.id == HandOverRecord.ticket_id)
        .where(HandOverRecord.contact_id == contact_id, TicketRecord.deleted_at.is_(None))
    )
    opened = [(key, ticket) for key, ticket in found.all()]
    enders = await _enders(session, [ticket.id for _, ticket in opened])
    return [
        Opened(key, ticket.created_at, _end_of(ticket, people.get(enders.get(ticket.id, "")))) for key, ticket in opened
    ]


async def _enders(session: AsyncSession, ticket_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Who resolved each ticket last; without that, who closed, rejected or cancelled it."""
    entries = await session.scalars(
        select(AuditRecord)
        .where(AuditRecord.ticket_id.in_(ticket_ids), AuditRecord.status.in_(ENDS))
        .order_by(AuditRecord.status == str(Status.RESOLVED), AuditRecord.id)
    )
    return {entry.ticket_id: entry.who for entry in entries}


def _end_of(ticket: TicketRecord, ender: PersonEntry | None) -> TicketEnd:
    is_over = ticket.status in ENDS
    was_solved = ticket.status in {Status.RESOLVED, Status.CLOSED}
    words = (ticket.last_public_note if was_solved else ticket.status_reason) or ""
    return TicketEnd(
        reference=ticket.reference,
        status=ticket.status,
        category=ticket.category,
        reason=ticket.signals.get("reason", ""),
        department=ticket.department,
        tier=ticket.tier,
        role=ender.role if is_over and ender is not None else "",
        done=without_identity(words)[:DONE_CHARS] if is_over else "",
    )
