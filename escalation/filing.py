"""Tickets for machines: listed, filed, patched and deleted through the TMF face."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, desk, opening, tmf
from escalation.errors import Incomplete, NotFound
from escalation.events import tell_staff
from escalation.office import Office
from escalation.records import AuditRecord, ClockRecord, NoteRecord, TicketRecord
from escalation.reference import normalise
from escalation.store import Case, lock_case
from escalation.ticket import move_between

CLIENT = "api"
_LISTABLE = frozenset({"status", "priority", "severity", "ticketType"})  # `status=held,pending` is OR


async def list_tickets(
    office: Office, filters: Mapping[str, str], *, base_url: str, limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """A page of resources, the newest first, and how many fit the filters; every filter must fit (AND)."""
    conditions = [_condition(name, value) for name, value in filters.items()]
    conditions.append(TicketRecord.deleted_at.is_(None))
    async with office.sessions() as session:
        total = await session.scalar(select(func.count()).select_from(TicketRecord).where(*conditions))
        page = await session.scalars(
            select(TicketRecord)
            .where(*conditions)
            .order_by(TicketRecord.created_at.desc(), TicketRecord.id)
            .limit(limit)
            .offset(offset)
        )
        return await _resources(office, session, list(page), base_url), total or 0


async def get(office: Office, ticket_id: str, *, base_url: str) -> dict[str, Any]:
    async with office.sessions() as session:
        ticket = await session.scalar(select(TicketRecord).where(_which(ticket_id), TicketRecord.deleted_at.is_(None)))
        if ticket is None:
            raise NotFound(f"No trouble ticket {ticket_id[:80]}")
        return (await _resources(office, session, [ticket], base_url))[0]


async def file(office: Office, filed: tmf.TicketCreate, *, base_url: str) -> dict[str, Any]:
    async with office.change() as session:
        signals = tmf.signals_of(filed, office.policy)
        case = await opening.open_ticket(office, session, None, signals, who=CLIENT, filing=tmf.filing_of(filed))
        return (await _resources(office, session, [case.ticket], base_url))[0]


async def patch(office: Office, ticket_id: str, changes: tmf.TicketPatch, *, base_url: str) -> dict[str, Any]:
    """A merge patch. A change of status goes through the same table of moves as everything else."""
    async with office.change() as session:
        case = await _locked(session, ticket_id)
        ticket, given = case.ticket, changes.model_fields_set
        if changes.status is not None and changes.status is not case.status:
            move = move_between(case.status, changes.status)
            why = changes.statusChangeReason or "set by a client of the API"
            desk.make(office, case, desk.Deed(move, desk.Actor(CLIENT), why=why))
        columns = {"name": "name", "externalId": "external_id", "severity": "severity", "ticketType": "ticket_type"}
        for name, column in {**columns, "description": "problem"}.items():
            if name in given:
                setattr(ticket, column, getattr(changes, name))
        merged = {**ticket.filed, **tmf.kept_of(changes)}
        ticket.filed = {name: value for name, value in merged.items() if value is not None}
        for note in changes.note:
            if not (note.model_extra or {}).get("id"):  # one that has an id is ours, sent back
                _add_note(office, case, note)
        if given - {"status", "statusChangeReason"}:
            ticket.version += 1
            ticket.updated_at = office.now()
            case.audit(office.now(), CLIENT, "changed", ", ".join(sorted(given)))
            tell_staff(office, case, "changed")
        await session.flush()
        return (await _resources(office, session, [ticket], base_url))[0]


async def delete(office: Office, ticket_id: str) -> None:
    """Hidden, and kept for the audit."""
    async with office.change() as session:
        case = await _locked(session, ticket_id)
        now = office.now()
        clockwork.done(case, now, "respond", "resolve")
        clockwork.stop_asking(case)
        case.ticket.live = False
        case.ticket.deleted_at = case.ticket.updated_at = now
        case.ticket.version += 1
        case.audit(now, CLIENT, "deleted")
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


def _condition(name: str, value: str) -> ColumnElement[bool]:
    if name not in tmf.FILTERS:
        raise Incomplete(f"cannot filter by {name[:80]}; possible: {', '.join(tmf.FILTERS)}")
    if name == "id":
        return _which(value)
    if name == "name":
        return func.coalesce(TicketRecord.name, TicketRecord.reference) == value
    column: ColumnElement[str] = getattr(TicketRecord, tmf.FILTERS[name])
    return column.in_(value.split(",")) if name in _LISTABLE else column == value


def _which(ticket_id: str) -> ColumnElement[bool]:
    """By id, or by the reference the customer knows."""
    reference = normalise(ticket_id)
    if reference is not None:
        return TicketRecord.reference == reference
    try:
        return TicketRecord.id == UUID(ticket_id)
    except ValueError:
        return false()


async def _locked(session: AsyncSession, ticket_id: str) -> Case:
    case = await lock_case(session, _which(ticket_id))
    if case is None:
        raise NotFound(f"No trouble ticket {ticket_id[:80]}")
    return case


def _add_note(office: Office, case: Case, note: tmf.TmfNote) -> None:
    author = note.author or CLIENT
    case.session.add(NoteRecord(ticket_id=case.ticket.id, author=author, at=office.now(), text=note.text, public=True))
    case.ticket.last_public_note = note.text
