"""A person takes back what they have just done: a change from now on, audited like every other; nothing is erased."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, kinship
from escalation.asks import UndoAsked
from escalation.desk import enter, locked
from escalation.errors import EscalationError, NotAllowed
from escalation.events import tell_staff
from escalation.offering import settle
from escalation.office import Office
from escalation.permission import may_undo
from escalation.policy_files import PersonEntry
from escalation.priority import Priority
from escalation.records import AuditRecord, Json, TicketRecord
from escalation.relation_record import RelationRecord
from escalation.reversal import LINKED, PRIORITISED, TRANSFERRED, UNDONE, Change, check
from escalation.store import Case
from escalation.ticket import Move, Status
from escalation.wire import UndoOffer


@dataclass(frozen=True, slots=True)
class _Back:
    """The way back to what `was` before."""

    office: Office
    case: Case
    who: str
    person: PersonEntry
    was: Json
    link: RelationRecord | None  # the ticket's own


async def undo(office: Office, username: str, reference: str, asked: UndoAsked) -> None:
    """Raises NotFound, NotAllowed, Outdated (somebody changed it since) or NotLegal; nothing has changed then."""
    async with office.change() as session:
        link = await kinship.lock_with_other(session, reference)
        person, case = await locked(office, session, username, reference, asked.version)
        entry = await _newest(session, case.ticket)
        done = check(_change_of(entry), username, office.now(), office.policy.sla.undo_within)
        if not may_undo(office.policy, username, case.ticket, done.what):
            raise NotAllowed(f"{person.name} may not undo this now")
        assert entry is not None
        was: Json = entry.was or {}
        words, status = await _WAYS[done.what](_Back(office, case, username, person, was, link))
        case.ticket.version += 1
        case.ticket.updated_at = office.now()
        case.audit(office.now(), username, UNDONE[done.what], words, status=status)
        tell_staff(office, case, UNDONE[done.what])
        await settle(office, case, username)


def offer_of(office: Office, username: str, ticket: TicketRecord, trail: Sequence[AuditRecord]) -> UndoOffer | None:
    """What this person may undo now, by the ticket's whole trail."""
    change, within = _change_of(_newest_in(trail, ticket)), office.policy.sla.undo_within
    try:
        done = check(change, username, office.now(), within)
    except EscalationError:
        return None
    if not may_undo(office.policy, username, ticket, done.what):
        return None
    left_s = (done.until(within) - office.now()).total_seconds()
    return UndoOffer(what=done.what, left_s=left_s)


async def _newest(session: AsyncSession, ticket: TicketRecord) -> AuditRecord | None:
    trail = await session.scalars(
        select(AuditRecord).where(AuditRecord.ticket_id == ticket.id, AuditRecord.was.is_not(None))
    )
    return _newest_in(list(trail), ticket)


def _newest_in(trail: Sequence[AuditRecord], ticket: TicketRecord) -> AuditRecord | None:
    """The entry that made the ticket's present version, if it keeps what was before."""
    return next((entry for entry in trail if entry.was is not None and entry.was["version"] == ticket.version), None)


def _change_of(entry: AuditRecord | None) -> Change | None:
    return Change(entry.what, entry.who, entry.at) if entry is not None else None


async def _state(back: _Back) -> tuple[str, Status | None]:
    """A hold or a resume: the state before, with what the clocks do there."""
    before, status = back.case.status, Status(back.was["status"])
    enter(back.office, back.case, status, "")
    return f"was {before}, {status} again", status


async def _priority(back: _Back) -> tuple[str, Status | None]:
    ticket, before = back.case.ticket, Priority(back.was["priority"])
    chosen = ticket.priority
    clockwork.retarget(back.case, before, back.office.now())
    ticket.because = [*ticket.because, f"{back.person.name} took {chosen} back: {before} again."]
    return f"was {chosen}, {before} again", None


async def _department(back: _Back) -> tuple[str, Status | None]:
    """Whoever had it has it again; offers to the other department are over with the round they were made in."""
    ticket, was, moved_to = back.case.ticket, back.was, back.case.ticket.department
    ticket.department, ticket.asked, ticket.assignee = was["department"], was["asked"], was["assignee"]
    ticket.offer_round += 1
    words, status = f"was {moved_to}, {ticket.department} again", Status(was["status"])
    if status is back.case.status:
        return words, None
    enter(back.office, back.case, status, "")
    return words, status


async def _link(back: _Back) -> tuple[str, Status | None]:
    """Audited on both tickets as an unlinking is, so that likeness does not link two wishes again."""
    words = f"was {back.was['link']}"
    if back.link is not None:
        await kinship.part(back.office, back.case, back.link, who=back.who, reason="undone")
    return words, None


_WAYS: Mapping[str, Callable[[_Back], Awaitable[tuple[str, Status | None]]]] = {
    Move.HOLD: _state,
    Move.RESUME: _state,
    PRIORITISED: _priority,
    TRANSFERRED: _department,
    LINKED: _link,
}
