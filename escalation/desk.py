"""The desk: what people do with a ticket. Every move is checked against the table, then made, told and audited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import agent_state, clockwork, kind, tier
from escalation.agreements import hold
from escalation.asks import MoveAsked
from escalation.attachments.attachment_wire import Attachment
from escalation.errors import Incomplete, NotAllowed, NotFound, NotLegal, Outdated
from escalation.events import (
    tell_followers,
    tell_front_door,
    tell_ledger,
    tell_staff,
    text_customer,
    text_person,
    worded,
)
from escalation.offering import settle
from escalation.office import Office
from escalation.permission import moves_for
from escalation.policy_files import PersonEntry
from escalation.records import NoteRecord, TicketRecord
from escalation.reversal import UNDONE
from escalation.roster_book import rostered
from escalation.sight import may_see, one_of_us
from escalation.store import Case, lock_case
from escalation.telling import tell_customer
from escalation.ticket import FINAL, Move, Status, after, legal_moves
from escalation.waiting import queue_position

NEEDS_TEXT = frozenset({Move.REPLY, Move.NOTE, Move.ASK_CUSTOMER})
NEEDS_WHY = frozenset(
    {Move.HAND_UP, Move.HAND_BACK, Move.RETURN, Move.HOLD, Move.REOPEN, Move.REJECT, Move.CANCEL, Move.REQUEUE}
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a move: one of us, or a machine that files tickets and takes none."""

    username: str
    person: PersonEntry | None = None

    @property
    def name(self) -> str | None:
        return self.person.name if self.person is not None else None


@dataclass(frozen=True, slots=True)
class Deed:
    """A move somebody makes, with what they said to the customer or noted, and why."""

    move: Move
    actor: Actor
    text: str = ""
    why: str = ""
    attachment: Attachment | None = None  # sent to the customer with a reply


async def act(office: Office, username: str, reference: str, asked: MoveAsked) -> None:
    """Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete; nothing has changed then."""
    move = Move(asked.move)
    async with office.change() as session:
        office = await rostered(office, session)
        person, case = await locked(office, session, username, reference, asked.version)
        allowed = moves_for(office.policy, username, case.ticket)
        if move not in allowed and move in legal_moves(case.status):
            names = ", ".join(allowed) or "nothing"
            raise NotAllowed(f"{person.name} may not {move} this ticket now; may: {names}")
        make(office, case, Deed(move, Actor(username, person), asked.text.strip(), asked.reason.strip()))
        await settle(office, case, username)
        if move in _RETURNS_TO_QUEUE and case.ticket.live:
            await session.flush()
            tell_front_door(office, case, "queue", queue_position=await queue_position(session, case.ticket))


async def locked(
    office: Office, session: AsyncSession, username: str, reference: str, version: int
) -> tuple[PersonEntry, Case]:
    """The ticket for one of us who has seen this version of it. Raises NotAllowed, NotFound or Outdated."""
    person = one_of_us(office.policy.people, username)
    case = await lock_case(session, TicketRecord.reference == reference)
    if case is None or not may_see(person, username, case.ticket):
        raise NotFound(f"no ticket {reference}")
    if version != case.ticket.version:
        raise Outdated(f"{reference} was changed in the meantime: read it again (version {case.ticket.version})")
    return person, case


def make(office: Office, case: Case, deed: Deed) -> None:
    """Make a legal move inside the caller's transaction. Raises NotLegal or Incomplete."""
    before, target = case.status, after(case.status, deed.move)
    if deed.move in NEEDS_TEXT and not deed.text and deed.actor.person is not None:
        raise Incomplete(f"{deed.move} needs a text")
    if deed.move in NEEDS_WHY and not (deed.why or deed.text):
        raise Incomplete(f"{deed.move} needs a reason")
    if case.ticket.erased_at is not None and target is not before:
        raise NotLegal("who this ticket was about has been taken out: it stays as it is")
    kind.check_move(case.ticket, deed.move, text=deed.text or deed.why, now=office.now())
    case.ticket.version += 1
    case.ticket.updated_at = office.now()
    enter(office, case, target, deed.why)
    effect = _EFFECTS.get(deed.move)
    if effect is not None:
        effect(office, case, deed)
    entered = target if target is not before else None
    was = {"status": before} if deed.move in UNDONE else None
    case.audit(office.now(), deed.actor.username, deed.move, deed.why, status=entered, was=was)
    tell_staff(office, case, deed.move)


def may_close(office: Office, case: Case) -> bool:
    """Whether the ticket's kind lets it be closed now."""
    try:
        kind.check_move(case.ticket, Move.CLOSE, text="", now=office.now())
    except NotLegal:
        return False
    return case.status is Status.RESOLVED


def enter(office: Office, case: Case, target: Status, why: str) -> None:
    """Come into the new state: what the clocks do there."""
    before, ticket, now = case.status, case.ticket, office.now()
    if target is before:
        return
    ticket.status, ticket.status_changed_at, ticket.status_reason = target, now, why
    if ticket.contact_id is not None and (target is Status.RESOLVED or target in FINAL):
        tell_ledger(case.session, ticket.contact_id, now=now)
    if target is Status.PENDING:
        clockwork.pause(case, now)
    elif before is Status.PENDING and target is Status.IN_PROGRESS:
        clockwork.resume(case, now)
    elif before is Status.RESOLVED and target is Status.IN_PROGRESS:
        ticket.resolved_at = None
        clockwork.reopen(case, now)
    elif target is Status.RESOLVED:
        ticket.resolved_at = now
        clockwork.done(case, now)
    elif target in FINAL:
        ticket.closed_at = now
        clockwork.done(case, now)


def _accept(office: Office, case: Case, deed: Deed) -> None:
    """The person is responsible from now on. A customer who is still in the conversation is served in it."""
    ticket, now = case.ticket, office.now()
    ticket.accepted_at = ticket.accepted_at or now
    clockwork.done(case, now, "respond")
    if deed.actor.person is None:
        return
    agent_state.hangs_up(case, now)  # whoever talked until now
    ticket.assignee = ticket.asked = deed.actor.username
    ticket.unread = 0
    clockwork.stop_asking(case)
    if case.contact_is_open and case.contact is not None and case.contact.channel == "chat":
        ticket.live = True
        ticket.live_since = ticket.live_since or now
    if ticket.live:
        agent_state.talks(case, now)
    tell_front_door(office, case, "accepted", agent_name=deed.actor.name)


def _reply(office: Office, case: Case, deed: Deed) -> None:
    if not deed.text:  # a machine moved the ticket and says nothing
        return
    case.ticket.unread = 0
    tell_customer(
        office, case, deed.text, author=deed.actor.username, person=deed.actor.person, attachment=deed.attachment
    )


def _note(office: Office, case: Case, deed: Deed) -> None:
    _add_note(office, case, deed, public=False)


def _hand_up(office: Office, case: Case, deed: Deed) -> None:
    ticket, policy = case.ticket, office.policy
    asked = tier.moved_up(ticket.tier, policy.roster(ticket.department, ticket.system), policy.people)
    if asked is None:
        raise NotLegal("there is nobody above this tier")
    _note(office, case, replace(deed, text=deed.text or deed.why))
    give(office, case, asked, waits_anew=True)


def _hand_back(office: Office, case: Case, deed: Deed) -> None:
    """A solution, or a ticket that was wrongly assigned, goes back to the tier below."""
    ticket, policy = case.ticket, office.policy
    roster = policy.roster(ticket.department, ticket.system)
    below = tier.tier_below(ticket.tier, roster)
    if below is None:
        raise NotLegal("there is nobody below this tier")
    _note(office, case, replace(deed, text=deed.text or deed.why))
    give(office, case, tier.first_asked(below, roster, policy.people), waits_anew=True)


def _requeue(office: Office, case: Case, _deed: Deed) -> None:
    """Whoever talked with the customer has gone: somebody of the same tier is asked, the customer keeps their place."""
    ticket, policy, since, who = case.ticket, office.policy, case.ticket.live_since, case.ticket.assignee
    roster = policy.roster(ticket.department, ticket.system)
    asked = tier.first_asked(ticket.tier, roster, policy.people)
    if asked.contact == who:
        following = tier.next_asked(asked, roster, policy.people)
        asked = following if following is not None and following.tier == asked.tier else asked
    give(office, case, asked, waits_anew=True)
    ticket.live_since = since
    if who is not None:
        agent_state.drops_out(case, who, office.now())


def _resolve(office: Office, case: Case, deed: Deed) -> None:
    """The customer is told, and goes back to the assistant."""
    if deed.text:
        _note_for_customer(office, case, deed)
    agent_state.hangs_up(case, office.now())
    case.ticket.live = False
    case.ticket.unread = 0
    clockwork.stop_asking(case)
    tell_front_door(office, case, "resolved", text=deed.text or None, agent_name=deed.actor.name)
    text_customer(office, case, "customer_resolved")
    tell_followers(office, case, deed.text, author=deed.actor.username, resolved=True)


def _end(office: Office, case: Case, _deed: Deed) -> None:
    was_live = case.ticket.live
    agent_state.hangs_up(case, office.now())
    case.ticket.live = False
    clockwork.stop_asking(case)
    if was_live:
        tell_front_door(office, case, "released")


def _close(office: Office, case: Case, deed: Deed) -> None:
    """The customer hears it, whoever or whatever closes it."""
    _end(office, case, deed)
    if not text_customer(office, case, "customer_closed"):
        tell_front_door(office, case, "message", text=worded(office, case, "customer_closed"))


def give(office: Office, case: Case, asked: tier.Asked, *, waits_anew: bool = False) -> None:
    """Somebody else's turn: they are responsible, and nobody has accepted yet.

    `waits_anew`: the customer was being served until now, so that the wait is counted from now.
    """
    ticket = case.ticket
    moved = asked.tier != ticket.tier
    ticket.offer_round += moved or waits_anew
    agent_state.hangs_up(case, office.now())
    hold.pass_to(office, case, asked.tier)
    ticket.asked, ticket.assignee = asked.contact, None
    if ticket.live:
        ticket.live_since = office.now() if waits_anew else ticket.live_since
        clockwork.ask_within(case, office.now() + office.policy.sla.accept_within)
    if moved and asked.tier > tier.LOWEST:
        text_person(office, case, asked.contact, "staff_moved")


def _note_for_customer(office: Office, case: Case, deed: Deed) -> None:
    case.ticket.last_public_note = deed.text
    clockwork.told(case, office.now())
    _add_note(office, case, deed, public=True)


def _add_note(office: Office, case: Case, deed: Deed, *, public: bool) -> None:
    case.session.add(
        NoteRecord(ticket_id=case.ticket.id, author=deed.actor.username, at=office.now(), text=deed.text, public=public)
    )


_RETURNS_TO_QUEUE = frozenset({Move.HAND_UP, Move.HAND_BACK, Move.RETURN})
_EFFECTS: Mapping[Move, Callable[[Office, Case, Deed], None]] = {
    Move.ACCEPT: _accept,
    Move.REPLY: _reply,
    Move.NOTE: _note,
    Move.HAND_UP: _hand_up,
    Move.HAND_BACK: _hand_back,
    Move.RETURN: _hand_back,
    Move.ASK_CUSTOMER: _reply,
    Move.RESOLVE: _resolve,
    Move.CLOSE: _close,
    Move.REJECT: _end,
    Move.CANCEL: _end,
    Move.REQUEUE: _requeue,
}
