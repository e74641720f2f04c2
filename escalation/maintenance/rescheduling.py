"""A maintenance window is moved by somebody who works on it; the watch carries it to all that depends on it."""

from escalation import kinship
from escalation.errors import Incomplete, NotLegal
from escalation.form_check import form_for
from escalation.kind import Kind
from escalation.kind_wire import RescheduleAsked
from escalation.maintenance.records import MaintenanceRecord
from escalation.office import Office
from escalation.ticket import OPEN

RESCHEDULED = "rescheduled"  # in the audit, and to the console


async def reschedule(office: Office, username: str, reference: str, asked: RescheduleAsked) -> None:
    """Other times. Raises NotFound, NotAllowed, Outdated, NotLegal or Incomplete; nothing has changed then."""
    reason = asked.reason.strip()
    if not reason:
        raise Incomplete("to move a window needs a reason")
    async with office.change() as session:
        _, case = await kinship.worker(office, session, username, reference, asked.version)
        ticket, now = case.ticket, office.now()
        if ticket.kind != Kind.PLANNED_MAINTENANCE:
            raise NotLegal("only planned maintenance has a window")
        if case.status not in OPEN:
            raise NotLegal(f"the maintenance is {case.status}: its window stays as it was")
        if asked.ends_at <= now:
            raise NotLegal("this window would be over already")
        times = {"starts_at": asked.starts_at.isoformat(), "ends_at": asked.ends_at.isoformat()}
        before = f"{ticket.form['starts_at']} to {ticket.form['ends_at']}"
        ticket.form = form_for(office.policy, Kind.PLANNED_MAINTENANCE, {**ticket.form, **times})
        record = await session.get(MaintenanceRecord, ticket.id)
        if record is not None:
            record.ended_at = None
            if now < asked.starts_at:
                record.begun_at = None
                record.announced_until = asked.ends_at if record.announced_at is not None else None
        kinship.changed(office, case, username, RESCHEDULED, f"was {before}: {reason}")
