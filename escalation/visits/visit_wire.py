"""What crosses the door about technicians' visits: agreed by the assistant, made and reported by a technician."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from escalation.storable import Wire
from escalation.wire import Channel, Check, Step

VisitState = Literal["agreed", "arrived", "fixed", "not_fixed", "nobody_home", "cancelled"]
VisitOutcome = Literal["fixed", "not_fixed", "nobody_home"]
Work = Literal[
    "line_repaired",
    "connection_renewed",
    "socket_installed",
    "router_replaced",
    "cabling_renewed",
    "settings_changed",
    "explained",
    "nothing_found",
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class VisitAgreed(Wire):
    """`visit_id` is the operator's own; told again with another window, the visit was moved."""

    contact_id: UUID
    channel: Channel
    visit_id: str = Field(min_length=1, max_length=200)
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    customer_id: str = Field(min_length=1, max_length=200)  # verified
    segment: Literal["consumer", "gold", "corporate"] = "consumer"
    name: Short = ""
    address: Short = ""
    phone: str | None = Field(default=None, max_length=200)
    plan_mbps: float | None = Field(default=None, gt=0, le=1_000_000, allow_inf_nan=False)
    order_id: str | None = Field(default=None, max_length=200)
    reference: str | None = Field(default=None, max_length=40)  # of the ticket that asked for it


class VisitTaken(Wire):
    reference: str  # of the ticket the visit belongs to


class VisitCancelled(Wire):
    visit_id: str = Field(min_length=1, max_length=200)


class VisitRow(Wire):
    """A line of a technician's day."""

    id: UUID
    reference: str
    state: VisitState
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    name: str
    address: str
    category: str


class Visits(Wire):
    visits: list[VisitRow]


class VisitView(VisitRow):
    """What the technician needs at the door."""

    phone: str | None
    order_id: str | None
    plan_mbps: float | None
    problem: str
    checks: tuple[Check, ...]
    steps: tuple[Step, ...]
    arrived_at: AwareDatetime | None
    finished_at: AwareDatetime | None
    work: tuple[Work, ...]
    remark: str
    measured_mbps: float | None
    speed_reason: str
    confirmed_by: str


class Arrival(Wire):
    """`at`: when it was, for a telephone that was without a network; None: now."""

    at: AwareDatetime | None = None


class VisitReport(Wire):
    """`confirmed_by`: the name the customer typed to say that it works; they are asked again by message."""

    outcome: VisitOutcome
    work: tuple[Work, ...] = Field(default=(), max_length=8)
    remark: Words = ""
    measured_mbps: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False)
    speed_reason: Words = ""
    confirmed_by: Short = ""
