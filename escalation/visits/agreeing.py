"""A visit that the customer agreed to, moved or cancelled: linked to its ticket, and put into a technician's day."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork
from escalation.events import tell_staff
from escalation.office import Office
from escalation.opening import open_ticket
from escalation.reception import ensure_contact
from escalation.records import TicketRecord
from escalation.sight import role_of
from escalation.signals import Signals
from escalation.store import Case, lock_case
from escalation.ticket import OPEN
from escalation.visits.visit_record import VisitRecord
from escalation.visits.visit_wire import VisitAgreed, VisitCancelled, VisitTaken

WHO = "assistant"
CATEGORY = "technician"  # of a visit that no ticket asked for
ASKS_FOR_VISITS = (CATEGORY, "order-activation")
DEPARTMENT = "fixed-access"


async def agree(office: Office, said: VisitAgreed) -> VisitTaken:
    """However often it is told. The ticket that asked for the visit hears of it; without one a ticket is opened."""
    async with office.change() as session:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(said.visit_id))))
        visit = await session.scalar(select(VisitRecord).where(VisitRecord.operator_id == said.visit_id))
        case: Case | None
        if visit is None:
            case = await _new(office, session, said)
        else:
            case = await lock_case(session, TicketRecord.id == visit.ticket_id)
            if case is not None and visit.state in {"agreed", "cancelled"} and _is_other(visit, said):
                visit.begins_at, visit.ends_at, visit.state = said.begins_at, said.ends_at, "agreed"
                visit.technician = await _technician(office, session, said.begins_at, except_id=said.visit_id)
                _tell(office, case, "visit_moved", span(office, said.begins_at, said.ends_at))
        if case is None:  # deleted since
            return VisitTaken(reference="")
        return VisitTaken(reference=case.ticket.reference)


async def cancel(office: Office, said: VisitCancelled) -> None:
    """Nothing happens to one that is not known, or has been made."""
    async with office.change() as session:
        visit = await session.scalar(
            select(VisitRecord).where(VisitRecord.operator_id == said.visit_id).with_for_update()
        )
        if visit is None or visit.state != "agreed":
            return
        visit.state = "cancelled"
        if case := await lock_case(session, TicketRecord.id == visit.ticket_id):
            _tell(office, case, "visit_cancelled", span(office, visit.begins_at, visit.ends_at))


def span(office: Office, begins_at: datetime, ends_at: datetime) -> str:
    zone = ZoneInfo(office.policy.messages.zone)
    return f"{begins_at.astimezone(zone):%a %d/%m %H:%M} to {ends_at.astimezone(zone):%H:%M}"


async def _new(office: Office, session: AsyncSession, said: VisitAgreed) -> Case:
    technician = await _technician(office, session, said.begins_at)
    asked_for = await _asked_for(session, said)
    case = await lock_case(session, TicketRecord.id == asked_for) if asked_for is not None else None
    if case is None:
        case = await _open(office, session, said, technician)
    case.ticket.reachable = case.ticket.reachable or said.phone
    known = said.model_dump(include={"begins_at", "ends_at", "name", "address", "phone", "order_id", "plan_mbps"})
    session.add(
        VisitRecord(
            id=uuid4(),
            operator_id=said.visit_id,
            ticket_id=case.ticket.id,
            technician=technician,
            state="agreed",
            work=[],
            remark="",
            speed_reason="",
            confirmed_by="",
            **known,
        )
    )
    _tell(office, case, "visit_agreed", span(office, said.begins_at, said.ends_at))
    return case


async def _open(office: Office, session: AsyncSession, said: VisitAgreed, technician: str | None) -> Case:
    """Answered already: the customer has an appointment."""
    contact = await ensure_contact(session, said.contact_id, said.channel, office.now())
    signals = Signals(
        category=CATEGORY,
        reason="article",
        problem=f"A technician's visit was asked for: {span(office, said.begins_at, said.ends_at)}",
        customer_id=said.customer_id,
        segment=said.segment,
    )
    case = await open_ticket(office, session, contact, signals, who=WHO)
    clockwork.done(case, office.now(), "respond")
    case.ticket.asked = technician or case.ticket.asked
    return case


async def _asked_for(session: AsyncSession, said: VisitAgreed) -> object | None:
    """The open ticket that was named, or of this conversation, or the customer's newest that may need a visit."""
    fits = or_(TicketRecord.category.in_(ASKS_FOR_VISITS), TicketRecord.department == DEPARTMENT)
    found = await session.scalars(
        select(TicketRecord)
        .where(TicketRecord.status.in_([str(one) for one in OPEN]), TicketRecord.deleted_at.is_(None))
        .where(or_(TicketRecord.contact_id == said.contact_id, TicketRecord.customer_id == said.customer_id))
        .where(or_(TicketRecord.reference == (said.reference or ""), fits))
        .order_by(TicketRecord.created_at.desc())
        .limit(50)
    )
    tickets = list(found)
    named = [ticket.id for ticket in tickets if ticket.reference == said.reference]
    here = [ticket.id for ticket in tickets if ticket.contact_id == said.contact_id]
    return next(iter([*named, *here, *(ticket.id for ticket in tickets)]), None)


async def _technician(office: Office, session: AsyncSession, begins_at: datetime, *, except_id: str = "") -> str | None:
    """Who has the fewest visits on that day."""
    makes_visits = sorted(name for name, person in office.policy.people.items() if role_of(person).visits)
    first = day_of(office, begins_at)
    busy = await session.scalars(
        select(VisitRecord.technician).where(
            VisitRecord.begins_at >= first,
            VisitRecord.begins_at < next_day(first),
            VisitRecord.state != "cancelled",
            VisitRecord.operator_id != except_id,
        )
    )
    visits = Counter(busy)
    return min(makes_visits, key=lambda name: (visits[name], name), default=None)


def day_of(office: Office, at: datetime) -> datetime:
    """The midnight before, by the operator's clock."""
    zone = ZoneInfo(office.policy.messages.zone)
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def next_day(midnight: datetime) -> datetime:
    """The midnight after: a day on which the clocks change is an hour shorter or longer."""
    return midnight + timedelta(days=1)  # of wall time, in the zone that the midnight carries


def _is_other(visit: VisitRecord, said: VisitAgreed) -> bool:
    return (visit.begins_at, visit.ends_at, visit.state) != (said.begins_at, said.ends_at, "agreed")


def _tell(office: Office, case: Case, what: str, why: str) -> None:
    case.ticket.version += 1
    case.ticket.updated_at = office.now()
    case.audit(office.now(), WHO, what, why)
    tell_staff(office, case, what)
