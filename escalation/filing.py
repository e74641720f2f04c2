"""Tickets for machines: listed, filed, patched and deleted through the TMF face."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, desk, etag, idempotency, opening, tmf
from escalation.access import Caller
from escalation.errors import NotFound, NotThisVersion
from escalation.events import tell_front_door, tell_staff
from escalation.office import Office
from escalation.records import AuditRecord, ClockRecord, NoteRecord, TicketRecord
from escalation.selection import conditions, filed_by, which
from escalation.store import Case, lock_case
from escalation.ticket import move_between

_FILED = 1  # the version a ticket opens with, which the first answer told of


@dataclass(frozen=True, slots=True)
class Answer:
    """A ticket as the TMF621 resource, and the version that it shows."""

    resource: dict[str, Any]
    version: int


async def list_tickets(
    office: Office, caller: Caller, filters: Iterable[tuple[str, str]], *, base_url: str, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """A page of resources, the newest first, and how many fit the filters; every filter must fit (AND)."""
    fits = [*conditions(filters), filed_by(caller.sees_only), TicketRecord.deleted_at.is_(None)]
    async with office.sessions() as session:
        total = await session.scalar(select(func.count()).select_from(TicketRecord).where(*fits))
        page = await session.scalars(
            select(TicketRecord)
            .where(*fits)
            .order_by(TicketRecord.created_at.desc(), TicketRecord.id)
            .limit(limit)
            .offset(offset)
        )
        return await _resources(office, session, list(page), base_url), total or 0


async def get(office: Office, caller: Caller, ticket_id: str, *, base_url: str) -> Answer:
    """Raises NotFound, also for one that does not exist for this caller."""
    async with office.sessions() as session:
        ticket = await session.scalar(
            select(TicketRecord).where(which(ticket_id), filed_by(caller.sees_only), TicketRecord.deleted_at.is_(None))
        )
        if ticket is None:
            raise NotFound(f"No trouble ticket {ticket_id[:80]}")
        return await _answer(office, session, ticket, base_url)


async def file(
    office: Office, caller: Caller, filed: tmf.TicketCreate, *, base_url: str, once: idempotency.FilingKey | None = None
) -> Answer:
    """A new ticket; with `once`, the answer that the same request got before. Raises KeyReused or Conflict then."""
    async with office.change() as session:
        if once is not None:
            earlier = await idempotency.earlier_answer(session, once, office.now())
            if earlier is not None:
                return Answer(earlier, _FILED)
        signals = tmf.signals_of(filed, office.policy)
        case = await opening.open_ticket(office, session, None, signals, who=caller.author, filing=tmf.filing_of(filed))
        case.ticket.filed_by = caller.name
        answer = await _answer(office, session, case.ticket, base_url)
        if once is not None:
            await idempotency.keep(session, once, case.ticket.id, answer.resource)
        return answer


async def patch(
    office: Office,
    caller: Caller,
    ticket_id: str,
    changes: tmf.TicketPatch,
    *,
    base_url: str,
    if_match: Sequence[str] | None = None,
) -> Answer:
    """A merge patch. A change of status goes through the same table of moves as everything else.

    Raises NotThisVersion when `if_match` is given and does not name the ticket as it is.
    """
    async with office.change() as session:
        case = await _locked(session, caller, ticket_id, if_match)
        ticket, given = case.ticket, changes.model_fields_set
        if changes.status is not None and changes.status is not case.status:
            move = move_between(case.status, changes.status)
            why = changes.statusChangeReason or "set by a client of the API"
            desk.make(office, case, desk.Deed(move, desk.Actor(caller.author), why=why))
        columns = {"name": "name", "externalId": "external_id", "severity": "severity", "ticketType": "ticket_type"}
        for name, column in {**columns, "description": "problem"}.items():
            if name in given:
                setattr(ticket, column, getattr(changes, name))
        merged = {**ticket.filed, **tmf.kept_of(changes)}
        ticket.filed = {name: value for name, value in merged.items() if value is not None}
        for note in changes.note:
            if not (note.model_extra or {}).get("id"):  # one that has an id is ours, sent back
                _add_note(office, case, caller, note)
        if given - {"status", "statusChangeReason"}:
            ticket.version += 1
            ticket.updated_at = office.now()
            case.audit(office.now(), caller.author, "changed", ", ".join(sorted(given)))
            tell_staff(office, case, "changed")
        await session.flush()
        return await _answer(office, session, ticket, base_url)


async def delete(office: Office, caller: Caller, ticket_id: str, *, if_match: Sequence[str] | None = None) -> None:
    """Hidden, and kept for the audit. A customer who waits or talks in it goes back to the assistant."""
    async with office.change() as session:
        case = await _locked(session, caller, ticket_id, if_match)
        now = office.now()
        if case.ticket.live:
            tell_front_door(office, case, "released")
        clockwork.done(case, now, "respond", "resolve")
        clockwork.stop_asking(case)
        case.ticket.live = False
        case.ticket.deleted_at = case.ticket.updated_at = now
        case.ticket.version += 1
        case.audit(now, caller.name, "deleted")
        tell_staff(office, case, "deleted")


async def _resources(
    office: Office, session: AsyncSession, tickets: list[TicketRecord], base_url: str
) -> list[dict[str, Any]]:
    ids = [ticket.id for ticket in tickets]
    clocks = list(await session.scalars(select(ClockRecord).where(ClockRecord.ticket_id.in_(ids))))
    notes = list(await session.scalars(select(NoteRecord).where(NoteRecord.ticket_id.in_(ids)).order_by(NoteRecord.id)))
    changes = await session.scalars(
        select(AuditRecord)
        .where(AuditRecord.ticket_id.in_(ids), AuditRecord.status.is_not(None))
        .order_by(AuditRecord.id)
    )
    audit = list(changes)
    return [
        tmf.trouble_ticket(
            ticket,
            [clock for clock in clocks if clock.ticket_id == ticket.id],
            [note for note in notes if note.ticket_id == ticket.id],
            [entry for entry in audit if entry.ticket_id == ticket.id],
            base_url=base_url,
            queue_name=office.policy.queue_name(ticket.department, ticket.tier),
        )
        for ticket in tickets
    ]


async def _answer(office: Office, session: AsyncSession, ticket: TicketRecord, base_url: str) -> Answer:
    (resource,) = await _resources(office, session, [ticket], base_url)
    return Answer(resource, ticket.version)


async def _locked(session: AsyncSession, caller: Caller, ticket_id: str, if_match: Sequence[str] | None) -> Case:
    """The version is compared under the lock: of two clients that read the same one, the second is refused."""
    case = await lock_case(session, and_(which(ticket_id), filed_by(caller.sees_only)))
    if case is None:
        raise NotFound(f"No trouble ticket {ticket_id[:80]}")
    if if_match is not None and not etag.names(if_match, case.ticket.version):
        raise NotThisVersion(f"The ticket has changed: read it again (ETag {etag.etag_of(case.ticket.version)})")
    return case


def _add_note(office: Office, case: Case, caller: Caller, note: tmf.TmfNote) -> None:
    author = note.author or caller.author
    case.session.add(NoteRecord(ticket_id=case.ticket.id, author=author, at=office.now(), text=note.text, public=True))
    case.ticket.last_public_note = note.text
