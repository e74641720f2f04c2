"""A legal hold: nothing of the ticket is deleted or made anonymous until somebody ends it."""

from escalation.desk import locked
from escalation.errors import Incomplete, NotAllowed, NotLegal
from escalation.events import tell_staff
from escalation.office import Office
from escalation.permission import may_hold_for_law
from escalation.wire import LegalHoldAsked

BEGUN, ENDED = "legal_hold", "legal_hold_ended"  # in the audit, and to the console


async def begin(office: Office, username: str, reference: str, asked: LegalHoldAsked) -> None:
    """In any state of the ticket. Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete."""
    await _change(office, username, reference, asked, held=True)


async def end(office: Office, username: str, reference: str, asked: LegalHoldAsked) -> None:
    """From now on retention and erasure take it like any other. Raises as `begin` does."""
    await _change(office, username, reference, asked, held=False)


async def _change(office: Office, username: str, reference: str, asked: LegalHoldAsked, *, held: bool) -> None:
    reason = asked.reason.strip()
    if not reason:
        raise Incomplete("a legal hold begins and ends with a reason")
    async with office.change() as session:
        person, case = await locked(office, session, username, reference, asked.version)
        ticket, now = case.ticket, office.now()
        if not may_hold_for_law(person):
            raise NotAllowed("A legal hold is for supervisors and administrators")
        if ticket.erased_at is not None:
            raise NotLegal("who this ticket was about has been taken out: nothing is left to hold")
        if held and ticket.held_because is not None:
            raise NotLegal("the ticket is under a legal hold already")
        if not held and ticket.held_because is None:
            raise NotLegal("the ticket is under no legal hold")
        ticket.held_because = reason if held else None
        ticket.version += 1
        ticket.updated_at = now
        case.audit(now, username, BEGUN if held else ENDED, reason)
        tell_staff(office, case, BEGUN if held else ENDED)
