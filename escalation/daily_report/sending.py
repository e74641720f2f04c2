"""Writes a day's report, and sends it once when its hour has come."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.daily_report.report_record import ReportRecord
from escalation.daily_report.words import Missed, Report, Waiting
from escalation.events import SMS
from escalation.indicators import board
from escalation.indicators.figures import BoardAsked
from escalation.office import Office
from escalation.records import ClockRecord, OutboxRecord, StepRecord, TicketRecord

BOARD = "/console/board"


async def of_day(office: Office, day: date) -> Report:
    """Of a day in the zone of messages.yml, from midnight to midnight."""
    begins, ends = _span(office, day)
    found = await board.measured(office, BoardAsked(window="day"), ends)
    async with office.sessions() as session:
        missed = await _missed(office, session, begins, ends)
        waiting = await _waiting(session)
    return Report(office.operator_name, day, found.figures, missed, waiting, f"{office.public_url}{BOARD}")


async def send_due(office: Office) -> bool:
    """Yesterday's to everybody in board.yml, from its time of day on; whether it was sent now.

    The day's row and the messages commit together, so that two watches send it once.
    """
    report = office.policy.board.report
    zone = ZoneInfo(office.policy.messages.zone)
    local = office.now().astimezone(zone)
    if not report.to or local.time() < report.at:
        return False
    day = local.date() - timedelta(days=1)
    async with office.sessions() as session:
        if await session.get(ReportRecord, day) is not None:
            return False
    text = str(await of_day(office, day))
    async with office.sessions.begin() as session:
        first = insert(ReportRecord).values(day=day, sent_at=office.now()).on_conflict_do_nothing()
        if (await session.execute(first.returning(ReportRecord.day))).first() is None:
            return False
        for name in report.to:
            _post(office, session, office.policy.people[name].email, text)
    return True


def _post(office: Office, session: AsyncSession, to: str | None, text: str) -> None:
    payload, now = {"to": to, "text": text, "kind": "report"}, office.now()
    session.add(OutboxRecord(topic=SMS, payload=payload, created_at=now, try_at=now, tries=0))


def _span(office: Office, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(office.policy.messages.zone)
    begins = datetime.combine(day, time(), zone)
    return begins, datetime.combine(day + timedelta(days=1), time(), zone)


async def _missed(office: Office, session: AsyncSession, begins: datetime, ends: datetime) -> list[Missed]:
    """The most urgent first."""
    zone = ZoneInfo(office.policy.messages.zone)
    found = await session.execute(
        select(TicketRecord.reference, TicketRecord.priority, TicketRecord.tier, StepRecord.clock, StepRecord.due_at)
        .join(TicketRecord, TicketRecord.id == StepRecord.ticket_id)
        .where(StepRecord.share_pct == 100, StepRecord.fired_at.is_not(None))
        .where(StepRecord.due_at >= begins, StepRecord.due_at < ends, TicketRecord.deleted_at.is_(None))
        .order_by(TicketRecord.priority, StepRecord.due_at, TicketRecord.reference)
    )
    return [
        Missed(reference, priority, tier, clock, due_at.astimezone(zone))
        for reference, priority, tier, clock, due_at in found
        if due_at is not None
    ]


async def _waiting(session: AsyncSession) -> list[Waiting]:
    is_late = (
        select(ClockRecord.ticket_id)
        .where(ClockRecord.ticket_id == TicketRecord.id, ClockRecord.late, ClockRecord.done_at.is_(None))
        .exists()
    )
    found = await session.execute(
        select(TicketRecord.tier, func.count(), func.count().filter(is_late))
        .where(TicketRecord.closed_at.is_(None), TicketRecord.deleted_at.is_(None))
        .group_by(TicketRecord.tier)
        .order_by(TicketRecord.tier)
    )
    return [Waiting(*row) for row in found]
