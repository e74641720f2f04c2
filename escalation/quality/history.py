"""What the scores come to: by person and for the assistant, by criterion, over the weeks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.office import Office
from escalation.policy import Policy
from escalation.quality import reviews
from escalation.quality.draw import WEEK
from escalation.quality.quality_file import BOT
from escalation.quality.quality_records import DrawRecord, MarkRecord, ReviewRecord
from escalation.quality.quality_wire import CriterionScore, DrawView, QualityOverview, SubjectHistory, WeekScore
from escalation.quality.reviews import exists_for, subject_name
from escalation.sight import one_of_us, role_of

WEEKS = 12
LISTED = 100
_WAITS = ReviewRecord.scored_at.is_(None)
_OLDEST: Sequence[ColumnElement[Any]] = (ReviewRecord.week.asc(), ReviewRecord.id.asc())
_NEWEST: Sequence[ColumnElement[Any]] = (ReviewRecord.scored_at.desc(), ReviewRecord.id.asc())


async def overview(office: Office, username: str) -> QualityOverview:
    """What exists for this person (reviews.py). Raises NotAllowed for nobody of ours."""
    policy = office.policy
    role = role_of(one_of_us(policy.people, username))
    today = office.now().date()
    first = today - timedelta(days=today.weekday()) - WEEKS * WEEK
    async with office.sessions() as session:
        waiting = await reviews.found(session, policy, username, _WAITS, order=_OLDEST, most=LISTED)
        scored = await reviews.found(session, policy, username, ~_WAITS, order=_NEWEST, most=LISTED)
        history = await _history(session, policy, username, first)
        draws = await _draws(session, policy, first) if role.leads or role.reads else ()
    return QualityOverview(
        may_score=role.leads, waiting=tuple(waiting), scored=tuple(scored), history=history, draws=draws
    )


async def _history(session: AsyncSession, policy: Policy, username: str, first: date) -> tuple[SubjectHistory, ...]:
    """The assistant first, then people by name."""
    which = (exists_for(policy, username), ReviewRecord.week >= first)
    by_week = await session.execute(
        select(
            ReviewRecord.subject,
            ReviewRecord.week,
            func.avg(ReviewRecord.score_pct),
            func.count(ReviewRecord.score_pct),
            func.count().filter(_WAITS),
        )
        .where(*which)
        .group_by(ReviewRecord.subject, ReviewRecord.week)
    )
    by_criterion = await session.execute(
        select(
            ReviewRecord.subject,
            MarkRecord.criterion,
            func.max(MarkRecord.name),
            func.avg(MarkRecord.share_pct),
            func.count(),
        )
        .join(MarkRecord, MarkRecord.review_id == ReviewRecord.id)
        .where(*which, MarkRecord.share_pct.is_not(None))
        .group_by(ReviewRecord.subject, MarkRecord.criterion)
    )
    weeks: defaultdict[str, dict[date, tuple[float | None, int, int]]] = defaultdict(dict)
    for subject, week, score, count, waits in by_week:
        weeks[subject][week] = (score, count, waits)
    criteria: defaultdict[str, list[CriterionScore]] = defaultdict(list)
    for subject, key, name, score, count in by_criterion:
        criteria[subject].append(CriterionScore(criterion=key, name=name, score_pct=score, count=count))
    order = sorted(weeks, key=lambda subject: (subject != BOT, subject_name(policy, subject)))
    days = [first + number * WEEK for number in range(WEEKS)]  # this one is not drawn yet
    return tuple(_subject(policy, subject, days, weeks[subject], criteria[subject]) for subject in order)


def _subject(
    policy: Policy,
    subject: str,
    days: Iterable[date],
    weeks: dict[date, tuple[float | None, int, int]],
    criteria: list[CriterionScore],
) -> SubjectHistory:
    scored = sum(count for _, count, _ in weeks.values())
    total = sum(score * count for score, count, _ in weeks.values() if score is not None)
    form = [*policy.quality.form(subject)]
    place = {key: number for number, key in enumerate(form)}
    return SubjectHistory(
        subject=subject,
        name=subject_name(policy, subject),
        score_pct=total / scored if scored else None,
        scored=scored,
        waiting=sum(waits for _, _, waits in weeks.values()),
        weeks=tuple(_week(day, *weeks.get(day, (None, 0, 0))) for day in days),
        criteria=tuple(sorted(criteria, key=lambda entry: place.get(entry.criterion, len(form)))),
    )


def _week(day: date, score: float | None, count: int, _: int) -> WeekScore:
    return WeekScore(week=day, score_pct=score, count=count)


async def _draws(session: AsyncSession, policy: Policy, first: date) -> tuple[DrawView, ...]:
    found = await session.scalars(select(DrawRecord).where(DrawRecord.week >= first).order_by(DrawRecord.week.desc()))
    return tuple(
        DrawView(
            week=record.week,
            seed=record.seed,
            drawn_at=record.drawn_at,
            population=tuple((subject_name(policy, subject), number) for subject, number in record.population),
        )
        for record in found
    )
