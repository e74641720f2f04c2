"""What supervisors do with the roster: absences, extra shifts, and a person's maximum, substitute and skills."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import roster_book
from escalation.errors import Incomplete, NotFound
from escalation.events import tell_desk
from escalation.office import Office
from escalation.permission import check_leads
from escalation.policy_files import PersonEntry
from escalation.roster import Span, Worker, stand_in
from escalation.roster_book import ABSENCE
from escalation.roster_records import RosterChangeRecord, RosterSpanRecord
from escalation.roster_wire import PersonAsked, SpanAsked

LONGEST = timedelta(days=366)


async def add_span(office: Office, who: str, username: str, asked: SpanAsked) -> None:
    """Raises NotAllowed, NotFound or Incomplete; its words say what to enter instead."""
    person = _known(office, who, username)
    zone = ZoneInfo(person.zone)
    begins, ends = asked.begins.replace(tzinfo=zone), asked.ends.replace(tzinfo=zone)
    if ends <= begins:
        raise Incomplete("The end must be after the beginning")
    if ends <= office.now():
        raise Incomplete("This is over already: enter an end that is still to come")
    if begins - office.now() > LONGEST:
        raise Incomplete("This begins in more than a year: enter it later")
    if ends - begins > LONGEST:
        raise Incomplete("This is longer than a year: enter it in parts")
    substitute = asked.substitute if asked.kind == ABSENCE else None
    _check_substitute(office, username, substitute)
    async with office.change() as session:
        if asked.kind == ABSENCE:
            await _check_covered(office, session, username, Span(begins, ends, substitute))
        session.add(
            RosterSpanRecord(
                username=username,
                kind=asked.kind,
                begins_at=begins,
                ends_at=ends,
                substitute=substitute,
                why=asked.why.strip(),
                added_by=who,
                added_at=office.now(),
            )
        )
        tell_desk(session, office, "roster")


async def remove_span(office: Office, who: str, username: str, span_id: int) -> None:
    """It stays in the records with who removed it. Raises NotAllowed or NotFound."""
    _known(office, who, username)
    async with office.change() as session:
        record = await session.get(RosterSpanRecord, span_id, with_for_update=True)
        if record is None or record.username != username or record.removed_at is not None:
            raise NotFound("This entry has been removed already")
        record.removed_by, record.removed_at = who, office.now()
        tell_desk(session, office, "roster")


async def change(office: Office, who: str, username: str, asked: PersonAsked) -> None:
    """Raises NotAllowed, NotFound or Incomplete."""
    _known(office, who, username)
    _check_substitute(office, username, asked.substitute)
    async with office.change() as session:
        session.add(
            RosterChangeRecord(
                username=username,
                at=office.now(),
                who=who,
                maximum=asked.maximum,
                substitute=asked.substitute,
                skills=sorted(set(asked.skills)),
            )
        )
        tell_desk(session, office, "roster")


def _known(office: Office, who: str, username: str) -> PersonEntry:
    check_leads(office.policy, who)
    if username not in office.policy.people:
        raise NotFound(f"{username} is not in people.yml")
    return office.policy.people[username]


def _check_substitute(office: Office, username: str, substitute: str | None) -> None:
    if substitute == username:
        raise Incomplete("Nobody can stand in for themselves: choose somebody else")
    if substitute is not None and substitute not in office.policy.people:
        raise Incomplete(f"{substitute} is not in people.yml: choose somebody who is")


async def _check_covered(office: Office, session: AsyncSession, username: str, absence: Span) -> None:
    """Nothing may wait on somebody who is away: at each moment of the absence somebody present stands in."""
    everybody = dict(await roster_book.workers(session, office.policy, office.now()))
    worker: Worker = everybody[username]
    everybody[username] = replace(worker, absences=(absence, *worker.absences))
    edges = {absence.begins} | {span.begins for other in everybody.values() for span in other.absences}
    for at in sorted(edge for edge in edges if absence.holds(edge)):
        if stand_in(username, everybody, at) is None:
            named, there = everybody[username].stood_in_by(at), at.astimezone(absence.begins.tzinfo)
            raise Incomplete(_uncovered(office, named, there))


def _uncovered(office: Office, substitute: str | None, at: datetime) -> str:
    if substitute is None:
        return "Nobody is named to stand in: choose a substitute"
    name = office.policy.people[substitute].name if substitute in office.policy.people else substitute
    when = at.strftime("%d %b %H:%M").lstrip("0")
    return f"{name} is absent too at {when}, with nobody to stand in: choose another substitute"
