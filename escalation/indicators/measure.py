"""An indicator's samples put to use: added up by day and tier, or listed with the worst first."""

from typing import Any

from sqlalchemy import (
    DateTime,
    Float,
    Integer,
    Select,
    SmallInteger,
    Subquery,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    extract,
    func,
    or_,
    select,
    text,
)

from escalation.indicators.figures import BoardAsked
from escalation.indicators.indicator import Indicator
from escalation.records import AnswerFateRecord, ContactRecord, TicketRecord

WORDS_SHOWN = 160
_DAY_S = 86_400
_SINCE = bindparam("since", type_=DateTime(timezone=True))
_UNTIL = bindparam("until", type_=DateTime(timezone=True))


def days_of(indicator: Indicator, asked: BoardAsked) -> Select[Any]:
    """Rows as in `figures.DaySum`: days ago, tier, values, weights, how many."""
    samples = _samples(indicator)
    days_ago = cast(func.floor(extract("epoch", _UNTIL - samples.c.at) / _DAY_S), Integer)
    query = select(
        days_ago,
        samples.c.tier,
        cast(func.sum(samples.c.value), Float),
        cast(func.sum(samples.c.weight), Float),
        func.count(),
    )
    return _narrowed(query, samples, asked, joined=asked.filters).group_by(days_ago, samples.c.tier)


def rows_of(indicator: Indicator, asked: BoardAsked) -> Select[Any]:
    """Rows as in `figures.Sample`, the worst first, of these the newest. Of a stock the value is its age."""
    samples, fate = _samples(indicator), AnswerFateRecord
    value = samples.c.weight if indicator.is_stock else samples.c.value
    query = select(
        samples.c.at,
        cast(value, Float).label("value"),
        TicketRecord.reference,
        cast(samples.c.contact_id, Text).label("contact_id"),
        ContactRecord.channel,
        samples.c.tier,
        TicketRecord.category.label("topic"),
        TicketRecord.priority,
        func.left(func.coalesce(TicketRecord.problem, fate.question, ""), WORDS_SHOWN).label("words"),
    )
    narrowed = _narrowed(query, samples, asked, joined=frozenset({"channel", "topic"})).outerjoin(
        fate, (fate.contact_id == samples.c.contact_id) & (fate.at == samples.c.at)
    )
    worst = value.desc() if indicator.better == "lower" else value.asc()
    is_shown = or_(samples.c.ticket_id.is_not(None), samples.c.contact_id.is_not(None))
    return narrowed.where(is_shown).order_by(worst, samples.c.at.desc(), samples.c.ticket_id, samples.c.contact_id)


def _samples(indicator: Indicator) -> Subquery:
    return (
        text(indicator.samples)
        .columns(
            column("at", DateTime(timezone=True)),
            column("value", Float),
            column("weight", Float),
            column("tier", SmallInteger),
            column("ticket_id", Uuid),
            column("contact_id", Uuid),
        )
        .subquery("samples")
    )


def _narrowed(query: Select[Any], samples: Subquery, asked: BoardAsked, *, joined: frozenset[str]) -> Select[Any]:
    """The samples from `since` to `until` that pass the filters; tickets and contacts are joined where `joined`."""
    query = query.select_from(samples).where(samples.c.at > _SINCE, samples.c.at <= _UNTIL)
    if joined & {"topic", "priority"}:
        query = query.outerjoin(TicketRecord, TicketRecord.id == samples.c.ticket_id)
    if "channel" in joined:
        query = query.outerjoin(ContactRecord, ContactRecord.id == samples.c.contact_id)
    filters = {
        "channel": ContactRecord.channel,
        "tier": samples.c.tier,
        "topic": TicketRecord.category,
        "priority": TicketRecord.priority,
    }
    for name in sorted(asked.filters):
        query = query.where(filters[name] == bindparam(name))
    return query
