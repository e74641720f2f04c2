"""Hands a contact over to people: exactly one ticket for each time it is asked, however often that is repeated."""

import asyncio
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, notification, waiting
from escalation.asks import HandOverAsked
from escalation.events import tell_ledger, tell_staff
from escalation.office import Office
from escalation.opening import open_ticket
from escalation.outages.reports import LOOK_AGAIN
from escalation.policy import FALLBACK_CATEGORY
from escalation.reception import FATES_AFTER, ensure_contact, open_cases
from escalation.records import ContactRecord, HandOverRecord, Record, TicketRecord, TurnRecord
from escalation.store import Case, case_of, has_turn
from escalation.views import ticket_view
from escalation.wire import HandOver, Signals

TURN_WAIT_S = 2.0
TURN_POLL_S = 0.03

# What every hand-over runs is put together once.
_HAND_OVERS = Record.metadata.tables["hand_overs"]
_ONCE = insert(_HAND_OVERS).on_conflict_do_nothing().returning(_HAND_OVERS.c.key)  # waits for one that is opening it
_ITS_TICKET = (
    update(_HAND_OVERS)
    .where(_HAND_OVERS.c.contact_id == bindparam("of"), _HAND_OVERS.c.key == bindparam("by"))
    .values(ticket_id=bindparam("ticket_id"))
    .returning(notification.SOMEBODY_SUBSCRIBES.scalar_subquery())
    .add_cte(LOOK_AGAIN.cte("reports_again"))
)
_TURN = and_(TurnRecord.contact_id == bindparam("of"), TurnRecord.turn_id == bindparam("turn_id"))
_FIRST = (
    insert(_HAND_OVERS)
    .from_select(["contact_id", "key"], select(TurnRecord.contact_id, bindparam("by", type_=Text)).where(_TURN))
    .on_conflict_do_nothing()
    .returning(_HAND_OVERS.c.key)
    .cte("first")
)
# The contact, when that turn of it is stored, and whether this hand-over of it is asked for the first time.
_CONTACT = (
    select(ContactRecord, exists(select(_FIRST.c.key)))
    .join(TurnRecord, TurnRecord.contact_id == ContactRecord.id)
    .where(_TURN)
    .add_cte(_FIRST)
)


async def hand_over(office: Office, contact_id: UUID, asked: HandOverAsked) -> HandOver:
    """One ticket for (contact_id, key), however often and from however many programs it is asked for."""
    async with office.change() as session:
        if asked.after_turn is None:
            return await _whether_or_not_stored(office, session, contact_id, asked)
        stored = await session.execute(_CONTACT, {"of": contact_id, "turn_id": asked.after_turn, "by": asked.key})
        if known := stored.one_or_none():
            contact, is_first = known
            return await _handed_over(office, session, contact, asked, is_first=is_first)
    await _wait_for_turn(office, contact_id, asked.after_turn)
    async with office.change() as session:
        return await _whether_or_not_stored(office, session, contact_id, asked)


async def _whether_or_not_stored(
    office: Office, session: AsyncSession, contact_id: UUID, asked: HandOverAsked
) -> HandOver:
    contact = await ensure_contact(session, contact_id, asked.channel, office.now())
    first = await session.execute(_ONCE, {"contact_id": contact_id, "key": asked.key})
    return await _handed_over(office, session, contact, asked, is_first=first.scalar_one_or_none() is not None)


async def _handed_over(
    office: Office, session: AsyncSession, contact: ContactRecord, asked: HandOverAsked, *, is_first: bool
) -> HandOver:
    created = is_first
    if created:
        case = await _wants_it_from_a_person(office, session, contact, asked.signals)
        created = case is None
        case = case or await open_ticket(office, session, contact, asked.signals, who="assistant")
        tell_ledger(session, contact.id, now=office.now(), due_at=office.now() + FATES_AFTER)
        await session.flush()
        last = await session.execute(_ITS_TICKET, {"of": contact.id, "by": asked.key, "ticket_id": case.ticket.id})
        notification.heard(session, somebody_subscribes=last.scalar_one())
    else:
        case = await _opened_before(session, contact.id, asked.key)
    return HandOver(
        ticket=ticket_view(case.ticket, case.clocks, office.policy.people),
        live=case.ticket.live,
        next=waiting.next_step(office, case),
        dial=waiting.dial_of(office, case),
        queue_position=await waiting.queue_position(session, case.ticket),
        expected_wait_s=await waiting.expected_wait_s(session, office, case.ticket) if case.ticket.live else None,
        created=created,
    )


async def _wants_it_from_a_person(
    office: Office, session: AsyncSession, contact: ContactRecord, signals: Signals
) -> Case | None:
    """The open ticket of this contact when a person is wanted for the same problem: one problem is one ticket."""
    if signals.reason != "wants_person" or not signals.live:
        return None
    same = [
        case
        for case in await open_cases(session, contact.id)
        if signals.category in (case.ticket.category, FALLBACK_CATEGORY)
    ]
    if not same:
        return None
    case, now = same[-1], office.now()
    if (
        signals.live
        and not case.ticket.live
        and case.contact_is_open
        and waiting.is_answered_now(office, case.ticket.tier)
    ):
        case.ticket.live, case.ticket.live_since = True, now
        case.ticket.waited_from = case.ticket.waited_from or now
        clockwork.ask_within(case, now + office.policy.sla.accept_within)
    case.ticket.reachable = case.ticket.reachable or signals.reachable
    case.audit(now, "assistant", "asked_again", "the customer wants a person for it now")
    tell_staff(office, case, "opened")
    await session.flush()
    return case


async def _opened_before(session: AsyncSession, contact_id: UUID, key: str) -> Case:
    ticket = await session.scalar(
        select(TicketRecord)
        .join(HandOverRecord, HandOverRecord.ticket_id == TicketRecord.id)
        .where(HandOverRecord.contact_id == contact_id, HandOverRecord.key == key)
    )
    if ticket is None:
        raise LookupError("a hand-over that is stored has its ticket")
    return await case_of(session, ticket)


async def _wait_for_turn(office: Office, contact_id: UUID, turn_id: str) -> None:
    """The ticket is opened all the same when the turn does not come: it will attach when it does."""
    for _ in range(int(TURN_WAIT_S / TURN_POLL_S)):
        async with office.sessions() as session:
            if await has_turn(session, contact_id, turn_id):
                return
        await asyncio.sleep(TURN_POLL_S)
