"""What crosses the door about outages: a fault that a customer reports, what is known of it, what a person decides."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from escalation.kind_wire import Window
from escalation.storable import Wire

Service = Literal["broadband", "mobile", "tv", "landline"]
OutageState = Literal["suspected", "confirmed", "dismissed", "over"]
Area = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=20)]


class FaultReport(Wire):
    """A customer says that the service is broken at the place. `reporter` is the customer, however sure that is: who
    reports twice counts once. `at` is when it was said, now where it is not told. `explained_by`: the operator's own id
    of a problem that it knows already.
    """

    contact_id: UUID
    channel: Literal["chat", "voice"]
    area: Area  # postcode district
    service: Service
    reporter: str = Field(min_length=1, max_length=200)
    customer_id: str | None = Field(default=None, max_length=200)  # only when verified
    reachable: str | None = Field(default=None, max_length=200)
    problem: str = Field(default="", max_length=4000)
    at: AwareDatetime | None = None
    explained_by: str | None = Field(default=None, max_length=200)


class MajorIncident(Wire):
    """An outage that a person has confirmed and nobody has solved yet."""

    reference: str
    area: str
    service: Service
    began_at: AwareDatetime
    expected_end: AwareDatetime | None
    cause: str  # "" while it is not known


class MajorIncidents(Wire):
    incidents: list[MajorIncident]


class MajorIncidentsAsked(Wire):
    area: Area | None = None


class ReportTaken(Wire):
    """What explains the fault, if anything does: a confirmed outage, or planned maintenance."""

    incident: MajorIncident | None = None
    maintenance: Window | None = None


class OutageView(Wire):
    """The evidence, for the person who confirms it."""

    state: OutageState
    area: str
    service: Service
    began_at: AwareDatetime
    suspected_at: AwareDatetime
    customers: int  # who had reported when it was suspected
    expected: float  # that would have been normal
    chance: float
    reports: int  # until now
    expected_end: AwareDatetime | None
    cause: str


class ConfirmAsked(Wire):
    """`cause` is told to customers as it is written."""

    expected_end: AwareDatetime | None = None
    cause: str = Field(default="", max_length=300)
    version: int = Field(ge=1)


class DismissAsked(Wire):
    reason: str = Field(min_length=1, max_length=2000)
    version: int = Field(ge=1)
