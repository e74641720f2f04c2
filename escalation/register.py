"""What is read across tickets by their kind: maintenance windows, wishes and who asked, wrong assignments."""

from datetime import datetime

from sqlalchemy import DateTime, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from escalation import reading
from escalation.kind import Kind
from escalation.kind_wire import Returns, Span, Window, WindowsAsked, WishGroup
from escalation.office import Office
from escalation.reading import Read, What
from escalation.records import AuditRecord, TicketRecord
from escalation.relation_record import RelationRecord
from escalation.reversal import TRANSFERRED, UNDONE
from escalation.ticket import OPEN, Move, Status

MOST = 500  # entries of one answer
_OFF = [str(Status.REJECTED), str(Status.CANCELLED)]


async def windows(office: Office, asked: WindowsAsked) -> list[Window]:
    """Maintenance that affects the service and the area at that time; one that was called off affects nobody.

    The end of a window is outside it. Names are compared without regard to capitals.
    """
    at = asked.at or office.now()
    form = TicketRecord.form
    query = select(TicketRecord).where(
        TicketRecord.kind == Kind.PLANNED_MAINTENANCE,
        TicketRecord.deleted_at.is_(None),
        TicketRecord.status.not_in(_OFF),
        _instant("starts_at") <= at,
        _instant("ends_at") > at,
    )
    for name, wanted in (("services", asked.service), ("areas", asked.area)):
        if wanted is not None:
            named = func.lower(form[name].astext).cast(JSONB).has_key(wanted.strip().lower())
            query = query.where(or_(~form.has_key(name), named))
    async with office.sessions() as session:
        found = await session.scalars(query.order_by(_instant("starts_at")).limit(MOST))
        return [_window(ticket) for ticket in found]


async def wishes(office: Office, *, open_only: bool = False) -> list[WishGroup]:
    """Wishes that are not the same as another one, the most asked for first."""
    same = (
        select(RelationRecord.to_id, func.count().label("count"), func.max(TicketRecord.created_at).label("last_at"))
        .join(TicketRecord, TicketRecord.id == RelationRecord.ticket_id)
        .where(TicketRecord.kind == Kind.WISH, TicketRecord.deleted_at.is_(None))
        .group_by(RelationRecord.to_id)
        .subquery()
    )
    count = 1 + func.coalesce(same.c.count, 0)
    query = (
        select(TicketRecord, count, same.c.last_at)
        .outerjoin(same, same.c.to_id == TicketRecord.id)
        .where(
            TicketRecord.kind == Kind.WISH,
            TicketRecord.deleted_at.is_(None),
            TicketRecord.id.not_in(select(RelationRecord.ticket_id)),
        )
        .order_by(count.desc(), TicketRecord.created_at)
        .limit(MOST)
    )
    if open_only:
        query = query.where(TicketRecord.status.in_([str(status) for status in OPEN]))
    async with office.sessions.begin() as session:
        rows = (await session.execute(query)).all()
        references = [ticket.reference for ticket, _, _ in rows]
        await reading.record(office, session, Read(reader=reading.OURS, what=What.WISHES, tickets=references))
    return [
        WishGroup(
            reference=ticket.reference,
            problem=ticket.problem,
            status=ticket.status,
            count=asked,
            first_at=ticket.created_at,
            last_at=last_at or ticket.created_at,
        )
        for ticket, asked, last_at in rows
    ]


async def returns(office: Office, span: Span) -> list[Returns]:
    """By category, the most often returned first: of tickets opened in the span, how often each was the wrong one's."""
    is_return, is_transfer = AuditRecord.what == Move.RETURN, AuditRecord.what == TRANSFERRED
    is_undone = AuditRecord.what == UNDONE[TRANSFERRED]
    returned = (
        select(AuditRecord.ticket_id)
        .add_columns(
            func.count().filter(is_return).label("times"),
            (func.count().filter(is_transfer) - func.count().filter(is_undone)).label("sideways"),
        )
        .where(is_return | is_transfer | is_undone)
        .group_by(AuditRecord.ticket_id)
        .subquery()
    )
    times = func.coalesce(func.sum(returned.c.times), 0)
    sideways = func.coalesce(func.sum(returned.c.sideways), 0)
    query = (
        select(TicketRecord.category, times, sideways, func.count())
        .outerjoin(returned, returned.c.ticket_id == TicketRecord.id)
        .group_by(TicketRecord.category)
        .order_by(times.desc(), TicketRecord.category)
    )
    if span.since is not None:
        query = query.where(TicketRecord.created_at >= span.since)
    if span.until is not None:
        query = query.where(TicketRecord.created_at < span.until)
    async with office.sessions() as session:
        rows = (await session.execute(query)).all()
    return [
        Returns(category=category, returned=int(back), transferred=int(moved), tickets=tickets)
        for category, back, moved, tickets in rows
    ]


def _instant(name: str) -> ColumnElement[datetime]:
    return cast(TicketRecord.form[name].astext, DateTime(timezone=True))


def _window(ticket: TicketRecord) -> Window:
    return Window.model_validate(
        {**ticket.form, "reference": ticket.reference, "problem": ticket.problem, "status": ticket.status}
    )
