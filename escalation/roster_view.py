"""The roster as supervisors read it: a week by person, their load, and who changed what."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from escalation import floor, roster_book
from escalation.errors import NotFound
from escalation.offer import Floor
from escalation.office import Office
from escalation.permission import check_leads
from escalation.policy_files import PersonEntry
from escalation.roster import Span, Workers, stand_in
from escalation.roster_history import history
from escalation.roster_wire import DayView, Roster, RosterOfPerson, RosterPerson, SpanView
from escalation.week import WEEKDAYS, Weekday

_DAY = timedelta(days=1)


async def week(office: Office, who: str, day: date | None) -> Roster:
    """The week that holds the day, or this one. Raises NotAllowed."""
    check_leads(office.policy, who)
    monday = _monday(day or office.now().date())
    async with office.sessions() as session:
        people = await _people(office, session, monday, office.policy.people)
    return Roster(week_of=monday, people=tuple(people))


async def person(office: Office, who: str, username: str) -> RosterOfPerson:
    """Raises NotAllowed or NotFound."""
    check_leads(office.policy, who)
    people = office.policy.people
    if username not in people:
        raise NotFound(f"{username} is not in people.yml")
    async with office.sessions() as session:
        shown = await _people(office, session, _monday(office.now().date()), [username])
        spans = [span for span in await roster_book.spans_after(session, office.now()) if span.username == username]
        lines = await history(office, session, username)
        everybody = await roster_book.workers(session, office.policy, office.now())
    topics = {entry.skill for entry in office.policy.routing.categories.values() if entry.skill}
    return RosterOfPerson(
        person=shown[0],
        spans=tuple(SpanView.model_validate(span, from_attributes=True) for span in spans),
        history=tuple(lines),
        colleagues=tuple((name, entry.name) for name, entry in people.items() if name != username),
        skills=tuple(sorted(topics.union(*(worker.skills for worker in everybody.values())))),
    )


async def _people(office: Office, session: AsyncSession, monday: date, usernames: Iterable[str]) -> list[RosterPerson]:
    now = office.now()
    since = min(now, datetime.combine(monday, time(), ZoneInfo("UTC")) - _DAY)
    then = await roster_book.workers(session, office.policy, since)
    now_at = await floor.read(office, session)
    return [_person(office.policy.people[name], name, monday, then=then, now_at=now_at) for name in usernames]


def _person(entry: PersonEntry, username: str, monday: date, *, then: Workers, now_at: Floor) -> RosterPerson:
    worker, zone, presence = then[username], ZoneInfo(entry.zone), now_at.presence(username)
    days = [monday + number * _DAY for number in range(7)]
    return RosterPerson(
        username=username,
        name=entry.name,
        role=entry.role,
        tier=entry.tier,
        departments=entry.departments,
        zone=entry.zone,
        skills=tuple(sorted(worker.skills)),
        maximum=worker.maximum,
        substitute=worker.substitute,
        stands_in=stand_in(username, then, now_at.at) if worker.is_absent(now_at.at) else None,
        on_duty=worker.is_on_duty(now_at.at),
        state=presence.state,
        accepted=presence.accepted,
        offered=presence.offered,
        has_shifts=worker.shifts is not None,
        week=tuple(
            DayView(
                day=day,
                shifts=_blocks(entry, WEEKDAYS[day.weekday()]),
                extra=_hours(worker.extra, day, zone),
                absent=("all day",) if worker.away else _hours(worker.absences, day, zone),
            )
            for day in days
        ),
    )


def _hours(spans: Sequence[Span], day: date, zone: ZoneInfo) -> tuple[str, ...]:
    """What of each falls on this day of the zone."""
    begin, end = datetime.combine(day, time(), zone), datetime.combine(day + _DAY, time(), zone)
    written = []
    for span in spans:
        starts, stops = max(span.begins, begin), min(span.ends, end)
        if starts < stops:
            is_all = (starts, stops) == (begin, end)
            ends = "24:00" if stops == end else f"{stops.astimezone(zone):%H:%M}"
            written.append("all day" if is_all else f"{starts.astimezone(zone):%H:%M}-{ends}")
    return tuple(written)


def _blocks(entry: PersonEntry, weekday: Weekday) -> tuple[str, ...]:
    return tuple(f"{begin:%H:%M}-{_closing(end)}" for begin, end in entry.shifts.get(weekday, ()))


def _closing(end: time) -> str:
    return "24:00" if end == time() else f"{end:%H:%M}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
