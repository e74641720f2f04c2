"""The queue and the tickets as one person sees them at the console."""

from typing import Any

from escalation import look, override, queue_filter, reading, undo
from escalation.agreements import exposure
from escalation.asks import QueueAsked
from escalation.attachments.listed import attachments_of
from escalation.errors import NotFound
from escalation.form import facts_of, fields_of
from escalation.frozen import frozen_policies
from escalation.kind import Kind
from escalation.offers_seen import of_ticket
from escalation.office import Office
from escalation.outages.ruling import outage_view
from escalation.permission import departments_for, may_hold_for_law, moves_for
from escalation.policy import ANY, FrozenPolicy
from escalation.reading import Read, What
from escalation.records import TicketRecord
from escalation.relatives import followers_of, links_of, relation_views
from escalation.shown import personal_fields, shown, shown_row
from escalation.sight import may_see, one_of_us, own_of, role_of, seen_by
from escalation.signals import Signals
from escalation.store import Case, audit_of, clocks_of, notes_of, queue_page, read_case, turns_of
from escalation.ticket import OPEN
from escalation.views import audit_view, clock_views, name_of, note_view, ticket_row, turn_view
from escalation.wire import TicketDetail, TicketRow


async def queue(office: Office, username: str, asked: QueueAsked) -> list[TicketRow]:
    """`mine`: accepted by or waiting for this person. `tier`: this person's tier and departments. `all`: all.

    Whatever is asked for, only what exists for the person's role.
    """
    person = one_of_us(office.policy.people, username)
    role, tier_no = role_of(person), asked.tier
    departments: tuple[str, ...] = (asked.department,) if asked.department else ()
    if asked.view == "tier":
        tier_no = tier_no or person.tier
        if not departments and ANY not in person.departments:
            departments = person.departments
    async with office.sessions.begin() as session:
        page = await queue_page(
            session,
            tier=tier_no,
            departments=departments,
            seen=own_of(username) if asked.view == "mine" else seen_by(person, username),
            status=asked.status,
            search=asked.search.strip() if asked.search else None,
            in_words=role.personal,
            narrowed=queue_filter.conditions(asked, office.policy, username),
            limit=asked.limit,
            offset=asked.offset,
        )
        clocks = await clocks_of(session, [ticket.id for ticket, *_ in page])
        policies = await frozen_policies(session, {ticket.id: digest for ticket, _, digest in page})
        if page and role.personal:  # to all others a list shows nothing of the customer
            references = [ticket.reference for ticket, *_ in page]
            await reading.record(office, session, Read(reader=username, what=What.QUEUE, tickets=references))
    now, people = office.now(), office.policy.people
    return [
        shown_row(
            ticket_row(ticket, clocks[ticket.id], people, policy=policies[ticket.id], channel=channel, now=now), role
        )
        for ticket, channel, _ in page
    ]


async def detail(office: Office, username: str, reference: str, *, after_own_move: bool = False) -> TicketDetail:
    """Everything about a ticket that the person's role may see. Whoever has accepted it has read the turns with that.

    Raises NotFound alike for no such ticket and for one that does not exist for this person. `after_own_move`: who has
    just given it away with a move sees what became of it, this once; so does who has just filed it.
    """
    person = one_of_us(office.policy.people, username)
    async with office.sessions.begin() as session:
        case = await read_case(session, TicketRecord.reference == reference)
        if case is None or not (after_own_move or may_see(person, username, case.ticket)):
            raise NotFound(f"no ticket {reference}")
        ticket, now, people = case.ticket, office.now(), office.policy.people
        channel = case.contact.channel if case.contact else None
        frozen = FrozenPolicy.from_json(ticket.policy)
        row = ticket_row(ticket, case.clocks, people, policy=frozen, channel=channel, now=now)
        await look.keep(session, username, ticket.id, now)
        if ticket.assignee == username and ticket.unread:
            ticket.unread = 0
        trail = await audit_of(session, ticket.id)
        links = await links_of(session, [ticket.id])
        whole = TicketDetail.model_validate(
            {
                **row.model_dump(),
                "version": ticket.version,
                "contact_id": ticket.contact_id,
                "signals": Signals.model_validate(ticket.signals),
                "because": ticket.because,
                "turns": [turn_view(turn) for turn in await turns_of(session, ticket.contact_id)],
                "notes": [note_view(note, people) for note in await notes_of(session, ticket.id)],
                "audit": [audit_view(entry) for entry in trail],
                "clocks": clock_views(ticket, case.clocks, now),
                **_of_kind(office, case),
                "followers": await followers_of(session, ticket.id),
                "attachments": await attachments_of(session, ticket.contact_id),
                "relations": relation_views(links[ticket.id]),
                "outage": await outage_view(session, case),
                "undo": undo.offer_of(office, username, ticket, trail),
                "moves": [str(move) for move in moves_for(office.policy, username, ticket)],
                "priorities": override.choices_for(office, username, ticket),
                "language": case.contact.language if case.contact else "",
                "departments": departments_for(office.policy, username, ticket),
                "offers": await of_ticket(session, ticket.id, people),
                "next_contact": _next_contact(office, case),
                "covers": exposure.of_ticket(case, now),
                "held_because": ticket.held_because,
                "may_hold": may_hold_for_law(person) and ticket.erased_at is None,
            }
        )
        page = shown(whole, ticket.problem, case, role_of(person), office.policy.masking)
        read = Read(
            reader=username,
            what=What.TICKET,
            tickets=[reference],
            contacts=[page.contact_id] if page.contact_id else [],
            fields=personal_fields(page),
            masked=page.masked,
        )
        await reading.record(office, session, read)
        return page


def _of_kind(office: Office, case: Case) -> dict[str, Any]:
    ticket, kind = case.ticket, Kind(case.ticket.kind)
    facts = facts_of(kind, ticket.form, started_at=ticket.accepted_at, is_open=case.status in OPEN, now=office.now())
    return {
        "kind_name": office.policy.kinds.kinds[kind].name,
        "form": [*fields_of(kind, ticket.form), *facts],
        "followed_up_at": ticket.followed_up_at,
    }


def _next_contact(office: Office, case: Case) -> str:
    following = office.policy.moved_up(case.ticket.department, case.ticket.tier, case.ticket.system)
    return name_of(following.contact, office.policy.people) or ""
