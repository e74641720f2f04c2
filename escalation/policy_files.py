"""The shapes of the policy files in data/operator/: what may be written there, and what it means."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from string import Formatter
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from escalation.calendar import Calendar, holidays_known
from escalation.indicators.catalogue import BY_KEY
from escalation.kind import Kind
from escalation.priority import Level, Priority
from escalation.role import RoleName
from escalation.scope import Scope
from escalation.week import WEEKDAYS, Week, check_week

FALLBACK_CATEGORY = "general"  # of what fits no topic
ANY = "*"  # in a person's departments: all of them

Place = tuple[int | str, ...]  # path inside a file
Misfit = tuple[str, Place, str]  # a file, the place in it, and what there does not fit another file
StepName = Literal["warn", "move_up"]
MessageName = Literal[
    "customer_opened",
    "customer_resolved",
    "customer_closed",
    "customer_promised",
    "customer_told",
    "customer_confirm",
    "customer_not_begun",
    "customer_in_work",
    "customer_held",
    "customer_work_planned",
    "customer_work_moved",
    "customer_work_off",
    "staff_warned",
    "staff_update_due",
    "staff_unheard",
    "staff_moved",
    "staff_informed",
    "staff_asked_out",
    "staff_outage_suspected",
    "customer_outage",
    "customer_outage_by",
    "customer_not_reached",
    "customer_rate",
    "staff_not_reached",
]
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_OF_TICKET = ("operator", "reference", "begins", "by", "priority", "text")
_OF_SUSPICION = ("begins", "by", "area", "service", "count", "expected")
_OF_OUTAGE = ("begins", "by", "area", "service", "cause")


def _duration(written: Any) -> Any:
    """'90s', '15m', '4h', '8h30m', '2d' (days of 24 working hours)."""
    if not isinstance(written, str) or written.startswith("P"):  # ISO 8601, as a ticket keeps it
        return written
    if not re.fullmatch(r"(\d{1,6}[smhd]\s*)+", written):
        raise ValueError("a time is written like 90s, 15m, 4h, 8h30m or 2d")
    parts = re.findall(r"(\d+)([smhd])", written)
    return sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())


def _positive(duration: timedelta) -> timedelta:
    if duration <= timedelta():
        raise ValueError("must be longer than nothing")
    return duration


def check_places(text: str, known: Collection[str]) -> None:
    """Places are known names in braces and nothing else: no widths, no attributes. Raises ValueError."""
    for _, name, form, conversion in Formatter().parse(text):
        if form or conversion:
            raise ValueError(f"a place is a name in braces and nothing else: {{{name}}}")
        if name is not None and name not in known:
            raise ValueError(f"unknown place {name!r}; known: {', '.join(known)}")


def _fillable(*known: str) -> AfterValidator:
    """With the places that whoever writes such a message knows."""

    def check(text: str) -> str:
        check_places(text, known)
        return text

    return AfterValidator(check)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"unknown time zone {name}") from None
    return name


Duration = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_positive)]
OperatorText = Annotated[str, _fillable("operator")]  # about a call, without a ticket
TicketText = Annotated[str, _fillable(*_OF_TICKET)]
SuspicionText = Annotated[str, _fillable(*_OF_SUSPICION)]
OutageText = Annotated[str, _fillable(*_OF_OUTAGE)]
Zone = Annotated[str, AfterValidator(_zone)]


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReportEntry(Entry):
    """Every day at this time of day, in the zone of messages.yml, to these people of people.yml."""

    at: Annotated[time, Field(strict=False)] = time(7, 0)
    to: tuple[str, ...] = ()


class BoardFile(Entry):
    answer_within: Duration
    comes_back_within: Duration
    targets: Mapping[str, float]  # by the indicator's key
    report: ReportEntry = ReportEntry()

    @model_validator(mode="after")
    def _known(self) -> "BoardFile":
        if unknown := sorted(self.targets.keys() - BY_KEY.keys()):
            raise ValueError(f"no indicator is called {', '.join(unknown)}; known: {', '.join(BY_KEY)}")
        return self


class DepartmentEntry(Entry):
    name: str
    l1: str  # queue of level 1
    l2: str  # group of level 2
    l3: str  # department of level 3


class CategoryEntry(Entry):
    department: str
    skill: str | None = None  # only who has it is offered a ticket about this
    urgency: Literal["low", "medium", "high"] = "low"
    kind: Kind = Kind.INCIDENT  # of a ticket that a conversation about it becomes
    services: tuple[str, ...] = ()  # it is about, by the names that maintenance windows use

    @property
    def level(self) -> Level:
        return Level[self.urgency.upper()]


class SystemEntry(Entry):
    name: str
    department: str  # which knows it best
    vendor: tuple[str, ...] = ()  # people of level 4, the first asked first


class RoutingFile(Entry):
    departments: Mapping[str, DepartmentEntry]
    systems: Mapping[str, SystemEntry] = Field(default_factory=dict)
    categories: Mapping[str, CategoryEntry]


class TierEntry(Entry):
    name: str
    dial: str | None = Field(default=None, pattern=r"^(\+[1-9]\d{6,14}|sips?:[^\s]{1,200})$")
    open: str | None = None  # calendar of the telephone


class TiersFile(Entry):
    start: Mapping[Priority, int]
    accept_within: Mapping[Priority, Duration]  # after so long the next person is asked
    informed: Mapping[Priority, tuple[int, ...]]
    tiers: Mapping[int, TierEntry]
    contacts: Mapping[str, Mapping[int, tuple[str, ...]]]
    supervisor: str

    @model_validator(mode="after")
    def _every_priority(self) -> "TiersFile":
        if missing := sorted(set(Priority) - set(self.accept_within)):
            raise ValueError(f"accept_within needs {', '.join(missing)}")
        return self


class PersonEntry(Entry):
    name: str
    role: RoleName
    tier: int = Field(ge=1, le=4)
    departments: tuple[str, ...] = Field(min_length=1)
    phone: str | None = Field(default=None, pattern=r"^\+[1-9]\d{6,14}$")
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    away: bool = False
    substitute: str | None = None
    zone: Zone = "UTC"  # of the shifts
    shifts: Week = Field(default_factory=dict)  # without any: always on duty
    skills: frozenset[str] = frozenset()
    maximum: int = Field(default=10, ge=1, le=200)  # open tickets at once

    @field_validator("shifts")
    @classmethod
    def _in_order(cls, week: Week) -> Week:
        check_week(week)
        return week

    def calendar(self, name: str) -> Calendar | None:
        """Their shifts; None: always on duty."""
        week = {WEEKDAYS.index(day): blocks for day, blocks in self.shifts.items()}
        return Calendar(name=name, zone=self.zone, week=week) if any(week.values()) else None


ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$")]


class ClientEntry(Entry):
    """A machine client of the TMF APIs."""

    scopes: frozenset[Scope] = Field(min_length=1)
    sees: Literal["own", "all"] = "own"  # own: only tickets that it filed
    requests_per_minute: int = Field(default=600, ge=1, le=100_000)

    @model_validator(mode="after")
    def _told_of_no_others(self) -> "ClientEntry":
        if Scope.HUB in self.scopes and self.sees == "own":
            raise ValueError("events tell of everybody's tickets: `hub` needs `sees: all`")
        return self


class Words(Entry):
    time_written: str  # strftime
    customer_opened: TicketText
    customer_resolved: TicketText
    customer_closed: TicketText
    customer_promised: TicketText
    customer_told: TicketText
    customer_confirm: TicketText
    customer_not_begun: TicketText
    customer_in_work: TicketText
    customer_held: TicketText
    customer_work_planned: TicketText
    customer_work_moved: TicketText
    customer_work_off: TicketText
    staff_warned: TicketText
    staff_update_due: TicketText
    staff_unheard: TicketText
    staff_moved: TicketText
    staff_informed: TicketText
    staff_asked_out: TicketText
    staff_outage_suspected: SuspicionText
    customer_outage: OutageText
    customer_outage_by: OutageText
    customer_not_reached: TicketText
    customer_rate: OperatorText
    staff_not_reached: TicketText


class MessagesFile(Entry):
    zone: Zone
    languages: Annotated[Mapping[str, Words], Field(min_length=1)]

    def write(
        self, name: MessageName, language: str, *, by: datetime | None, begins: datetime | None = None, **places: str
    ) -> str:
        """In the customer's language, or else in the first one the file has."""
        words = self.languages.get(language) or next(iter(self.languages.values()))
        template: str = getattr(words, name)
        return template.format(by=self._time(words, by), begins=self._time(words, begins), **places)

    def _time(self, words: Words, at: datetime | None) -> str:
        return at.astimezone(ZoneInfo(self.zone)).strftime(words.time_written) if at is not None else "-"


class HolidaysEntry(Entry):
    country: str
    subdivision: str | None = None

    @model_validator(mode="after")
    def _known(self) -> "HolidaysEntry":
        if not holidays_known(self.country, self.subdivision):
            raise ValueError(f"no public holidays known for {self.country} {self.subdivision or ''}")
        return self


class CalendarFile(Entry):
    always: bool = False
    zone: Zone = "UTC"
    week: Week = Field(default_factory=dict)
    holidays: HolidaysEntry | None = None
    closed: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> "CalendarFile":
        if self.always == any(self.week.values()):
            raise ValueError("either `always: true` or a week with working blocks")
        check_week(self.week)
        return self

    def calendar(self, name: str) -> Calendar:
        return Calendar(
            name=name,
            always=self.always,
            zone=self.zone,
            week={WEEKDAYS.index(day): blocks for day, blocks in self.week.items()},
            country=self.holidays.country if self.holidays else None,
            subdivision=self.holidays.subdivision if self.holidays else None,
            closed=frozenset(self.closed),
        )
