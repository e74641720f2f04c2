"""A technician's day: the visits, the arrival at one, and its end. Everything is kept in the ticket too."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import clockwork, desk, reading
from escalation.errors import NotAllowed, NotFound, NotLegal
from escalation.office import Office
from escalation.policy_files import PersonEntry
from escalation.reading import Read, What
from escalation.records import NoteRecord, TicketRecord
from escalation.sight import one_of_us, role_of
from escalation.signals import Signals
from escalation.store import Case, lock_case
from escalation.ticket import OPEN, Move, Status
from escalation.visits import report as reports
from escalation.visits.agreeing import day_of, next_day
from escalation.visits.failed import back_to_queue
from escalation.visits.visit_record import VisitRecord
from escalation.visits.visit_wire import Arrival, VisitReport, VisitRow, VisitView

TO_COME = ("agreed", "arrived")
FAST_CLOCK = timedelta(minutes=5)  # a telephone's clock may be this far ahead of ours


async def today(office: Office, username: str) -> list[VisitRow]:
    """Today's of this technician, and earlier ones that were not reported yet, in the order of the day.

    Raises NotAllowed for who makes no visits.
    """
    _makes_visits(office, username)
    first = day_of(office, office.now())
    async with office.sessions.begin() as session:
        found = await session.execute(
            select(VisitRecord, TicketRecord)
            .join(TicketRecord, TicketRecord.id == VisitRecord.ticket_id)
            .where(VisitRecord.technician == username, VisitRecord.begins_at < next_day(first))
            .where(or_(VisitRecord.state.in_(TO_COME), VisitRecord.begins_at >= first))
            .where(VisitRecord.state != "cancelled", TicketRecord.deleted_at.is_(None))
            .order_by(VisitRecord.begins_at, VisitRecord.operator_id)
        )
        rows = [_row(visit, ticket) for visit, ticket in found.all()]
        if rows:
            references = [row.reference for row in rows]
            await reading.record(office, session, Read(reader=username, what=What.QUEUE, tickets=references))
    return rows


async def one(office: Office, username: str, visit_id: UUID) -> VisitView:
    """Raises NotAllowed for who makes no visits, NotFound for a visit that is not theirs."""
    _makes_visits(office, username)
    async with office.sessions.begin() as session:
        visit, case = await _own(session, username, visit_id)
        read = Read(reader=username, what=What.TICKET, tickets=[case.ticket.reference])
        await reading.record(office, session, read)
        return _view(visit, case.ticket)


async def arrive(office: Office, username: str, visit_id: UUID, arrival: Arrival) -> None:
    """Told again it stays as it was. Raises NotLegal for a time that cannot be, or a visit that is over."""
    person = _makes_visits(office, username)
    async with office.change() as session:
        visit, case = await _own(session, username, visit_id)
        if visit.arrived_at is not None:
            return
        at = arrival.at or office.now()
        if visit.state != "agreed":
            raise NotLegal(f"the visit is {visit.state.replace('_', ' ')}")
        if not day_of(office, visit.begins_at) <= at <= office.now() + FAST_CLOCK:
            raise NotLegal("an arrival is on the day of the visit or later, and not in the future")
        visit.state, visit.arrived_at = "arrived", min(at, office.now())
        _take_over(office, case, username, person)
        case.audit(office.now(), username, "visit_arrived", f"at {visit.arrived_at.isoformat(timespec='minutes')}")


async def finish(office: Office, username: str, visit_id: UUID, report: VisitReport) -> None:
    """The same report told again is the same. Raises Incomplete with the field that is missing, or NotLegal."""
    person = _makes_visits(office, username)
    async with office.change() as session:
        visit, case = await _own(session, username, visit_id)
        if visit.finished_at is not None and _is_same(visit, report):
            return
        if visit.state != "arrived":
            raise NotLegal("first say that you have arrived" if visit.state == "agreed" else "the visit is over")
        reports.check(report, visit.plan_mbps)
        visit.state, visit.finished_at = report.outcome, office.now()
        for name, value in report.model_dump(exclude={"outcome"}, mode="json").items():
            setattr(visit, name, value)
        told = reports.written(report, visit.plan_mbps)
        case.session.add(
            NoteRecord(ticket_id=case.ticket.id, author=username, at=office.now(), text=f"Visit: {told}", public=False)
        )
        case.audit(office.now(), username, "visit_finished", told)
        if case.status in OPEN and report.outcome == "fixed":
            _resolve(office, case, desk.Actor(username, person))
        elif case.status in OPEN:
            back_to_queue(office, case, username, f"the visit ended: {report.outcome.replace('_', ' ')}")


def _take_over(office: Office, case: Case, username: str, person: PersonEntry) -> None:
    """The technician works on it now. Their open conversation stays the assistant's."""
    if case.status not in OPEN:
        return
    if case.status is Status.ACKNOWLEDGED:
        desk.make(office, case, desk.Deed(Move.ACCEPT, desk.Actor(username)))
    elif case.status in {Status.PENDING, Status.HELD}:
        why = f"{person.name} has arrived"
        desk.make(office, case, desk.Deed(Move.RESUME, desk.Actor(username, person), why=why))
    case.ticket.asked = case.ticket.assignee = username
    clockwork.stop_asking(case)


def _resolve(office: Office, case: Case, actor: desk.Actor) -> None:
    """The customer is asked by message whether it holds."""
    if case.status is Status.ACKNOWLEDGED:
        desk.make(office, case, desk.Deed(Move.ACCEPT, desk.Actor(actor.username)))
    elif case.status is not Status.IN_PROGRESS:
        desk.make(office, case, desk.Deed(Move.RESUME, actor, why="the visit was made"))
    desk.make(office, case, desk.Deed(Move.RESOLVE, actor, why="fixed in a visit"))


def _makes_visits(office: Office, username: str) -> PersonEntry:
    person = one_of_us(office.policy.people, username)
    if not role_of(person).visits:
        raise NotAllowed("Visits are open to technicians in the field")
    return person


async def _own(session: AsyncSession, username: str, visit_id: UUID) -> tuple[VisitRecord, Case]:
    """Locked, the ticket first."""
    mine = and_(VisitRecord.id == visit_id, VisitRecord.technician == username, VisitRecord.state != "cancelled")
    ticket_id = await session.scalar(select(VisitRecord.ticket_id).where(mine))
    case = await lock_case(session, TicketRecord.id == ticket_id) if ticket_id is not None else None
    visit = await session.scalar(select(VisitRecord).where(mine).with_for_update()) if case is not None else None
    if case is None or visit is None:
        raise NotFound("no such visit")
    return visit, case


def _is_same(visit: VisitRecord, report: VisitReport) -> bool:
    told = report.model_dump(exclude={"outcome"}, mode="json")
    return visit.state == report.outcome and all(getattr(visit, name) == value for name, value in told.items())


def _row(visit: VisitRecord, ticket: TicketRecord) -> VisitRow:
    told = {name: getattr(visit, name) for name in ("id", "state", "begins_at", "ends_at", "name", "address")}
    return VisitRow.model_validate({**told, "reference": ticket.reference, "category": ticket.category})


def _view(visit: VisitRecord, ticket: TicketRecord) -> VisitView:
    signals = Signals.model_validate(ticket.signals)
    besides = VisitView.model_fields.keys() - VisitRow.model_fields.keys() - {"problem", "checks", "steps"}
    return VisitView.model_validate(
        {
            **_row(visit, ticket).model_dump(),
            **{name: getattr(visit, name) for name in besides},
            "problem": ticket.problem,
            "checks": signals.checks,
            "steps": signals.steps,
        }
    )
