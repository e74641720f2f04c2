"""Tickets for machines: listed, filed, patched and deleted through the TMF face."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, desk, etag, idempotency, kinship, opening, reading, tmf_filed, tmf_kind
from escalation.access import Caller
from escalation.errors import Conflict, Incomplete, NotFound, NotThisVersion
from escalation.events import tell_front_door, tell_staff
from escalation.kind import Kind, named
from escalation.office import Office
from escalation.reading import Read, What
from escalation.records import TicketRecord
from escalation.relatives import links_of
from escalation.resources import resource_of_new, resources
from escalation.selection import conditions, filed_by, which
from escalation.store import Case, lock_case
from escalation.telling import publish_note
from escalation.ticket import move_between

_FILED = 1  # the version a ticket opens with, which the first answer told of


@dataclass(frozen=True, slots=True)
class Answer:
    """A ticket as the TMF621 resource, and the version that it shows."""

    resource: dict[str, Any]
    version: int


async def list_tickets(
    office: Office,
    caller: Caller,
    filters: Iterable[tuple[str, str]],
    *,
    base_url: str,
    limit: int,
    offset: int,
    fields: str = "",
) -> tuple[list[dict[str, Any]], int]:
    """A page of resources, the newest first, and how many fit the filters; every filter must fit (AND).

    `fields`: the attributes that the caller is shown of them, comma-separated; "" is all.
    """
    fits = [*conditions(filters), filed_by(caller.sees_only), TicketRecord.deleted_at.is_(None)]
    async with office.sessions.begin() as session:
        total = await session.scalar(select(func.count()).select_from(TicketRecord).where(*fits))
        page = await session.scalars(
            select(TicketRecord)
            .where(*fits)
            .order_by(TicketRecord.created_at.desc(), TicketRecord.id)
            .limit(limit)
            .offset(offset)
        )
        tickets = list(page)
        await _read(office, session, caller, tickets, fields)
        return await resources(session, office.policy, tickets, base_url=base_url), total or 0


async def get(office: Office, caller: Caller, ticket_id: str, *, base_url: str, fields: str = "") -> Answer:
    """Raises NotFound, also for one that does not exist for this caller."""
    async with office.sessions.begin() as session:
        ticket = await session.scalar(
            select(TicketRecord).where(which(ticket_id), filed_by(caller.sees_only), TicketRecord.deleted_at.is_(None))
        )
        if ticket is None:
            raise NotFound(f"No trouble ticket {ticket_id[:80]}")
        await _read(office, session, caller, [ticket], fields)
        return await _answer(office, session, ticket, base_url)


async def file(
    office: Office,
    caller: Caller,
    filed: tmf_filed.TicketCreate,
    *,
    base_url: str,
    once: idempotency.FilingKey | None = None,
) -> Answer:
    """A new ticket; with `once`, the answer that the same request got before. Raises KeyReused or Conflict then."""
    async with office.change() as session:
        if once is not None:
            earlier = await idempotency.earlier_answer(session, once, office.now())
            if earlier is not None:
                return Answer(earlier, _FILED)
        signals = tmf_filed.signals_of(filed, office.policy)
        paper = replace(tmf_filed.filing_of(filed, office.policy), by=caller.name, filed_by=caller.name)
        case = await opening.open_ticket(office, session, None, signals, who=caller.author, filing=paper)
        await _relate(office, case, caller, filed)
        related = await links_of(session, [case.ticket.id]) if filed.troubleTicketRelationship else {}
        resource = await resource_of_new(case, office.policy, related.get(case.ticket.id, ()), base_url=base_url)
        answer = Answer(resource, case.ticket.version)
        if once is not None:
            await idempotency.keep(session, once, case.ticket.id, answer.resource)
        return answer


async def patch(
    office: Office,
    caller: Caller,
    ticket_id: str,
    changes: tmf_filed.TicketPatch,
    *,
    base_url: str,
    if_match: Sequence[str] | None = None,
) -> Answer:
    """A merge patch. A change of status goes through the same table of moves as everything else.

    Raises NotThisVersion when `if_match` is given and does not name the ticket as it is.
    """
    async with office.change() as session:
        related = [other for _, other in tmf_kind.asked_for(changes.troubleTicketRelationship)]
        await kinship.lock_in_order(session, or_(*(which(name) for name in (ticket_id, *related))))
        case = await _locked(session, caller, ticket_id, if_match)
        ticket, given = case.ticket, changes.model_fields_set - tmf_filed.KIND
        if changes.status is not None and changes.status is not case.status:
            move = move_between(case.status, changes.status)
            why = changes.statusChangeReason or "set by a client of the API"
            desk.make(office, case, desk.Deed(move, desk.Actor(caller.author), why=why))
        if changes.ticketType is not None and named(changes.ticketType) not in (None, Kind(ticket.kind)):
            raise Conflict(f"the ticket stays of kind {ticket.kind}: file another one for another kind")
        columns = {"name": "name", "externalId": "external_id", "severity": "severity", "ticketType": "ticket_type"}
        for name, column in {**columns, "description": "problem"}.items():
            if name in given:
                setattr(ticket, column, getattr(changes, name))
        merged = {**ticket.filed, **tmf_filed.kept_of(changes)}
        ticket.filed = {name: value for name, value in merged.items() if value is not None}
        for note in changes.note:
            if not note.id:
                publish_note(office, case, note.text, author=note.author or caller.author)
        await _relate(office, case, caller, changes)
        if given - {"status", "statusChangeReason"}:
            ticket.version += 1
            ticket.updated_at = office.now()
            case.audit(office.now(), caller.author, "changed", ", ".join(sorted(given)))
            tell_staff(office, case, "changed")
        await session.flush()
        await _read(office, session, caller, [ticket], "")
        return await _answer(office, session, ticket, base_url)


async def delete(office: Office, caller: Caller, ticket_id: str, *, if_match: Sequence[str] | None = None) -> None:
    """Hidden, and kept for the audit. A customer who waits or talks in it goes back to the assistant."""
    async with office.change() as session:
        case = await _locked(session, caller, ticket_id, if_match)
        now = office.now()
        if case.ticket.live:
            tell_front_door(office, case, "released")
        clockwork.done(case, now)
        clockwork.stop_asking(case)
        case.ticket.live = False
        case.ticket.deleted_at = case.ticket.updated_at = now
        case.ticket.version += 1
        case.audit(now, caller.name, "deleted")
        tell_staff(office, case, "deleted")


async def _read(
    office: Office, session: AsyncSession, caller: Caller, tickets: list[TicketRecord], fields: str
) -> None:
    """Of one ticket, or of a page of them: for a list that found nothing there is nothing to record."""
    read = Read(
        reader=caller.name,
        what=What.TMF_TICKETS,
        tickets=[ticket.reference for ticket in tickets],
        fields=[name.strip() for name in fields.split(",") if name.strip()],
    )
    if tickets:
        await reading.record(office, session, read)


async def _answer(office: Office, session: AsyncSession, ticket: TicketRecord, base_url: str) -> Answer:
    (resource,) = await resources(session, office.policy, [ticket], base_url=base_url)
    return Answer(resource, ticket.version)


async def _locked(session: AsyncSession, caller: Caller, ticket_id: str, if_match: Sequence[str] | None) -> Case:
    """The version is compared under the lock: of two clients that read the same one, the second is refused."""
    case = await lock_case(session, _there(caller, ticket_id))
    if case is None:
        raise NotFound(f"No trouble ticket {ticket_id[:80]}")
    if if_match is not None and not etag.names(if_match, case.ticket.version):
        raise NotThisVersion(f"The ticket has changed: read it again (ETag {etag.etag_of(case.ticket.version)})")
    return case


def _there(caller: Caller, ticket_id: str) -> ColumnElement[bool]:
    return and_(which(ticket_id), filed_by(caller.sees_only))


async def _relate(
    office: Office, case: Case, caller: Caller, asked: tmf_filed.TicketCreate | tmf_filed.TicketPatch
) -> None:
    """Link it to the tickets of ours it is said to be related to, unless it is already."""
    wanted = tmf_kind.asked_for(asked.troubleTicketRelationship)
    if not wanted:
        return
    links = (await links_of(case.session, [case.ticket.id]))[case.ticket.id]
    known = {(link.relation, link.other_id) for link in links}
    for relation, ticket_id in wanted:
        other = await lock_case(case.session, _there(caller, ticket_id))
        if other is None:
            raise Incomplete(f"troubleTicketRelationship: no trouble ticket {ticket_id[:80]}")
        if (relation, other.ticket.id) not in known:
            await kinship.relate(office, case, relation, other, who=caller.author)
