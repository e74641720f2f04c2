"""The queue for a person: who is before a contact, how long it has really taken lately, what happens next."""

from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, Integer, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.events import phone_of
from escalation.office import Office
from escalation.records import Json, TicketRecord
from escalation.store import Case
from escalation.wire import NextStep

RECENT = timedelta(hours=2)
FIRST_SEGMENTS = ("gold", "corporate")
ENOUGH = 3  # fewer accepted hand-overs than this say nothing about the next


async def queue_position(session: AsyncSession, ticket: TicketRecord) -> int | None:
    """1 = next: by priority, then who is served first in it, then who has waited longer.

    None when nobody is waited for.
    """
    if not ticket.live or ticket.assignee is not None or ticket.live_since is None:
        return None
    return await place_of(session, ticket, ticket.live_since)


async def place_of(session: AsyncSession, ticket: TicketRecord, since: datetime) -> int:
    """Where the ticket's customer stands, or would stand, who has waited for a person since then."""
    before = await session.scalar(
        select(func.count())
        .select_from(TicketRecord)
        .where(
            TicketRecord.live,
            TicketRecord.assignee.is_(None),
            TicketRecord.closed_at.is_(None),
            TicketRecord.deleted_at.is_(None),
            TicketRecord.tier == ticket.tier,
            TicketRecord.id != ticket.id,
            or_(TicketRecord.priority < ticket.priority, _goes_before(ticket, since)),
        )
    )
    return 1 + (before or 0)


def is_served_first(signals: Json) -> bool:
    """Gold and corporate customers, and who had to come again about the same."""
    return signals.get("segment") in FIRST_SEGMENTS or int(signals.get("repeat_contacts") or 0) > 0


def _goes_before(ticket: TicketRecord, since: datetime) -> ColumnElement[bool]:
    """Of the same priority. `is_served_first`, as the database says it."""
    segment, contacts = TicketRecord.signals["segment"].astext, TicketRecord.signals["repeat_contacts"].astext
    first = func.coalesce(segment.in_(FIRST_SEGMENTS) | (cast(contacts, Integer) > 0), False)
    same = TicketRecord.priority == ticket.priority
    earlier = TicketRecord.live_since < since
    return same & (first & earlier if is_served_first(ticket.signals) else first | earlier)


async def expected_wait_s(session: AsyncSession, office: Office, ticket: TicketRecord) -> int | None:
    """The median wait of those whom a person of this tier accepted lately; None when too few were."""
    recent = await session.execute(
        select(TicketRecord.live_since, TicketRecord.accepted_at)
        .where(
            TicketRecord.tier == ticket.tier,
            TicketRecord.accepted_at > TicketRecord.live_since,
            TicketRecord.accepted_at > office.now() - RECENT,
        )
        .order_by(TicketRecord.accepted_at.desc())
        .limit(50)
    )
    waits = [
        (accepted - since).total_seconds()
        for since, accepted in recent.all()
        if since is not None and accepted is not None
    ]
    return int(median(waits)) if len(waits) >= ENOUGH else None


def is_answered_now(office: Office, tier: int) -> bool:
    """Whether a person of this tier can be had at this hour."""
    return office.policy.is_answered(tier, office.now())


def dial_of(office: Office, case: Case) -> str | None:
    """Where a call can be put through now; None when the customer does not wait or the tier is closed."""
    ticket = case.ticket
    if not ticket.live or not is_answered_now(office, ticket.tier):
        return None
    return office.policy.tiers.tiers[ticket.tier].dial


def next_step(office: Office, case: Case) -> NextStep:
    """In chat a person joins; a call is put through; otherwise a call back, if there is a number, or a reply."""
    ticket, contact = case.ticket, case.contact
    if contact is not None and ticket.live and (contact.channel == "chat" or dial_of(office, case) is not None):
        return "agent_joins"
    number = phone_of(ticket.reachable) or (contact.caller if contact is not None else None)
    return "callback" if number else "reply"
