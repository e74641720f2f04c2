"""How a call that we made ended: kept with the attempt, and with the callback that was promised."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.calls.call_record import OutgoingCallRecord
from escalation.calls.call_wire import CallOutcome
from escalation.events import tell_staff, text_customer, text_person
from escalation.office import Office
from escalation.phone_records import CallbackRecord
from escalation.phone_wire import BY_ITSELF, Attempt
from escalation.store import Case

NOT_TRIED = frozenset({"not_needed", "opted_out"})  # nobody was called, as far as the customer knows


async def promise_of(session: AsyncSession, call: OutgoingCallRecord) -> CallbackRecord | None:
    """The promise that the call is to keep; None of a confirmation, and when another promise has followed."""
    if call.purpose != "callback":
        return None
    found: CallbackRecord | None = await session.scalar(
        select(CallbackRecord).where(
            CallbackRecord.ticket_id == call.ticket_id, CallbackRecord.promised_at == call.since
        )
    )
    return found


async def settle(office: Office, case: Case, call: OutgoingCallRecord, outcome: CallOutcome) -> None:
    """Once: a call that has an outcome keeps it."""
    if call.outcome is not None:
        return
    now = office.now()
    call.outcome, call.ended_at = outcome, now
    promise = await promise_of(case.session, call)
    if promise is not None and outcome not in NOT_TRIED:
        attempt = Attempt.model_validate({"at": call.dialled_at, "who": BY_ITSELF, "outcome": outcome})
        promise.attempts = [*promise.attempts, attempt.model_dump(mode="json")]
        if outcome == "reached":
            promise.reached_at = promise.reached_at or now
    case.audit(now, BY_ITSELF, f"{call.purpose}_{outcome}")
    tell_staff(office, case, "callback")


def made(promise: CallbackRecord) -> list[datetime]:
    """When it was tried to keep this promise, by us or by a person, the first attempt first."""
    attempts = (Attempt.model_validate(attempt) for attempt in promise.attempts)
    return sorted(attempt.at for attempt in attempts if attempt.at >= promise.promised_at)


def give_up(office: Office, case: Case, promise: CallbackRecord) -> None:
    """It rings no more: the customer is told, and the person who is responsible."""
    now = office.now()
    promise.given_up_at = now
    text_customer(office, case, "customer_not_reached")
    text_person(office, case, case.ticket.assignee or case.ticket.asked, "staff_not_reached")
    case.audit(now, BY_ITSELF, "callback_given_up")
    tell_staff(office, case, "callback")
