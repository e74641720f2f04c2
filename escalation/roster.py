"""The roster: who works when, with what skills, how much at once, and who stands in for the absent. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from escalation.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Span:
    """A dated exception: an absence, or an extra shift. From `begins` to before `ends`, both aware."""

    begins: datetime
    ends: datetime
    substitute: str | None = None  # of an absence: goes before the person's own

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One of us as the roster has them. Without `shifts` always on duty; who is `away` or absent is not."""

    shifts: Calendar | None = None
    extra: tuple[Span, ...] = ()
    absences: tuple[Span, ...] = ()
    away: bool = False  # until people.yml says otherwise
    substitute: str | None = None
    skills: frozenset[str] = frozenset()
    maximum: int  # open tickets at once, those on offer included

    def is_absent(self, at: datetime) -> bool:
        return self.away or any(span.holds(at) for span in self.absences)

    def is_on_duty(self, at: datetime) -> bool:
        if self.is_absent(at):
            return False
        return self.shifts is None or self.shifts.is_open(at) or any(span.holds(at) for span in self.extra)

    def stood_in_by(self, at: datetime) -> str | None:
        """The substitute of the absence that holds, or else the person's own."""
        named = (span.substitute for span in self.absences if span.holds(at) and span.substitute)
        return next(named, self.substitute)


Workers = Mapping[str, Worker]


def on_duty(people: Workers, at: datetime) -> frozenset[str]:
    """Who works at this instant: in a shift of theirs, and not absent."""
    return frozenset(username for username, worker in people.items() if worker.is_on_duty(at))


def stand_in(username: str, people: Workers, at: datetime) -> str | None:
    """Whoever acts for an absent person at last; None when the chain ends at nobody, or in a circle of the absent."""
    seen = {username}
    person = username
    while people[person].is_absent(at):
        following = people[person].stood_in_by(at)
        if following is None or following in seen or following not in people:
            return None
        seen.add(following)
        person = following
    return person


def uncovered(people: Workers, at: datetime) -> Iterator[str]:
    """Who is absent at this instant without anybody present who stands in."""
    return (
        username for username in people if people[username].is_absent(at) and stand_in(username, people, at) is None
    )
