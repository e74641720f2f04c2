"""The shape of data/operator/tasks.yml: which tasks recur, and what becomes of a run that nobody opened in time."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from escalation.calendar import Calendar
from escalation.form import Line, Lines, Words
from escalation.policy_files import Duration, Entry, Misfit, RoutingFile, Zone
from escalation.tasks.recurrence import OffDay, Recurrence, check_rule, has_a_day

TaskKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


def _clock(written: object) -> object:
    """A bare 16:30 is a number to YAML (990): it must be quoted."""
    if not isinstance(written, str):
        raise ValueError('a time of day is written in quotes, like "06:00"')
    return written


class TaskSignals(Entry):
    """What the priority of a run is derived from."""

    affected: Literal["one", "several", "many"] = "one"
    service: Literal["down", "degraded", "ok"] = "ok"
    segment: Literal["consumer", "gold", "corporate"] = "consumer"
    safety: bool = False
    revenue_at_risk: bool = False


class TaskEntry(Entry):
    name: Line
    rule: Annotated[str, Field(max_length=300), AfterValidator(check_rule)]
    first: date  # the day from which the rule counts
    at: Annotated[time, BeforeValidator(_clock)]
    zone: Zone
    calendar: str  # of calendars.yml: its working days
    off_day: OffDay
    lasts: Duration  # after so long it is overdue
    topic: str | None = None  # of routing.yml; None: the kind's own
    department: str | None = None  # None: the system's, or else the topic's
    tier: int | None = Field(default=None, ge=1, le=4)  # that acts first; None: as its priority says
    system: str | None = None
    signals: TaskSignals = TaskSignals()
    procedure: Words | None = None
    checklist: Lines = ()

    @model_validator(mode="after")
    def _happens(self) -> "TaskEntry":
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError('at: hours and minutes of the zone, like "06:00"')
        if not has_a_day(self.rule, self.first):
            raise ValueError(f"rule {self.rule} never falls on a day from {self.first} on")
        return self

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(self.rule, self.first, self.at, self.zone, self.off_day)


class MissedEntry(Entry):
    after: Duration  # a run that becomes a ticket so long after it was due was missed
    open_latest: int = Field(ge=0, le=50)  # of those a task missed together; older ones are recorded and not opened


class TasksFile(Entry):
    missed: MissedEntry
    tasks: Mapping[TaskKey, TaskEntry] = Field(default_factory=dict)


def faults_of_tasks(file: TasksFile, routing: RoutingFile, calendars: Mapping[str, Calendar]) -> Iterator[Misfit]:
    """What is wrong between tasks.yml and the other files."""
    for key, task in file.tasks.items():
        named = (
            ("calendar", task.calendar, calendars, "calendars.yml"),
            ("topic", task.topic, routing.categories, "routing.yml"),
            ("department", task.department, routing.departments, "routing.yml"),
            ("system", task.system, routing.systems, "routing.yml"),
        )
        for what, name, known, where in named:
            if name is not None and name not in known:
                yield "tasks.yml", ("tasks", key, what), f"{key}: {what} {name} is not in {where}"
