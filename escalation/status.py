"""A customer asks after a ticket: the state of it, for who can show that it is theirs."""

import hmac
import re
from uuid import UUID

from redis.asyncio import Redis

from escalation import reading
from escalation.asks import StatusAsked
from escalation.office import Office
from escalation.reading import Read, What
from escalation.records import TicketRecord
from escalation.reference import normalise
from escalation.store import Case, read_case
from escalation.views import ticket_view
from escalation.wire import TicketView

TRIES = 10  # questions of one contact, or about one ticket, within the window
WINDOW_S = 600
NUMBER_TAIL = 9  # digits in which a national and an international writing of a number agree
NO_TICKET = "FL-00000000"  # never given out: a reference begins with 1 to 9


async def status_of(office: Office, redis: Redis, asked: StatusAsked) -> TicketView | None:
    """None alike for no such ticket, for a proof that does not fit, and for too many questions."""
    reference = normalise(asked.reference) or NO_TICKET
    allowed = await _counted(redis, asked.contact_id, reference)
    async with office.sessions.begin() as session:
        case = await read_case(session, TicketRecord.reference == reference)
        proven = case is not None and _proves(case, asked)
        if case is None or not proven or not allowed:
            return None
        told = Read(reader=reading.CUSTOMER, what=What.STATUS, tickets=[reference])
        await reading.record(office, session, told)
    return ticket_view(case.ticket, case.clocks, office.policy.people)


def _proves(case: Case, asked: StatusAsked) -> bool:
    ticket = case.ticket
    if asked.contact_id is not None and asked.contact_id == ticket.contact_id:
        return True
    given = asked.proof or ""
    known = [ticket.reachable, ticket.customer_id, case.contact.caller if case.contact else None]
    fits = [_same(given, value) for value in known if value]
    return any(fits)


def _same(given: str, known: str) -> bool:
    """Equal as written, or as telephone numbers."""
    if hmac.compare_digest(given.strip().lower().encode(), known.strip().lower().encode()):
        return True
    given_digits, known_digits = re.sub(r"\D", "", given), re.sub(r"\D", "", known)
    if "@" in known or min(len(given_digits), len(known_digits)) < NUMBER_TAIL:
        return False
    return hmac.compare_digest(given_digits[-NUMBER_TAIL:], known_digits[-NUMBER_TAIL:])


async def _counted(redis: Redis, contact_id: UUID | None, reference: str) -> bool:
    """Whether there have been few enough questions; guessing a reference or a number must not pay."""
    allowed = True
    for key in (f"escalation:status:contact:{contact_id or '-'}", f"escalation:status:ticket:{reference}"):
        tries = await redis.incr(key)
        await redis.expire(key, WINDOW_S)
        allowed = allowed and (tries <= TRIES or key.endswith(":-") or reference == NO_TICKET)
    return allowed
