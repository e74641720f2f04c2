"""A solution is followed up: the customer is called or written to, and that is on record."""

from escalation.desk import locked
from escalation.errors import Incomplete, NotAllowed, NotLegal
from escalation.events import tell_staff
from escalation.kind_wire import FollowUpAsked
from escalation.office import Office
from escalation.permission import works_on
from escalation.records import NoteRecord
from escalation.sight import role_of
from escalation.telling import can_be_told, tell_customer
from escalation.ticket import Move, Status

FOLLOWED_UP = "followed_up"  # in the audit, and to the console


async def follow_up(office: Office, username: str, reference: str, asked: FollowUpAsked) -> None:
    """A message is sent and kept as a public note, a call as one for staff.

    Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete; nothing has changed then.
    """
    text = asked.text.strip()
    if not text:
        raise Incomplete("text: say what the customer was told, and what they said")
    async with office.change() as session:
        person, case = await locked(office, session, username, reference, asked.version)
        ticket, now = case.ticket, office.now()
        if Move.REPLY not in role_of(person).moves:
            raise NotAllowed(f"{person.name} does not speak to customers")
        if not works_on(person, ticket) and ticket.assignee != username:
            raise NotAllowed(f"{person.name} does not work on this ticket")
        if case.status is not Status.RESOLVED:
            raise NotLegal(f"the ticket is {case.status}: a follow-up comes after the solution")
        if asked.how == "call":
            session.add(NoteRecord(ticket_id=ticket.id, author=username, at=now, text=text, public=False))
        elif can_be_told(case):
            tell_customer(office, case, text, author=username, person=person)
        else:
            raise NotLegal("the customer left no address and has gone: call instead")
        ticket.followed_up_at = ticket.updated_at = now
        ticket.version += 1
        case.audit(now, username, FOLLOWED_UP, asked.how)
        tell_staff(office, case, FOLLOWED_UP)
