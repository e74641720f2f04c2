"""Who changed what of a person's roster, and when."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.office import Office
from escalation.roster_book import ABSENCE
from escalation.roster_records import RosterChangeRecord, RosterSpanRecord
from escalation.roster_wire import ChangeView
from escalation.views import People, name_of

HISTORY = 20


async def history(office: Office, session: AsyncSession, username: str) -> list[ChangeView]:
    """The newest first."""
    people = office.policy.people
    changes = await session.scalars(
        select(RosterChangeRecord)
        .where(RosterChangeRecord.username == username)
        .order_by(RosterChangeRecord.id.desc())
        .limit(HISTORY)
    )
    spans = await session.scalars(
        select(RosterSpanRecord)
        .where(RosterSpanRecord.username == username)
        .order_by(RosterSpanRecord.id.desc())
        .limit(HISTORY)
    )
    told = [(change.at, change.who, _changed(change, people)) for change in changes]
    zone = ZoneInfo(people[username].zone)
    for span in spans:
        hours = f"{span.begins_at.astimezone(zone):%d %b %H:%M} to {span.ends_at.astimezone(zone):%d %b %H:%M}"
        what = "Absence" if span.kind == ABSENCE else "Extra shift"
        told.append((span.added_at, span.added_by, f"{what} added: {hours}"))
        if span.removed_at is not None and span.removed_by is not None:
            told.append((span.removed_at, span.removed_by, f"{what} removed: {hours}"))
    told.sort(key=lambda line: line[0], reverse=True)
    return [ChangeView(at=at, who=name_of(who, people) or who, what=what) for at, who, what in told[:HISTORY]]


def _changed(change: RosterChangeRecord, people: People) -> str:
    substitute, skills = name_of(change.substitute, people) or "nobody", ", ".join(change.skills) or "none"
    return f"Maximum {change.maximum}, substitute {substitute}, skills {skills}"
