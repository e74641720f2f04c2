"""Maintenance windows as they lie in PostgreSQL, and which tickets they affect."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, cast, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.filed import Filing
from escalation.kind import Kind
from escalation.maintenance.planned import FAULTS, Planned
from escalation.maintenance.records import AffectedRecord, MaintenanceRecord
from escalation.policy import Policy
from escalation.records import TicketRecord
from escalation.relation_record import RelationRecord
from escalation.ticket import FINAL, OPEN, Status
from escalation.wire import Signals

# Whose customers are told of work to come.
_TOLD = FAULTS | {Kind.COMPLAINT, Kind.REQUEST, Kind.ORDER_PROBLEM}
IS_WINDOW = and_(TicketRecord.kind == Kind.PLANNED_MAINTENANCE, TicketRecord.erased_at.is_(None))


def instant(name: str) -> ColumnElement[datetime]:
    """Of the form of a window."""
    return cast(TicketRecord.form[name].astext, DateTime(timezone=True))


IS_RUNNING = and_(  # at the instant `now`
    IS_WINDOW,
    TicketRecord.deleted_at.is_(None),
    TicketRecord.status.not_in([str(status) for status in FINAL]),
    instant("starts_at") <= bindparam("now"),
    instant("ends_at") > bindparam("now"),
)
_RUNNING = (
    select(TicketRecord, MaintenanceRecord)
    .outerjoin(MaintenanceRecord, MaintenanceRecord.ticket_id == TicketRecord.id)
    .where(IS_RUNNING)
    .order_by(instant("starts_at"), TicketRecord.id)
)


async def find(session: AsyncSession, window_id: UUID) -> Planned | None:
    """Also one that was deleted: it is off then."""
    found = await session.execute(
        select(TicketRecord, MaintenanceRecord)
        .outerjoin(MaintenanceRecord, MaintenanceRecord.ticket_id == TicketRecord.id)
        .where(TicketRecord.id == window_id, IS_WINDOW)
        .execution_options(populate_existing=True)
    )
    row = found.first()
    return Planned.of(*row) if row is not None else None


async def causes(
    session: AsyncSession, policy: Policy, signals: Signals, filing: Filing, now: datetime
) -> list[Planned]:
    """The windows that a fault reported now falls into, the one that began first before the others."""
    if filing.kind not in FAULTS:
        return []
    services, system = policy.services(signals.category), filing.form.get("system")
    found = await session.execute(_RUNNING, {"now": now})
    running = [Planned.of(*row) for row in found.all()]
    return [
        one
        for one in running
        if one.runs_at(now) and one.affects(services=services, area=filing.form.get("area"), system=system)
    ]


async def affected(session: AsyncSession, policy: Policy, planned: Planned, now: datetime, *, limit: int) -> list[UUID]:
    """Open tickets that depend on the window and do not know it yet; once it runs, faults reported since it began."""
    row = exists().where(AffectedRecord.window_id == planned.window_id, AffectedRecord.ticket_id == TicketRecord.id)
    linked = exists().where(RelationRecord.ticket_id == TicketRecord.id, RelationRecord.to_id == planned.window_id)
    query = select(TicketRecord.id).where(
        TicketRecord.status.in_([str(status) for status in OPEN]),
        TicketRecord.deleted_at.is_(None),
        ~row,
        TicketRecord.kind.in_([str(kind) for kind in (_TOLD if now < planned.begins else FAULTS)]),
    )
    if now < planned.begins:
        query = query.where(or_(_is_affected(policy, planned), linked))
    else:
        query = query.where(_is_affected(policy, planned), TicketRecord.created_at >= planned.begins)
    return list(await session.scalars(query.order_by(TicketRecord.created_at).limit(limit)))


def _is_affected(policy: Policy, planned: Planned) -> ColumnElement[bool]:
    """`Planned.affects` as a condition on the table."""
    topics = [
        topic
        for topic in policy.routing.categories
        if (services := policy.services(topic))
        and (not planned.services or not planned.services.isdisjoint(name.strip().lower() for name in services))
    ]
    of_service = and_(TicketRecord.system.is_(None), TicketRecord.category.in_(topics))
    if planned.areas:
        of_service &= func.lower(func.trim(TicketRecord.form["area"].astext)).in_(sorted(planned.areas))
    return or_(of_service, TicketRecord.system == planned.system if planned.system else false())


def outdated(since: datetime) -> ColumnElement[bool]:
    """Of a ticket that depends on a window: what it knows of it is not so any more. Windows that ended long before
    `since` change no more.
    """
    planned_end = instant("ends_at")
    ends = func.greatest(
        instant("starts_at"), func.least(planned_end, func.coalesce(TicketRecord.resolved_at, planned_end))
    )
    is_off = or_(
        TicketRecord.status.in_([str(status) for status in FINAL - {Status.CLOSED}]),
        TicketRecord.deleted_at.is_not(None),
    )
    return and_(
        IS_WINDOW,
        AffectedRecord.withdrawn_at.is_(None),
        or_(MaintenanceRecord.ended_at.is_(None), MaintenanceRecord.ended_at > since),
        or_(is_off, AffectedRecord.begins != instant("starts_at"), AffectedRecord.ends != ends),
    )
