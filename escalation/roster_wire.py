"""What crosses the door about the roster and about offers."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, NaiveDatetime

from escalation.storable import Wire

SpanKind = Literal["absence", "extra"]
Skill = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
OfferOutcome = Literal["accepted", "refused", "no_answer", "off_duty", "overloaded", "withdrawn"]


class OfferView(Wire):
    """To whom a ticket was offered, and how it ended."""

    name: str
    tier: int
    offered_at: AwareDatetime
    due_at: AwareDatetime
    outcome: OfferOutcome | None  # None: not answered yet
    ended_at: AwareDatetime | None
    reason: str = ""  # of a refusal


class OwnOffer(Wire):
    """A ticket that waits for this person's answer."""

    reference: str
    problem: str
    category: str
    priority: Literal["P1", "P2", "P3", "P4"]
    tier: int
    live: bool
    due_at: AwareDatetime
    version: int  # of the ticket, to accept it


class OwnOffers(Wire):
    offers: tuple[OwnOffer, ...]


class RefuseAsked(Wire):
    reason: str = Field(default="", max_length=500)


class SpanView(Wire):
    id: int
    kind: SpanKind
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    substitute: str | None
    why: str
    added_by: str
    added_at: AwareDatetime


class DayView(Wire):
    """One day of a person's week, in their own time zone."""

    day: date
    shifts: tuple[str, ...]  # 09:00-17:30
    extra: tuple[str, ...]
    absent: tuple[str, ...]  # "all day", or the hours


class ChangeView(Wire):
    at: AwareDatetime
    who: str
    what: str


class RosterPerson(Wire):
    username: str
    name: str
    role: str
    tier: int
    departments: tuple[str, ...]
    zone: str
    skills: tuple[str, ...]
    maximum: int
    substitute: str | None
    stands_in: str | None  # who acts for them now, while they are absent
    on_duty: bool
    state: str | None  # what they say they are doing
    accepted: int  # open tickets
    offered: int
    has_shifts: bool  # False: always on duty
    week: tuple[DayView, ...]


class Roster(Wire):
    """`week_of`: its Monday."""

    week_of: date
    people: tuple[RosterPerson, ...]


class RosterOfPerson(Wire):
    """One person with what was entered for them and has not ended, and who changed what."""

    person: RosterPerson
    spans: tuple[SpanView, ...]
    history: tuple[ChangeView, ...]
    colleagues: tuple[tuple[str, str], ...]  # username and name of who may stand in
    skills: tuple[str, ...]  # that topics ask for, or people have


class SpanAsked(Wire):
    """Times as the wall clock in the person's own time zone shows them."""

    kind: SpanKind
    begins: NaiveDatetime
    ends: NaiveDatetime
    substitute: str | None = Field(default=None, max_length=100)
    why: str = Field(default="", max_length=300)


class PersonAsked(Wire):
    maximum: int = Field(ge=1, le=200)
    substitute: str | None = Field(default=None, max_length=100)
    skills: tuple[Skill, ...] = Field(default=(), max_length=50)
