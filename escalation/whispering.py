"""A whisper: an internal note to the person who has the ticket, from a colleague or who leads. Never public."""

from escalation import kind
from escalation.asks import WhisperAsked
from escalation.errors import Incomplete, NotAllowed, NotFound, NotLegal
from escalation.events import tell_staff
from escalation.office import Office
from escalation.permission import moves_for
from escalation.records import NoteRecord, TicketRecord
from escalation.sight import may_see, one_of_us
from escalation.store import lock_case
from escalation.ticket import Move


async def whisper(office: Office, username: str, reference: str, asked: WhisperAsked) -> None:
    """Changes nothing of the ticket, so that what its person is just writing can still be sent.

    For whoever may add a note. Raises NotFound, NotAllowed, Incomplete, or NotLegal when the addressee has the ticket
    no more.
    """
    person, text, now = one_of_us(office.policy.people, username), asked.text.strip(), office.now()
    async with office.change() as session:
        case = await lock_case(session, TicketRecord.reference == reference)
        if case is None or not may_see(person, username, case.ticket):
            raise NotFound(f"no ticket {reference}")
        if Move.NOTE not in moves_for(office.policy, username, case.ticket):
            raise NotAllowed(f"{person.name} may add nothing to this ticket")
        if case.ticket.assignee != asked.to or asked.to == username:
            raise NotLegal("whoever you whisper to does not have this ticket now")
        if not text:
            raise Incomplete("a whisper needs a text")
        kind.check_move(case.ticket, Move.NOTE, text=text, now=now)
        session.add(
            NoteRecord(ticket_id=case.ticket.id, author=username, at=now, text=text, public=False, addressee=asked.to)
        )
        case.audit(now, username, "whispered", f"to {asked.to}")
        tell_staff(office, case, "whisper")
