"""The funnel: how far conversations came, and where those stood that were left before they were helped."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.indicators import board
from escalation.indicators.catalogue import BY_KEY
from escalation.indicators.figures import DAYS, BoardAsked
from escalation.indicators.stages import Funnel, FunnelAsked, Left
from escalation.office import Office
from escalation.permission import check_sees_board

PLACES_SHOWN = 15

# An answer is an article that was shown or picked; what comes from the customer's own data leaves no fate, so that
# who ended well without any was answered too.
_COUNTS = text("""
    SELECT count(*) AS ended,
           count(*) FILTER (WHERE said) AS said_something,
           count(*) FILTER (WHERE said AND answered) AS answered,
           count(*) FILTER (WHERE alone AND answered) AS without_person,
           count(*) FILTER (WHERE outcome = 'confirmed_solved') AS confirmed,
           count(*) FILTER (WHERE outcome = 'handed_over') AS handed_over,
           count(*) FILTER (WHERE outcome = 'wanted_person_got_none') AS wanted_person
    FROM (
        SELECT contact.outcome, contact.outcome <> 'dropped' AS said,
               contact.outcome IN ('confirmed_solved', 'unconfirmed') AS alone,
               contact.outcome = 'confirmed_solved' OR coalesce(fate.answered, contact.outcome = 'unconfirmed')
                   AS answered
        FROM contacts AS contact
        LEFT JOIN LATERAL (
            SELECT bool_or(kind IN ('answer', 'article') OR picked IS NOT NULL OR outcome = 'helped') AS answered
            FROM answer_fates WHERE contact_id = contact.id
        ) AS fate ON TRUE
        WHERE contact.ended_at > :since AND contact.ended_at <= :until
              AND (CAST(:channel AS text) IS NULL OR contact.channel = :channel)
    ) AS course
""")

_LEFT = text("""
    SELECT contact.channel,
           CASE WHEN last.about ? 'menu' THEN 'menu' WHEN last.about ? 'step' THEN 'step'
                WHEN last.about ? 'article' THEN 'article' WHEN last.about IS NULL OR last.nth = 1 THEN 'start'
                ELSE 'question' END AS place,
           coalesce(last.about ->> 'menu', last.about ->> 'flow', last.about ->> 'article', '') AS of,
           CASE WHEN last.about ? 'menu' THEN '' ELSE coalesce(last.about ->> 'step', '') END AS step,
           count(*) AS count
    FROM contacts AS contact
    LEFT JOIN LATERAL (
        SELECT about, row_number() OVER (ORDER BY id) AS nth FROM turns
        WHERE contact_id = contact.id AND author = 'bot' ORDER BY id DESC LIMIT 1
    ) AS last ON TRUE
    WHERE contact.ended_at > :since AND contact.ended_at <= :until
          AND contact.outcome IN ('dropped', 'wanted_person_got_none')
          AND (CAST(:channel AS text) IS NULL OR contact.channel = :channel)
    GROUP BY 1, 2, 3, 4
    ORDER BY count(*) DESC, 1, 2, 3, 4
""")


async def read(office: Office, username: str, asked: FunnelAsked) -> Funnel:
    """Raises NotAllowed for who is no supervisor."""
    check_sees_board(office.policy, username)
    until = office.now()
    given = {"since": until - timedelta(days=DAYS[asked.window]), "until": until, "channel": asked.channel}
    async with office.sessions() as session:
        await board.freeze(session)
        counts = (await session.execute(_COUNTS, given)).mappings().one()
        left = [Left.model_validate(dict(row)) for row in (await session.execute(_LEFT, given)).mappings()]
        stayed_away = await _stayed_away(session, office, asked, until)
    return Funnel(
        asked=asked,
        until=until,
        stayed_away_pct=stayed_away,
        left=tuple(left[:PLACES_SHOWN]),
        left_elsewhere=_sum(left[PLACES_SHOWN:]),
        **counts,
    )


async def _stayed_away(session: AsyncSession, office: Office, asked: FunnelAsked, until: datetime) -> float | None:
    narrowed = BoardAsked(window=asked.window, channel=asked.channel)
    return (await board.read_figure(session, office, BY_KEY["stayed_away"], narrowed, until)).value


def _sum(left: Sequence[Left]) -> int:
    return sum(one.count for one in left)
