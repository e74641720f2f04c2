"""What missed targets cost in a month, brought up to date first."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from escalation import clockwork
from escalation.agreements.records import CoverRecord, PenaltyRecord
from escalation.agreements.wire import PenaltyReport, PenaltyRow, PenaltyTotal
from escalation.errors import Incomplete
from escalation.office import Office
from escalation.records import ClockRecord, TicketRecord
from escalation.store import lock_case


async def bring_up_to_date(office: Office) -> int:
    """What is owed for targets that are missed and not met yet grows with the time; how many tickets.

    One that somebody is changing is left: the change reckons it.
    """
    async with office.sessions() as session:
        found = await session.scalars(
            select(ClockRecord.ticket_id)
            .join(CoverRecord, CoverRecord.ticket_id == ClockRecord.ticket_id)
            .where(ClockRecord.late, ClockRecord.done_at.is_(None), CoverRecord.until.is_(None))
            .distinct()
        )
        tickets = list(found)
    for ticket_id in tickets:
        async with office.sessions.begin() as session:
            case = await lock_case(session, TicketRecord.id == ticket_id, skip_locked=True)
            if case is not None:
                clockwork.owe(case, office.now())
    return len(tickets)


async def of_month(office: Office, month: str) -> PenaltyReport:
    """`month` like 2026-11, in the zone of messages.yml. Raises Incomplete for what is no month."""
    await bring_up_to_date(office)
    begins, ends = span(month, office.policy.messages.zone)
    async with office.sessions() as session:
        found = await session.execute(
            select(PenaltyRecord, TicketRecord.reference)
            .join(TicketRecord, TicketRecord.id == PenaltyRecord.ticket_id)
            .where(PenaltyRecord.missed_at >= begins, PenaltyRecord.missed_at < ends)
            .where(TicketRecord.deleted_at.is_(None))
            .order_by(PenaltyRecord.missed_at, TicketRecord.reference)
        )
        rows = tuple(row(penalty, reference) for penalty, reference in found.all())
    return PenaltyReport(month=month, zone=office.policy.messages.zone, totals=tuple(totals(rows)), rows=rows)


def span(month: str, zone: str) -> tuple[datetime, datetime]:
    """From its first moment to that of the next month."""
    try:
        begins = datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Incomplete(f"month is written like 2026-11, not {month[:20]}") from None
    return begins, begins + relativedelta(months=1)


def totals(rows: Iterable[PenaltyRow]) -> list[PenaltyTotal]:
    """By who owes whom in which currency; amounts of two currencies are never added."""
    found: dict[tuple[str, str, str], list[PenaltyRow]] = {}
    for one in rows:
        found.setdefault((one.owed_by, one.owed_to, one.currency), []).append(one)
    return [
        PenaltyTotal(
            owed_by=by,
            owed_to=to,
            currency=currency,
            amount=sum((one.amount for one in of if one.amount is not None), Decimal(0)),
            count=len(of),
            unknown=sum(one.amount is None for one in of),
        )
        for (by, to, currency), of in sorted(found.items())
    ]


def row(penalty: PenaltyRecord, reference: str) -> PenaltyRow:
    names = set(PenaltyRow.model_fields) - {"reference"}
    return PenaltyRow(reference=reference, **{name: getattr(penalty, name) for name in names})
