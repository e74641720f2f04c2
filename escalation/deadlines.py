"""What happens when a step of a clock is due: each exactly once, however many watchers run."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, offering, tier, waiting
from escalation.agreements import hold
from escalation.desk import give
from escalation.events import tell_front_door, tell_staff, text_person
from escalation.office import Office
from escalation.policy_files import MessageName
from escalation.records import StepRecord, TicketRecord
from escalation.relatives import follows_an_open_ticket
from escalation.roster_book import rostered
from escalation.store import Case, lock_case
from escalation.telling import tell_status

log = logging.getLogger(__name__)

WHO = "watch"
LONGEST_ASKING = timedelta(minutes=10)
_WARNINGS: Mapping[str, MessageName] = {"acknowledge": "staff_unheard", "update": "staff_update_due"}


async def fire_due(office: Office, *, limit: int = 200) -> int:
    """Fire what is due, the oldest first; a ticket that somebody is changing is left for the next round."""
    async with office.sessions() as session:
        keys = await due_steps(session, office.now(), limit=limit)
    return sum([await _fire(office, ticket_id, key) for ticket_id, *key in keys])


async def due_steps(session: AsyncSession, now: datetime, *, limit: int) -> Sequence[tuple[UUID, str, int, int]]:
    """The steps that are due and have not fired, the oldest first: ticket, clock, round and share."""
    found = await session.execute(
        select(StepRecord.ticket_id, StepRecord.clock, StepRecord.round, StepRecord.share_pct)
        .where(StepRecord.fired_at.is_(None), StepRecord.due_at <= now)
        .order_by(StepRecord.due_at, StepRecord.share_pct)
        .limit(limit)
    )
    return [(ticket_id, clock, number, share_pct) for ticket_id, clock, number, share_pct in found]


async def _fire(office: Office, ticket_id: UUID, key: list[Any]) -> bool:
    """The ticket's lock and `fired_at`, committed with the effect, make it happen once.

    `key`: the step's clock, round and share.
    """
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.id == ticket_id, skip_locked=True)
        if case is None:
            return False
        now, office = office.now(), await rostered(office, session)
        step = next((step for step in case.steps if [step.clock, step.round, step.share_pct] == key), None)
        if step is None or step.fired_at is not None or step.due_at is None or step.due_at > now:
            return False
        step.fired_at, step.tier = now, case.ticket.tier
        if step.action == "ask_next":
            await _ask_next(office, case)
        elif not await follows_an_open_ticket(session, ticket_id):
            _pass(office, case, step)
        elif step.share_pct >= 100:  # it is worked on in the ticket it follows
            case.clock(step.clock).late = True
            clockwork.owe(case, now)
    return True


def _pass(office: Office, case: Case, step: StepRecord) -> None:
    """A share of a target is used up: the responsible person is told, or somebody with more power is."""
    ticket, now = case.ticket, office.now()
    what, due_at = f"{step.clock} {step.share_pct}%", case.clock(step.clock).due_at
    if step.share_pct >= 100:
        case.clock(step.clock).late = True
        clockwork.owe(case, now)
    if step.action == "warn":
        case.audit(now, WHO, f"warned: {what}", ticket.asked)
        text_person(office, case, ticket.asked, _WARNINGS.get(step.clock, "staff_warned"), by=due_at)
        tell_staff(office, case, "warned")
        return
    if step.clock == "update" and tell_status(office, case):
        case.audit(now, WHO, "told", f"{what}: where the ticket stands")
    asked = office.policy.moved_up(ticket.department, ticket.tier, ticket.system)
    served_now = ticket.live and ticket.assignee is not None
    if served_now:  # a conversation is not torn apart: its agent stays, the new contact is told
        hold.pass_to(office, case, asked.tier)
        ticket.asked = asked.contact
        text_person(office, case, asked.contact, "staff_moved")
    else:
        give(office, case, asked)
    ticket.version += 1
    ticket.updated_at = now
    case.audit(now, WHO, f"moved up: {what}", f"to tier {asked.tier}, {asked.contact}")
    tell_staff(office, case, "breached")


async def _ask_next(office: Office, case: Case) -> None:
    """Nobody accepted in time: the next person is asked, the customer hears where they stand.

    As long as somebody of the tier can be offered the ticket it stays there; then it goes up, or, when nobody could
    be offered it, through the tier's contacts.

    After the last one the supervisor is asked, again and again at growing intervals while the customer waits.
    """
    ticket = case.ticket
    if not ticket.live or ticket.assignee is not None:
        return
    if await offering.go_on(office, case) is None:
        await _ask_another(office, case)
    await case.session.flush()
    tell_front_door(
        office,
        case,
        "queue",
        queue_position=await waiting.queue_position(case.session, ticket),
        expected_wait_s=await waiting.expected_wait_s(case.session, office, ticket),
    )


async def _ask_another(office: Office, case: Case) -> None:
    ticket, policy, now = case.ticket, office.policy, office.now()
    here, contacts = tier.Asked(ticket.tier, ticket.asked), policy.roster(ticket.department, ticket.system)
    supervisor = policy.tiers.supervisor
    last = ticket.asked == supervisor
    following = None
    if not last and await offering.was_asked_out(case.session, ticket):
        following = tier.moved_up(ticket.tier, contacts, policy.people)
    elif not last:
        following = tier.next_asked(here, contacts, policy.people)
    asked = following or tier.Asked(ticket.tier, supervisor)
    give(office, case, asked)
    if following is None:
        waited = now - (ticket.live_since or now)
        clockwork.ask_within(case, now + min(max(policy.sla.accept_within, waited), LONGEST_ASKING))
    ticket.version += 1
    ticket.updated_at = now
    case.audit(now, WHO, "not accepted in time", f"{here.contact} did not; asked {asked.contact} in tier {asked.tier}")
    tell_staff(office, case, "asked")
