"""A person chooses another priority than the rules made of the signals, and says why."""

from escalation import clockwork
from escalation.asks import PriorityAsked
from escalation.desk import Actor, locked
from escalation.errors import Incomplete, NotAllowed, NotLegal
from escalation.events import tell_staff, text_customer
from escalation.office import Office
from escalation.permission import may_prioritise
from escalation.policy import FrozenPolicy
from escalation.priority import Priority
from escalation.records import TicketRecord
from escalation.reversal import PRIORITISED
from escalation.store import Case


async def prioritise(office: Office, username: str, reference: str, asked: PriorityAsked) -> None:
    """Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete; nothing has changed then.

    Tier and responsible person stay: handing up is a move of its own.
    """
    async with office.change() as session:
        person, case = await locked(office, session, username, reference, asked.version)
        if not may_prioritise(office.policy, username, case.ticket):
            raise NotAllowed(f"{person.name} may not choose the priority: whoever accepted an open ticket may")
        reason = asked.reason.strip()
        if not reason:
            raise Incomplete("another priority needs a reason")
        _choose(office, case, Actor(username, person), Priority(asked.priority), reason)


def choices_for(office: Office, username: str, ticket: TicketRecord) -> list[Priority]:
    """Other priorities that the ticket keeps targets for, if this person may choose now."""
    if not may_prioritise(office.policy, username, ticket):
        return []
    kept = FrozenPolicy.from_json(ticket.policy).choices
    return [choice for choice in Priority if choice in kept and choice != ticket.priority]


def _choose(office: Office, case: Case, actor: Actor, chosen: Priority, reason: str) -> None:
    ticket, now, frozen = case.ticket, office.now(), FrozenPolicy.from_json(case.ticket.policy)
    before = Priority(ticket.priority)
    if chosen is before:
        raise NotLegal(f"the ticket is {chosen} already")
    if chosen not in frozen.choices:
        raise NotLegal(f"this ticket keeps no targets for {chosen}: its priority cannot be changed")
    clockwork.retarget(case, chosen, now)
    was_told = _is_promised(office, before, chosen) and text_customer(office, case, "customer_promised")
    if was_told:
        clockwork.told(case, now)
    ticket.because = [*ticket.because, f"{actor.name} chose {chosen} instead of {before}."]
    ticket.version += 1
    ticket.updated_at = now
    why = f"{before} to {chosen} (the rules made {frozen.derived}): {reason}"
    case.audit(now, actor.username, PRIORITISED, why, was=None if was_told else {"priority": before})
    tell_staff(office, case, PRIORITISED)


def _is_promised(office: Office, before: Priority, chosen: Priority) -> bool:
    """Whether the customer is sent the new time: a high priority has the smaller number."""
    when = office.policy.sla.new_promise
    return when == "always" or (when == "raised" and chosen < before)
