"""The roster as it is kept: people.yml, and what supervisors changed since, with who did it and when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Row, SmallInteger, Text, bindparam, cast, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import roster
from escalation.office import Office
from escalation.policy import Policy
from escalation.policy_files import PersonEntry
from escalation.roster import Span, Worker, Workers
from escalation.roster_records import RosterChangeRecord, RosterSpanRecord

ABSENCE, EXTRA = "absence", "extra"

# What every ticket asks is put together once.
_SPANS = (
    select(RosterSpanRecord)
    .where(RosterSpanRecord.removed_at.is_(None), RosterSpanRecord.ends_at > bindparam("at"))
    .order_by(RosterSpanRecord.begins_at, RosterSpanRecord.id)
)
_CHANGES = (
    select(RosterChangeRecord)
    .ext(distinct_on(RosterChangeRecord.username))
    .order_by(RosterChangeRecord.username, RosterChangeRecord.id.desc())
    .subquery()
)
_KEPT = _SPANS.subquery()
# Both in one: `kind` is None in a change, of which there is one a person.
_BOOK = union_all(
    select(
        *(_KEPT.c[name] for name in ("username", "kind", "begins_at", "ends_at", "substitute")),
        cast(null(), SmallInteger).label("maximum"),
        cast(null(), JSONB).label("skills"),
    ),
    select(
        _CHANGES.c.username,
        cast(null(), Text),
        cast(null(), DateTime(timezone=True)),
        cast(null(), DateTime(timezone=True)),
        *(_CHANGES.c[name] for name in ("substitute", "maximum", "skills")),
    ),
)


def by_file(username: str, person: PersonEntry) -> Worker:
    return Worker(
        shifts=person.calendar(username),
        away=person.away,
        substitute=person.substitute,
        skills=person.skills,
        maximum=person.maximum,
    )


async def workers(session: AsyncSession, policy: Policy, at: datetime) -> Workers:
    """Everybody of people.yml with what was changed, and the exceptions that have not ended at this instant."""
    found = await session.execute(_BOOK, {"at": at})
    return with_changes(policy, found.all())


def with_changes(policy: Policy, book: Sequence[Row[Any]]) -> dict[str, Worker]:
    """`book`: as _BOOK has it. Of somebody who is no longer in people.yml nothing is left."""
    everybody = {username: by_file(username, person) for username, person in policy.people.items()}
    kept: dict[str, dict[str, list[Span]]] = defaultdict(lambda: {ABSENCE: [], EXTRA: []})
    for span in book:
        if span.kind is not None:
            kept[span.username][span.kind].append(Span(span.begins_at, span.ends_at, span.substitute))
    for change in book:
        if change.kind is None and change.username in everybody:
            everybody[change.username] = replace(
                everybody[change.username],
                maximum=change.maximum,
                substitute=change.substitute,
                skills=frozenset(change.skills),
            )
    return {
        username: replace(worker, absences=tuple(kept[username][ABSENCE]), extra=tuple(kept[username][EXTRA]))
        for username, worker in everybody.items()
    }


async def spans_after(session: AsyncSession, at: datetime) -> Sequence[RosterSpanRecord]:
    """Absences and extra shifts that end after this instant, the earliest first."""
    found = await session.scalars(_SPANS, {"at": at})
    return found.all()


async def rostered(office: Office, session: AsyncSession) -> Office:
    """The same office, whose people are away, and stood in for, as the roster has it now."""
    now = office.now()
    everybody = await workers(session, office.policy, now)
    people = {
        username: person.model_copy(
            update={
                "away": everybody[username].is_absent(now),
                "substitute": roster.stand_in(username, everybody, now) or everybody[username].substitute,
            }
        )
        for username, person in office.policy.people.items()
    }
    return replace(office, policy=replace(office.policy, people=people))
