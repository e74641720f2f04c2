"""Reads what happens this minute, for the live wall."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.agent_state import AgentStateRecord
from escalation.indicators.wall import AgentRow, RiskRow, WaitingRow, Wall
from escalation.office import Office
from escalation.permission import check_sees_board
from escalation.records import ContactRecord, TicketRecord, TurnRecord
from escalation.roster_book import rostered
from escalation.views import name_of

AT_RISK = timedelta(hours=1)  # a clock with less time than this is about to break
LISTED = 12
QUIET = timedelta(minutes=30)  # a conversation in which nobody said anything for so long is not going on
LONGEST = timedelta(days=1)

_OPEN = (TicketRecord.closed_at.is_(None), TicketRecord.deleted_at.is_(None))
_LIVE = (*_OPEN, TicketRecord.live.is_(True))
_WAITS = (*_LIVE, TicketRecord.assignee.is_(None), TicketRecord.live_since.is_not(None))


async def read(office: Office, username: str) -> Wall:
    """Raises NotAllowed for who is no supervisor."""
    check_sees_board(office.policy, username)
    now = office.now()
    async with office.sessions() as session:
        office = await rostered(office, session)
        channels = await _in_progress(session, now)
        return Wall(
            at=now,
            chats=channels.get("chat", 0),
            calls=channels.get("voice", 0),
            with_person=await _count(session, *_LIVE, TicketRecord.assignee.is_not(None)),
            waiting=tuple(await _waiting(session)),
            waiting_count=await _count(session, *_WAITS),
            at_risk=tuple(await _at_risk(session, office, now)),
            at_risk_count=await _count(session, *_OPEN, TicketRecord.next_due_at < now + AT_RISK),
            agents=await _agents(session, office),
        )


async def _in_progress(session: AsyncSession, now: datetime) -> dict[str, int]:
    """By channel: contacts that have not ended and in which somebody said something lately."""
    spoke = select(TurnRecord.id).where(TurnRecord.contact_id == ContactRecord.id, TurnRecord.at > now - QUIET).exists()
    found = await session.execute(
        select(ContactRecord.channel, func.count())
        .where(ContactRecord.ended_at.is_(None), ContactRecord.started_at > now - LONGEST)
        .where(or_(ContactRecord.started_at > now - QUIET, spoke))
        .group_by(ContactRecord.channel)
    )
    return {channel: count for channel, count in found.all()}  # noqa: C416 - rows are no pairs to the type checker


async def _waiting(session: AsyncSession) -> list[WaitingRow]:
    found = await session.execute(
        select(
            TicketRecord.reference,
            ContactRecord.channel,
            TicketRecord.priority,
            TicketRecord.tier,
            TicketRecord.live_since.label("waits_since"),
        )
        .outerjoin(ContactRecord, ContactRecord.id == TicketRecord.contact_id)
        .where(*_WAITS)
        .order_by(TicketRecord.live_since)
        .limit(LISTED)
    )
    return [WaitingRow.model_validate(dict(row)) for row in found.mappings()]


async def _count(session: AsyncSession, *which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(TicketRecord).where(*which)) or 0


async def _at_risk(session: AsyncSession, office: Office, now: datetime) -> list[RiskRow]:
    found = await session.execute(
        select(
            TicketRecord.reference,
            TicketRecord.priority,
            TicketRecord.tier,
            TicketRecord.next_due_at.label("due_at"),
            TicketRecord.assignee,
        )
        .where(*_OPEN, TicketRecord.next_due_at < now + AT_RISK)
        .order_by(TicketRecord.next_due_at)
        .limit(LISTED)
    )
    people = office.policy.people
    return [RiskRow.model_validate({**row, "agent_name": name_of(row["assignee"], people)}) for row in found.mappings()]


async def _agents(session: AsyncSession, office: Office) -> tuple[AgentRow, ...]:
    """Everybody of people.yml; who is absent by the roster is away, whatever they said last."""
    newest = await session.scalars(
        select(AgentStateRecord)
        .ext(distinct_on(AgentStateRecord.username))
        .order_by(AgentStateRecord.username, AgentStateRecord.at.desc(), AgentStateRecord.id.desc())
    )
    said = {record.username: record for record in newest}
    return tuple(
        AgentRow.model_validate(
            {
                "name": person.name,
                "tier": person.tier,
                "state": "away" if person.away else said[username].state if username in said else None,
                "since": said[username].at if username in said and not person.away else None,
            }
        )
        for username, person in office.policy.people.items()
    )
