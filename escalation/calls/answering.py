"""What a customer whom we rang says by a key: to the callback they asked for, or to whether a solution holds."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, desk
from escalation.calls.call_record import OutgoingCallRecord
from escalation.calls.call_wire import Became, CallAbout, CallAnswered, CalledCustomer, CallOutcome, KeyAnswer
from escalation.calls.planning import number_of
from escalation.calls.settling import promise_of, settle
from escalation.events import tell_staff
from escalation.office import Office
from escalation.records import TicketRecord
from escalation.store import Case, lock_case
from escalation.ticket import FINAL, Move, Status
from escalation.views import ticket_view
from escalation.visits import failed
from escalation.waiting import dial_of, expected_wait_s, queue_position

WHO = "customer"
OVER = CallAnswered(became="over")


async def picked_up(office: Office, call_id: UUID) -> CallAbout | None:
    """What to ask them; None when it was settled in the meantime, or nobody knows this call."""
    async with office.change() as session:
        found = await _found(session, call_id)
        if found is None:
            return None
        case, call = found
        call.answered_at = call.answered_at or office.now()
        if not await _is_needed(case, call):
            await settle(office, case, call, "not_needed")
            return None
        language = case.contact.language if case.contact is not None else ""
        return CallAbout.model_validate({"purpose": call.purpose, "language": language})


async def answered(office: Office, call_id: UUID, answer: KeyAnswer) -> CallAnswered:
    """Once: the first answer counts, and is told again when it comes again."""
    async with office.change() as session:
        found = await _found(session, call_id)
        if found is None:
            return OVER
        case, call = found
        if call.answer is None:
            if call.outcome is not None or not await _is_needed(case, call):
                await settle(office, case, call, "not_needed")
                return OVER
            call.answer, call.answered_at = answer, call.answered_at or office.now()
            await _DEEDS[call.purpose, answer](office, case, call)
        became = _became(case, call)
        caller = await _caller(office, case) if became in {"connect", "reopened"} else None
        return CallAnswered(became=became, caller=caller)


async def _found(session: AsyncSession, call_id: UUID) -> tuple[Case, OutgoingCallRecord] | None:
    """The call with its ticket, which is locked before anything of it is believed."""
    call = await session.get(OutgoingCallRecord, call_id)
    case = await lock_case(session, TicketRecord.id == call.ticket_id) if call is not None else None
    if call is None or case is None:
        return None
    await session.refresh(call)
    return case, call


async def _is_needed(case: Case, call: OutgoingCallRecord) -> bool:
    if call.purpose == "confirmation":
        return case.status is Status.RESOLVED and case.ticket.resolved_at == call.since
    promise = await promise_of(case.session, call)
    return (
        promise is not None
        and promise.reached_at is None
        and promise.given_up_at is None
        and case.status not in FINAL | {Status.RESOLVED}
    )


def _became(case: Case, call: OutgoingCallRecord) -> Became:
    """What the answer came to, by what is so now."""
    match call.purpose, call.answer:
        case _, "later":
            return "later"
        case _, "never":
            return "dropped"
        case "confirmation", "yes":
            return "closed" if case.status is Status.CLOSED else "noted"
        case "confirmation", "no":
            return "reopened"
        case _:
            return "connect"


async def _call_back(office: Office, case: Case, call: OutgoingCallRecord) -> None:
    """They wait for a person from now on, at the place they had."""
    promise = await promise_of(case.session, call)
    await settle(office, case, call, "reached")
    await _waits(office, case)
    if promise is not None:
        case.ticket.live_since = promise.asked_at
    case.audit(office.now(), WHO, "call_taken", "answered our call and wants to talk")


async def _solved(office: Office, case: Case, call: OutgoingCallRecord) -> None:
    """Where its kind asks for more before it may be closed, the customer's word is on record."""
    await settle(office, case, call, "reached")
    if desk.may_close(office, case):
        desk.make(office, case, desk.Deed(Move.CLOSE, desk.Actor(WHO), why="answered on the telephone: solved"))
    else:
        case.audit(office.now(), WHO, "confirmed_solved", "answered on the telephone")
        tell_staff(office, case, "confirmed_solved")


async def _not_solved(office: Office, case: Case, call: OutgoingCallRecord) -> None:
    """As by text message; and since they are on the telephone, they may talk to a person at once."""
    await settle(office, case, call, "reached")
    desk.make(office, case, desk.Deed(Move.REOPEN, desk.Actor(WHO), why="answered on the telephone: not solved"))
    case.ticket.unread += 1
    await failed.if_visited(office, case, WHO)
    await _waits(office, case)


async def _later(office: Office, case: Case, call: OutgoingCallRecord) -> None:
    await settle(office, case, call, "later")


async def _never(office: Office, case: Case, call: OutgoingCallRecord) -> None:
    """A callback is not needed any more; who was asked about a solution wants no such calls."""
    outcome: CallOutcome = "reached" if call.purpose == "callback" else "opted_out"
    promise = await promise_of(case.session, call)
    await settle(office, case, call, outcome)
    if promise is not None:
        promise.given_up_at = office.now()
        case.audit(office.now(), WHO, "callback_dropped", "needs no call any more")


async def _waits(office: Office, case: Case) -> None:
    """The conversation goes on, by telephone, with somebody who waits for a person in it."""
    ticket, now = case.ticket, office.now()
    if case.contact is not None:
        case.contact.channel, case.contact.ended_at = "voice", None
    ticket.live, ticket.live_since = True, now
    ticket.waited_from = ticket.waited_from or now
    if ticket.assignee is None:
        clockwork.ask_within(case, now + office.policy.sla.accept_within)
    tell_staff(office, case, "callback")
    await case.session.flush()


async def _caller(office: Office, case: Case) -> CalledCustomer:
    if case.contact is None:
        raise LookupError("a ticket whose customer is called has a conversation")
    view = ticket_view(case.ticket, case.clocks, office.policy.people)
    position = await queue_position(case.session, case.ticket)
    return CalledCustomer(
        contact_id=case.contact.id,
        language=case.contact.language,
        number=number_of(case),
        reference=view.reference,
        respond_by=view.respond_by,
        problem=case.ticket.problem,
        dial=dial_of(office, case),
        queue_position=position,
        expected_wait_s=await expected_wait_s(case.session, office, case.ticket) if position else None,
    )


_DEEDS: Mapping[tuple[str, KeyAnswer], Callable[[Office, Case, OutgoingCallRecord], Awaitable[None]]] = {
    ("callback", "yes"): _call_back,
    ("callback", "no"): _later,
    ("callback", "later"): _later,
    ("callback", "never"): _never,
    ("confirmation", "yes"): _solved,
    ("confirmation", "no"): _not_solved,
    ("confirmation", "later"): _later,
    ("confirmation", "never"): _never,
}
