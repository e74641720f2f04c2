"""Whom to ring now: the promises to call back, and the solutions nobody has confirmed."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.calls.call_record import OutgoingCallRecord
from escalation.calls.call_wire import Purpose
from escalation.calls.people import People
from escalation.calls.settling import give_up, made
from escalation.events import phone_of
from escalation.floor import IS_OPEN
from escalation.office import Office
from escalation.phone_records import CallbackRecord
from escalation.records import ContactRecord, TicketRecord
from escalation.store import Case, lock_case
from escalation.ticket import Status
from escalation.waiting import place_of

LOCK = 621_0011  # one watch plans at a time: how many are rung at once, and for whom a person is free, hangs together
LOOKED_AT = 100
SETTLED = ("reached", "opted_out", "not_needed")

_CALL = OutgoingCallRecord
_UNDER_WAY = exists().where(_CALL.ticket_id == TicketRecord.id, _CALL.outcome.is_(None))
_WAITS_TO_BE_CALLED: tuple[ColumnElement[bool], ...] = (
    *IS_OPEN,
    TicketRecord.erased_at.is_(None),
    TicketRecord.assignee.is_(None),  # else a person has it, who calls
    TicketRecord.live.is_(False),
    CallbackRecord.reached_at.is_(None),
    CallbackRecord.given_up_at.is_(None),
    ~_UNDER_WAY,
)


async def alone(session: AsyncSession) -> None:
    await session.execute(select(func.pg_advisory_xact_lock(LOCK)))


async def under_way(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(_CALL).where(_CALL.outcome.is_(None))) or 0


async def next_callback(office: Office, session: AsyncSession) -> tuple[Case, OutgoingCallRecord] | None:
    """The most urgent that may be rung now, with the attempt written down; None when there is none.

    Promises that were tried often enough are given up on the way.
    """
    rules, now = office.policy.calls.callback, office.now()
    if not rules.attempts:
        return None
    waiting = await session.execute(
        select(CallbackRecord, TicketRecord, ContactRecord.caller)
        .join(TicketRecord, TicketRecord.id == CallbackRecord.ticket_id)
        .outerjoin(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
        .where(*_WAITS_TO_BE_CALLED)
        .order_by(TicketRecord.priority, CallbackRecord.asked_at)
        .limit(LOOKED_AT)
    )
    people = None
    for promise, ticket, caller in waiting.all():
        tried = made(promise)
        is_enough = len(tried) >= rules.attempts
        due = tried[-1] + rules.wait_after(len(tried)) if tried and not is_enough else promise.promised_at
        if due > now or not (is_enough or _may_ring(office, phone_of(ticket.reachable) or caller)):
            continue
        if not (is_enough or _is_pressing(office, promise, now)):
            people = people or await People.read(office, session)
            if not people.has_one_for(ticket) or await place_of(session, ticket, promise.asked_at) > 1:
                continue
        case = await _still_waits(session, promise)
        if case is not None and is_enough:
            give_up(office, case, promise)
        elif case is not None:
            return case, await _written(office, case, "callback", promise.promised_at)
    return None


async def next_confirmation(office: Office, session: AsyncSession) -> tuple[Case, OutgoingCallRecord] | None:
    """The solution that has waited longest for a word of the customer; None when nobody may be rung now."""
    rules, now = office.policy.calls.confirmation, office.now()
    this = and_(
        _CALL.ticket_id == TicketRecord.id, _CALL.purpose == "confirmation", _CALL.since == TicketRecord.resolved_at
    )
    tries = select(func.count()).select_from(_CALL).where(this).scalar_subquery()
    last = select(func.max(_CALL.dialled_at)).where(this).scalar_subquery()
    solved = await session.execute(
        select(TicketRecord.id, tries, last)
        .join(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
        .where(
            TicketRecord.status == Status.RESOLVED,
            TicketRecord.resolved_at <= now - rules.after,
            TicketRecord.deleted_at.is_(None),
            TicketRecord.erased_at.is_(None),
            TicketRecord.kind.in_(rules.kinds),
            ContactRecord.channel.in_(rules.channels),
            ContactRecord.ended_at.is_not(None),
            ~_UNDER_WAY,
            ~exists().where(this, _CALL.outcome.in_(SETTLED)),
            tries < rules.attempts,
            or_(last.is_(None), last <= now - min(rules.again_after)),
        )
        .order_by(TicketRecord.resolved_at)
        .limit(LOOKED_AT)
    )
    for ticket_id, count, at in solved.all():
        if at is not None and at + rules.wait_after(count) > now:
            continue
        case = await _still_solved(session, ticket_id)
        if case is not None and case.ticket.resolved_at is not None and _may_ring(office, number_of(case)):
            return case, await _written(office, case, "confirmation", case.ticket.resolved_at)
    return None


def number_of(case: Case) -> str | None:
    """Where the ticket's customer is called, national or E.164."""
    return phone_of(case.ticket.reachable) or (case.contact.caller if case.contact is not None else None)


def _may_ring(office: Office, number: str | None) -> bool:
    return number is not None and office.policy.calls.may_ring(number, office.now())


def _is_pressing(office: Office, promise: CallbackRecord, now: datetime) -> bool:
    return promise.call_by is not None and now >= promise.call_by - office.policy.calls.callback.before_promise


async def _still_waits(session: AsyncSession, promise: CallbackRecord) -> Case | None:
    """The ticket, locked, unless somebody has it, is changing it, or has made another promise meanwhile."""
    before = promise.promised_at
    still = and_(
        TicketRecord.id == promise.ticket_id,
        *IS_OPEN,
        TicketRecord.assignee.is_(None),
        TicketRecord.live.is_(False),
    )
    case = await lock_case(session, still, skip_locked=True)
    if case is None:
        return None
    await session.refresh(promise)
    is_same = promise.promised_at == before and promise.reached_at is None and promise.given_up_at is None
    return case if is_same else None


async def _still_solved(session: AsyncSession, ticket_id: UUID) -> Case | None:
    which = and_(TicketRecord.id == ticket_id, TicketRecord.status == Status.RESOLVED)
    return await lock_case(session, which, skip_locked=True)


async def _written(office: Office, case: Case, purpose: Purpose, since: datetime) -> OutgoingCallRecord:
    """The attempt, before it is made."""
    same = and_(_CALL.ticket_id == case.ticket.id, _CALL.purpose == purpose, _CALL.since == since)
    before = await case.session.scalar(select(func.max(_CALL.attempt)).where(same))
    call = OutgoingCallRecord(
        id=uuid4(),
        ticket_id=case.ticket.id,
        purpose=purpose,
        since=since,
        attempt=1 + (before or 0),
        dialled_at=office.now(),
    )
    case.session.add(call)
    await case.session.flush()
    return call
