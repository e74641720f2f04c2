"""One of us sends a file to the customer: a reply like any other, with the file to it."""

from uuid import UUID, uuid4

from escalation import desk
from escalation.attachments import keeping
from escalation.attachments.attachment_wire import Attachment
from escalation.attachments.intake import Intake
from escalation.desk import Actor, Deed
from escalation.errors import NotAllowed, NotFound, NotLegal
from escalation.office import Office
from escalation.permission import moves_for
from escalation.records import TicketRecord
from escalation.sight import may_see, one_of_us
from escalation.store import Case, read_case
from escalation.ticket import Move


async def send(
    office: Office, intake: Intake, username: str, reference: str, *, name: str, content: bytes, version: int
) -> Attachment:
    """Raises what a reply raises, NotLegal when the customer is not in the chat, and what `Intake.clean` raises."""
    person = one_of_us(office.policy.people, username)
    async with office.sessions() as session:  # before the file is looked at
        case = await read_case(session, TicketRecord.reference == reference)
        if case is None or not may_see(person, username, case.ticket):
            raise NotFound(f"no ticket {reference}")
        _check_is_there(case)
    cleaned = await intake.clean(name, content)
    async with office.change() as session:
        person, case = await desk.locked(office, session, username, reference, version)
        if Move.REPLY not in moves_for(office.policy, username, case.ticket):
            raise NotAllowed(f"{person.name} may not reply to this ticket now")
        contact_id = _check_is_there(case)
        kept = await keeping.add(office, session, contact_id, cleaned, key=f"ours-{uuid4()}", sent_by=username)
        desk.make(office, case, Deed(Move.REPLY, Actor(username, person), text=kept.name, attachment=kept))
        return kept


def _check_is_there(case: Case) -> UUID:
    """A file reaches a customer in their chat and nowhere else."""
    if case.contact is None or case.contact.channel != "chat" or not case.contact_is_open:
        raise NotLegal("The customer is not in the chat: a file cannot reach them")
    return case.contact.id
