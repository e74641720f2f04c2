"""Receives contacts: their start, their turns as shown or heard, their end, and who has the customer now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import agent_state, clockwork, rating, reference, waiting
from escalation.contact import outcome_of
from escalation.events import tell_front_door, tell_ledger, tell_staff
from escalation.fate import TOLD
from escalation.office import Office
from escalation.records import ContactRecord, Record, TicketRecord
from escalation.store import Case, lock_case, read_case
from escalation.ticket import OPEN, Move, Status, after
from escalation.views import ticket_view
from escalation.wire import Channel, ContactStart, Outcome, Turn, Waiting

UNKNOWN_LANGUAGE = ""  # until the front door has reported the start
FATES_AFTER = timedelta(hours=2)  # a contact that nobody ends has said by then what it thinks of the answer
STARS = range(1, 6)  # how satisfied a customer says to be
_OPEN_STATES = [str(status) for status in OPEN]
_IS_OPEN = and_(TicketRecord.status.in_(_OPEN_STATES), TicketRecord.deleted_at.is_(None))
_IS_SERVED = or_(TicketRecord.live, TicketRecord.assignee.is_not(None))

# What every turn of every contact runs is put together once.
_CONTACTS, _TURNS = (Record.metadata.tables[name] for name in ("contacts", "turns"))
_MAKE = insert(_CONTACTS).on_conflict_do_nothing()
_TOLD = {name: insert(_CONTACTS).excluded[name] for name in ("channel", "language", "caller", "started", "started_at")}
_START = insert(_CONTACTS).on_conflict_do_update(
    index_elements=["id"], set_=_TOLD, where=_CONTACTS.c.started.is_(False)
)
_STORE = (
    insert(_TURNS)
    .on_conflict_do_nothing(index_elements=["contact_id", "turn_id"])
    .returning(*(_TURNS.c[name] for name in ("contact_id", "author", "at", "about", "text")))
)
_KNOWN = select(
    ContactRecord.id,
    ContactRecord.ended_at,
    exists().where(TicketRecord.contact_id == ContactRecord.id, _IS_OPEN, _IS_SERVED).label("is_served"),
).where(ContactRecord.id.in_(bindparam("contact_ids", expanding=True)))


async def start_contact(office: Office, start: ContactStart) -> None:
    """Idempotent; completes a contact whose turns or hand-over came first. One statement is its own transaction."""
    told = start.model_dump(mode="python", exclude={"contact_id"})
    async with office.sessions() as session:
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        await session.execute(_START, {"id": start.contact_id, "started": True, **told})


async def ensure_contact(session: AsyncSession, contact_id: UUID, channel: Channel, now: datetime) -> ContactRecord:
    """The contact, made for the time being when its start has not arrived yet."""
    known = await session.get(ContactRecord, contact_id)
    if known is not None:
        return known
    await _ensure_contacts(session, [contact_id], channel, now)
    return await session.get_one(ContactRecord, contact_id)


async def record(office: Office, turns: Sequence[Turn]) -> None:
    """Store turns; a repeat is ignored. What a customer says reaches whoever serves this contact at once."""
    if not turns:
        return
    contact_ids = sorted({turn.contact_id for turn in turns})
    async with office.change() as session:
        known = {contact.id: contact for contact in await session.execute(_KNOWN, {"contact_ids": contact_ids})}
        if missing := [contact_id for contact_id in contact_ids if contact_id not in known]:
            await _ensure_contacts(session, missing, "chat", office.now())
        stored = await session.execute(_STORE, [turn.model_dump(mode="python") for turn in turns])
        new = stored.all()
        said = Counter(contact_id for contact_id, author, *_ in new if author == "customer")
        for contact_id in sorted(said.keys() & known.keys()):
            newest = max(at for found, author, at, *_ in new if found == contact_id and author == "customer")
            await _hear(office, session, known[contact_id], said[contact_id], newest)
        for contact_id in sorted({contact_id for contact_id, author, *_ in new if author == "agent"} - said.keys()):
            for case in await open_cases(session, contact_id, served=True, lock=False):
                tell_staff(office, case, "shown")
        now = office.now()
        for contact_id, author, _, about, text in new:
            if author != "customer" and (told := reference.told_in(text, about)):
                await _acknowledge(session, contact_id, told, now)
        for contact_id, author, _, about, _ in new:
            if author == "customer" and about.get("satisfaction") in STARS:  # a call is rated before it ends
                rated = update(ContactRecord).where(ContactRecord.id == contact_id)
                await session.execute(rated.values(satisfaction=int(about["satisfaction"])))
        for contact_id in sorted({contact_id for contact_id, _, _, about, _ in new if about.keys() & TOLD}):
            tell_ledger(session, contact_id, now=now, due_at=now + FATES_AFTER)


async def _hear(
    office: Office, session: AsyncSession, contact: Row[UUID, datetime | None, bool], count: int, newest: datetime
) -> None:
    """`contact`: as _KNOWN has it. What the customer says after the end of a contact opens it again."""
    if contact.ended_at is not None:
        ended = update(ContactRecord).where(ContactRecord.id == contact.id, ContactRecord.ended_at < newest)
        await session.execute(ended.values(ended_at=None))
    if contact.is_served:
        for case in await open_cases(session, contact.id, served=True):
            heard(office, case, count)


async def finish_contact(
    office: Office,
    contact_id: UUID,
    outcome: Outcome,
    satisfaction: int | None = None,
    *,
    channel: Channel | None = None,
    ask_rating: bool = False,
) -> None:
    """Nobody is waited for any more; tickets of the contact stay. What was said of satisfaction last counts.

    `channel`: what has ended; a contact that went on in another one goes on. `ask_rating`: by text message.
    """
    async with office.change() as session:
        contact = await ensure_contact(session, contact_id, channel or "chat", office.now())
        if channel is not None and contact.channel != channel:
            return
        every = await session.scalars(select(TicketRecord).where(TicketRecord.contact_id == contact_id))
        tickets = list(every)
        missed = any(
            ticket.live and ticket.accepted_at is None and not ticket.reachable and not contact.caller
            for ticket in tickets
        )
        earlier: Any = contact.outcome
        contact.outcome = outcome_of(outcome, earlier=earlier, has_ticket=bool(tickets), person_missed=missed)
        contact.ended_at = contact.ended_at or office.now()
        contact.satisfaction = satisfaction or contact.satisfaction
        if ask_rating:
            await rating.ask(office, session, contact)
        for case in await open_cases(session, contact_id):
            if case.ticket.live:
                let_go(office, case)
                case.audit(office.now(), "customer", "left", "the conversation or call ended")
            tell_staff(office, case, "left")
        tell_ledger(session, contact_id, now=office.now())


async def release(office: Office, contact_id: UUID) -> None:
    """The customer goes back to the assistant; the ticket stays with whoever has it."""
    async with office.change() as session:
        for case in await open_cases(session, contact_id):
            if case.ticket.live:
                let_go(office, case)
                case.audit(office.now(), "customer", "released", "went back to the assistant")
                tell_front_door(office, case, "released")
                tell_staff(office, case, "released")


async def waiting_of(office: Office, contact_id: UUID) -> Waiting | None:
    """For the contact's newest open ticket; None when it has none."""
    async with office.sessions() as session:
        cases = await open_cases(session, contact_id, lock=False)
        if not cases:
            return None
        case = cases[-1]
        position = await waiting.queue_position(session, case.ticket)
        return Waiting(
            ticket=ticket_view(case.ticket, case.clocks, office.policy.people),
            next=waiting.next_step(office, case),
            dial=waiting.dial_of(office, case),
            queue_position=position,
            expected_wait_s=await waiting.expected_wait_s(session, office, case.ticket) if position else None,
        )


def heard(office: Office, case: Case, count: int) -> None:
    """An answer ends the waiting for the customer: the clocks go on."""
    case.ticket.unread += count
    if case.status is Status.PENDING:
        now = office.now()
        case.ticket.status = after(case.status, Move.RESUME)
        case.ticket.status_changed_at = case.ticket.updated_at = now
        case.ticket.status_reason = "the customer answered"
        case.ticket.version += 1
        clockwork.resume(case, now)
        case.audit(now, "customer", Move.RESUME, "the customer answered", status=case.status)
    tell_staff(office, case, "message")


async def _acknowledge(session: AsyncSession, contact_id: UUID, told: frozenset[str], now: datetime) -> None:
    """The front door has shown or said the reference, so that the ticket is acknowledged to the customer."""
    for case in await open_cases(session, contact_id):
        if case.ticket.reference in told:
            clockwork.acknowledge(case, now, "assistant", "the customer was told the reference")


def let_go(office: Office, case: Case) -> None:
    """Nobody waits or talks in this ticket's conversation any more."""
    agent_state.hangs_up(case, office.now())
    case.ticket.live = False
    clockwork.stop_asking(case)


async def open_cases(session: AsyncSession, contact_id: UUID, *, served: bool = False, lock: bool = True) -> list[Case]:
    """Open tickets of a contact, oldest first; `served`: only those with a person on them, or waiting for one."""
    query = select(TicketRecord.id).where(TicketRecord.contact_id == contact_id, _IS_OPEN)
    if served:
        query = query.where(_IS_SERVED)
    ids = await session.scalars(query.order_by(TicketRecord.created_at))
    reader = lock_case if lock else read_case
    cases = [await reader(session, TicketRecord.id == ticket_id) for ticket_id in list(ids)]
    return [case for case in cases if case is not None]


async def _ensure_contacts(session: AsyncSession, ids: Sequence[UUID], channel: Channel, now: datetime) -> None:
    rows = [
        {"id": contact_id, "channel": channel, "language": UNKNOWN_LANGUAGE, "started": False, "started_at": now}
        for contact_id in ids
    ]
    await session.execute(_MAKE, rows)
