"""The supervisors' board: every indicator measured on the same state of the database, and what is behind a figure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import reading
from escalation.errors import NotFound
from escalation.indicators.catalogue import BY_KEY, INDICATORS
from escalation.indicators.figures import Behind, Board, BoardAsked, DaySum, Figure, Sample, figure_of
from escalation.indicators.indicator import Indicator
from escalation.indicators.measure import days_of, rows_of
from escalation.office import Office
from escalation.permission import check_sees_board
from escalation.reading import Read, What


async def read(office: Office, username: str, asked: BoardAsked) -> Board:
    """Raises NotAllowed for who is no supervisor."""
    check_sees_board(office.policy, username)
    return await measured(office, asked, office.now())


async def measured(office: Office, asked: BoardAsked, until: datetime) -> Board:
    """As it was at `until`."""
    async with office.sessions() as session:
        await freeze(session)
        figures = [await read_figure(session, office, indicator, asked, until) for indicator in INDICATORS]
    topics = tuple(office.policy.routing.categories)
    return Board(asked=asked, until=until, topics=topics, figures=tuple(figures))


async def behind(office: Office, username: str, key: str, asked: BoardAsked, *, limit: int, offset: int) -> Behind:
    """A figure with what it is made of, the worst first. Raises NotAllowed, and NotFound for no such indicator."""
    check_sees_board(office.policy, username)
    indicator = BY_KEY.get(key)
    if indicator is None:
        raise NotFound(f"no indicator is called {key[:40]}")
    until = office.now()
    async with office.sessions() as session:
        await freeze(session)
        figure = await read_figure(session, office, indicator, asked, until)
        if not asked.filters <= indicator.filters:
            return Behind(figure=figure, samples=(), has_more=False)
        days = 1 if indicator.is_stock else asked.days
        given = _given(office, asked, days=days, until=until)
        found = await session.execute(rows_of(indicator, asked).limit(limit + 1).offset(offset), given)
        samples = [Sample.model_validate(dict(row)) for row in found.mappings()]
    shown = samples[:limit]
    if shown:
        await reading.tell(office, _read(username, shown))
    return Behind(figure=figure, samples=tuple(shown), has_more=len(samples) > limit)


def _read(username: str, shown: Sequence[Sample]) -> Read:
    tickets = dict.fromkeys(sample.reference for sample in shown if sample.reference)
    contacts = dict.fromkeys(UUID(sample.contact_id) for sample in shown if sample.contact_id)
    return Read(reader=username, what=What.BOARD, tickets=list(tickets), contacts=list(contacts))


async def freeze(session: AsyncSession) -> None:
    """All figures are of the same moment, and nothing can be written."""
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


async def read_figure(
    session: AsyncSession, office: Office, indicator: Indicator, asked: BoardAsked, until: datetime
) -> Figure:
    sums: list[DaySum] = []
    if asked.filters <= indicator.filters:
        given = _given(office, asked, days=asked.read_days, until=until)
        sums = [DaySum(*row) for row in (await session.execute(days_of(indicator, asked), given)).all()]
    board = office.policy.board
    return figure_of(
        indicator,
        sums,
        asked=asked,
        until=until,
        target=board.targets.get(indicator.key),
        definition=indicator.definition.format(
            answer_within=in_words(board.answer_within), comes_back=in_words(board.comes_back_within)
        ),
    )


def _given(office: Office, asked: BoardAsked, *, days: int, until: datetime) -> dict[str, Any]:
    board = office.policy.board
    return {
        "since": until - timedelta(days=days),
        "until": until,
        "days": days,
        "answer_within_s": board.answer_within.total_seconds(),
        "comes_back_s": board.comes_back_within.total_seconds(),
        **asked.model_dump(include={"channel", "tier", "topic", "priority"}),
    }


def in_words(duration: timedelta) -> str:
    """20 seconds, 5 minutes, 7 days: in the largest unit that fits without a rest."""
    seconds = int(duration.total_seconds())
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}{'s' if seconds > size else ''}"
    return f"{seconds} second{'s' if seconds != 1 else ''}"
