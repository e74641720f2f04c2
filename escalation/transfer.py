"""A ticket moves sideways: to another department at the same tier, with the reason."""

from escalation import desk, tier
from escalation.asks import TransferAsked
from escalation.desk import Actor, Deed, locked
from escalation.errors import Incomplete, NotAllowed, NotLegal
from escalation.events import tell_front_door, tell_staff, text_person
from escalation.office import Office
from escalation.permission import departments_for, may_transfer
from escalation.records import NoteRecord
from escalation.reversal import TRANSFERRED
from escalation.store import Case
from escalation.ticket import Move, Status
from escalation.waiting import queue_position


async def transfer(office: Office, username: str, reference: str, asked: TransferAsked) -> None:
    """Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete; nothing has changed then.

    State, priority and clocks stay. What was held is worked on again: it waited for something of the other department.
    """
    async with office.change() as session:
        person, case = await locked(office, session, username, reference, asked.version)
        if not may_transfer(office.policy, username, case.ticket):
            raise NotAllowed(f"{person.name} may not move this ticket to a department: whoever accepted it may")
        reason = asked.reason.strip()
        if not reason:
            raise Incomplete("another department needs a reason")
        _check(office, case, asked.department, username)
        _move(office, case, Actor(username, person), asked.department, reason)
        if case.ticket.live:
            await session.flush()
            tell_front_door(office, case, "queue", queue_position=await queue_position(session, case.ticket))


def _check(office: Office, case: Case, department: str, username: str) -> None:
    if department == case.ticket.department:
        raise NotLegal(f"the ticket is with {department} already")
    possible = departments_for(office.policy, username, case.ticket)
    if department not in possible:
        named = ", ".join(possible) or "none"
        raise NotLegal(f"no department {department[:40]} has people in tier {case.ticket.tier}; possible: {named}")


def _move(office: Office, case: Case, actor: Actor, department: str, reason: str) -> None:
    ticket, now, policy = case.ticket, office.now(), office.policy
    before = {name: getattr(ticket, name) for name in ("department", "asked", "assignee", "status")}
    if case.status is Status.HELD:
        desk.make(office, case, Deed(Move.RESUME, actor, why=f"goes to {department}"))
    ticket.department = department
    asked = tier.first_asked(ticket.tier, policy.roster(department, ticket.system), policy.people)
    case.session.add(NoteRecord(ticket_id=ticket.id, author=actor.username, at=now, text=reason, public=False))
    desk.give(office, case, asked, waits_anew=True)
    if asked.tier > tier.LOWEST:
        text_person(office, case, asked.contact, "staff_moved")
    ticket.version += 1
    ticket.updated_at = now
    why = f"{before['department']} to {department}: {reason}"
    case.audit(now, actor.username, TRANSFERRED, why, was=None if ticket.live else before)
    tell_staff(office, case, TRANSFERRED)
