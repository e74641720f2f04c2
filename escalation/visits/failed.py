"""A visit that did not help: its ticket goes back to the queue, more urgent than before."""

from sqlalchemy import select

from escalation import clockwork, desk, tier
from escalation.events import tell_staff
from escalation.office import Office
from escalation.policy import FrozenPolicy
from escalation.priority import Priority
from escalation.store import Case
from escalation.ticket import Move, Status
from escalation.visits.visit_record import VisitRecord

FAILED = "visit_failed"  # in the audit, and to the console


async def if_visited(office: Office, case: Case, who: str) -> None:
    """The customer refused the solution: when that was a visit, it is treated as one that failed."""
    made = await case.session.scalar(
        select(VisitRecord.id).where(VisitRecord.ticket_id == case.ticket.id, VisitRecord.state == "fixed").limit(1)
    )
    if made is not None:
        back_to_queue(office, case, who, "the customer says that it is not fixed")


def back_to_queue(office: Office, case: Case, who: str, why: str) -> None:
    """Open again for everybody of its tier, as one more contact about the same, one priority higher where it can be."""
    ticket, now = case.ticket, office.now()
    if case.status in {Status.PENDING, Status.HELD}:
        desk.make(office, case, desk.Deed(Move.RESUME, desk.Actor(who), why=why))
    ticket.signals = {**ticket.signals, "repeat_contacts": int(ticket.signals.get("repeat_contacts", 0)) + 1}
    before, after = Priority(ticket.priority), _higher(ticket.priority, FrozenPolicy.from_json(ticket.policy))
    if after is not before:
        clockwork.retarget(case, after, now)
        ticket.because = [*ticket.because, f"A technician's visit did not solve it: {after} instead of {before}."]
    roster = office.policy.roster(ticket.department, ticket.system)
    desk.give(office, case, tier.first_asked(ticket.tier, roster, office.policy.people), waits_anew=True)
    ticket.version += 1
    ticket.updated_at = now
    case.audit(now, who, FAILED, why)
    tell_staff(office, case, FAILED)


def _higher(priority: str, frozen: FrozenPolicy) -> Priority:
    """The next higher one that the ticket keeps targets for."""
    above = [one for one in frozen.choices if one < priority]
    return max(above, default=Priority(priority))
