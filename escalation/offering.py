"""Offers a ticket to people: ends what is over and asks the next one, in a transaction that has locked it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, floor, roster_book, tier
from escalation.errors import Incomplete, NotFound, NotLegal
from escalation.events import tell_staff, text_person
from escalation.floor import Sought, regular
from escalation.offer import COULD_NOT_ANSWER, Floor, Outcome, choose, over_for
from escalation.office import Office
from escalation.priority import Priority
from escalation.records import TicketRecord
from escalation.relatives import follows_an_open_ticket
from escalation.roster_records import OfferRecord
from escalation.sight import may_see, one_of_us
from escalation.store import Case, lock_case
from escalation.ticket import Status

WHO = "watch"
LOCK = 621_0003  # one offer is made at a time: two must not fill the last place of one person
WAITS_IN = frozenset({Status.ACKNOWLEDGED, Status.IN_PROGRESS})


async def go_on(office: Office, case: Case) -> OfferRecord | None:
    """End the ticket's offer if it is over, and put the ticket before the next person; the new offer, if there is one.

    Nobody left: the tier's responsible contact has it and is told, and it waits in the queue, where it is offered to
    whoever comes back. A customer who waits in the conversation is moved up by the clocks instead.
    """
    session, ticket = case.session, case.ticket
    await session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    now_at = await floor.read(office, session)
    current = await open_offer(session, ticket.id)
    if current is not None:
        outcome = settled(ticket, current) or over_for(now_at, current.username, current.due_at)
        if outcome is None:
            return None
        end(office, case, current, outcome, who=WHO)
    if ticket.assignee is not None or case.status not in WAITS_IN or await follows_an_open_ticket(session, ticket.id):
        return None
    person = await _next_person(office, case, now_at)
    if person is not None:
        return await _offer(office, case, person)
    await _nobody_left(office, case)
    return None


async def _next_person(office: Office, case: Case, now_at: Floor) -> str | None:
    """Each at most once in a round. A new one begins when somebody is back who could not answer before."""
    ticket = case.ticket
    skill, who = office.policy.skill(ticket.category), list(regular(office.policy, Sought.of(ticket)))
    asked = await _asked_in(case.session, ticket)
    found = choose(now_at, who, skill, asked.keys())
    if found is None:
        answered = {name for name, outcome in asked.items() if outcome not in COULD_NOT_ANSWER}
        found = choose(now_at, who, skill, answered)
        ticket.offer_round += found is not None
    return found


async def _offer(office: Office, case: Case, person: str) -> OfferRecord:
    """They are responsible from now on, and have so long to accept."""
    ticket, now = case.ticket, office.now()
    within: timedelta = office.policy.tiers.accept_within[Priority(ticket.priority)]
    if ticket.live:
        within = min(within, office.policy.sla.accept_within)
        clockwork.ask_within(case, now + within)
    made = OfferRecord(
        ticket_id=ticket.id,
        round=ticket.offer_round,
        tier=ticket.tier,
        username=person,
        offered_at=now,
        due_at=now + within,
        outcome=None,
        ended_at=None,
        reason="",
    )
    case.session.add(made)
    ticket.asked = person
    case.audit(now, WHO, "offered", f"to {person}, for {int(within.total_seconds())} s")
    tell_staff(office, case, "offered")
    await case.session.flush()
    return made


async def _nobody_left(office: Office, case: Case) -> None:
    """Once a round, and again when the person who is responsible has gone."""
    ticket, now = case.ticket, office.now()
    people = (await roster_book.rostered(office, case.session)).policy.people
    is_new = ticket.asked_out_round != ticket.offer_round
    asked = await _asked_in(case.session, ticket)
    if is_new:
        ticket.asked_out_round = ticket.offer_round
        case.audit(now, WHO, "nobody left to ask" if asked else "nobody free to ask", f"tier {ticket.tier}")
        tell_staff(office, case, "asked_out")
    has_gone = ticket.asked not in people or people[ticket.asked].away
    if ticket.live or not ((is_new and asked) or has_gone):
        return
    contacts = office.policy.roster(ticket.department, ticket.system)
    responsible = tier.first_asked(ticket.tier, contacts, people).contact
    if responsible != ticket.asked or is_new:
        ticket.asked = responsible
        case.audit(now, WHO, "responsible", responsible)
        text_person(office, case, responsible, "staff_asked_out")


def settled(ticket: TicketRecord, offer: OfferRecord) -> Outcome | None:
    """What became of the ticket has ended the offer, without an answer to it."""
    if ticket.assignee is not None:
        return Outcome.ACCEPTED if ticket.assignee == offer.username else Outcome.WITHDRAWN
    is_elsewhere = (ticket.offer_round, ticket.asked) != (offer.round, offer.username)
    return Outcome.WITHDRAWN if is_elsewhere or ticket.status not in WAITS_IN else None


def end(office: Office, case: Case, offer: OfferRecord, outcome: Outcome, *, who: str, reason: str = "") -> None:
    offer.outcome, offer.ended_at, offer.reason = outcome, office.now(), reason
    case.audit(office.now(), who, f"offer_{outcome}", f"{offer.username}: {reason}" if reason else offer.username)
    tell_staff(office, case, "offer_ended")


async def settle(office: Office, case: Case, who: str) -> None:
    """After a move: whoever accepted has answered, and a ticket that is gone is on offer no more."""
    current = await open_offer(case.session, case.ticket.id)
    if current is not None and (outcome := settled(case.ticket, current)):
        end(office, case, current, outcome, who=who)


async def refuse(office: Office, username: str, reference: str, reason: str) -> None:
    """The next person is asked at once. Raises NotAllowed, NotFound, NotLegal or Incomplete."""
    person = one_of_us(office.policy.people, username)
    reason = reason.strip()
    if not reason:
        raise Incomplete("to refuse needs a reason")
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.reference == reference)
        if case is None or not may_see(person, username, case.ticket):
            raise NotFound(f"no ticket {reference}")
        current = await open_offer(session, case.ticket.id)
        if current is None or current.username != username or settled(case.ticket, current):
            raise NotLegal(f"{reference} is not on offer to you any more")
        end(office, case, current, Outcome.REFUSED, who=username, reason=reason)
        await go_on(office, case)


async def open_offer(session: AsyncSession, ticket_id: UUID) -> OfferRecord | None:
    found = await session.execute(
        select(OfferRecord).where(OfferRecord.ticket_id == ticket_id, OfferRecord.outcome.is_(None))
    )
    return found.scalar_one_or_none()


async def was_asked_out(session: AsyncSession, ticket: TicketRecord) -> bool:
    """Everybody of its tier who could be asked in this round has been, and somebody was."""
    return ticket.asked_out_round == ticket.offer_round and bool(await _asked_in(session, ticket))


async def _asked_in(session: AsyncSession, ticket: TicketRecord) -> dict[str, str | None]:
    """Who was asked in the ticket's present round, and how it ended."""
    found = await session.execute(
        select(OfferRecord.username, OfferRecord.outcome).where(
            OfferRecord.ticket_id == ticket.id, OfferRecord.round == ticket.offer_round
        )
    )
    return {username: outcome for username, outcome in found}  # noqa: C416 - rows are no pairs to the type checker
