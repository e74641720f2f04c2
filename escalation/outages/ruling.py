"""What a person decides about a suspected outage: confirm it, dismiss it, say when it should be over."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import desk
from escalation.desk import Actor, Deed, locked
from escalation.errors import Incomplete, NotAllowed, NotLegal
from escalation.events import tell_staff
from escalation.office import Office
from escalation.outages.outage_records import FaultReportRecord, OutageRecord
from escalation.outages.outage_wire import ConfirmAsked, DismissAsked, OutageView
from escalation.permission import moves_for
from escalation.policy_files import PersonEntry
from escalation.store import Case
from escalation.ticket import OPEN, Move, legal_moves


async def confirm(office: Office, username: str, reference: str, asked: ConfirmAsked) -> None:
    """A major incident from now on: its customers are told, by the watch (escalation/outages/children.py).

    Of one that is confirmed already, the expected end and the cause change; what is not said stays.

    Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete; nothing has changed then.
    """
    if asked.expected_end is not None and asked.expected_end <= office.now():
        raise Incomplete("expected_end: the expected end must be in the future")
    async with office.change() as session:
        _, case, outage = await _ruled(office, session, username, reference, asked.version)
        what = "confirmed" if outage.state == "suspected" else "expected_end"
        outage.state = "confirmed"
        outage.expected_end = asked.expected_end or outage.expected_end
        outage.cause = asked.cause.strip() or outage.cause
        until = f"expected to end at {asked.expected_end.isoformat()}" if asked.expected_end else ""
        case.ticket.version += 1
        case.ticket.updated_at = office.now()
        case.audit(office.now(), username, what, until)
        tell_staff(office, case, what)


async def dismiss(office: Office, username: str, reference: str, asked: DismissAsked) -> None:
    """No outage: the ticket ends, and its reports count no more. Raises as `confirm` does."""
    reason = asked.reason.strip()
    if not reason:
        raise Incomplete("reason: to dismiss needs a reason")
    async with office.change() as session:
        person, case, outage = await _ruled(office, session, username, reference, asked.version)
        if outage.state != "suspected":
            raise NotLegal("a confirmed outage is not dismissed: it is resolved")
        outage.state, outage.ended_at = "dismissed", office.now()
        move = Move.REJECT if Move.REJECT in legal_moves(case.status) else Move.RESOLVE
        if move not in legal_moves(case.status):
            desk.make(office, case, Deed(Move.RESUME, Actor(username, person), why=reason))
        desk.make(office, case, Deed(move, Actor(username, person), why=reason))


async def outage_view(session: AsyncSession, case: Case) -> OutageView | None:
    """Of the outage's own ticket; None for every other."""
    outage = await session.scalar(select(OutageRecord).where(OutageRecord.ticket_id == case.ticket.id))
    if outage is None:
        return None
    reports = await session.scalar(
        select(func.count()).select_from(FaultReportRecord).where(FaultReportRecord.outage_id == outage.id)
    )
    names = OutageView.model_fields.keys() - {"reports", "state"}
    state = outage.state if outage.state == "dismissed" or case.status in OPEN else "over"
    return OutageView.model_validate(
        {**{name: getattr(outage, name) for name in names}, "reports": reports, "state": state}
    )


async def _ruled(
    office: Office, session: AsyncSession, username: str, reference: str, version: int
) -> tuple[PersonEntry, Case, OutageRecord]:
    """The outage of the ticket, locked, for somebody who works on it."""
    person, case = await locked(office, session, username, reference, version)
    if Move.NOTE not in moves_for(office.policy, username, case.ticket):
        raise NotAllowed(f"{person.name} does not work on this ticket")
    outage = await session.scalar(
        select(OutageRecord).where(OutageRecord.ticket_id == case.ticket.id).with_for_update()
    )
    if outage is None or outage.state not in {"suspected", "confirmed"} or case.status not in OPEN:
        raise NotLegal(f"{reference} is no outage that goes on")
    return person, case, outage
