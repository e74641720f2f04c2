"""The form of each kind: its typed fields, which of them are required, and their bounds. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from escalation.errors import Incomplete
from escalation.kind import Kind
from escalation.kind_wire import FormField
from escalation.storable import storable

Line = Annotated[str, Field(min_length=1, max_length=200)]
Lines = Annotated[tuple[Line, ...], Field(max_length=50)]
Words = Annotated[str, Field(min_length=1, max_length=4000)]
Announced = Literal["sms", "email", "website", "chat", "letter", "press"]
FAULTS_TOLD = 5


class Form(BaseModel):
    """A field's title is its label. A name that is not a field is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        return storable(given)


class IncidentForm(Form):
    area: Line | None = Field(default=None, title="Area")
    began_at: AwareDatetime | None = Field(default=None, title="Began")
    equipment: Line | None = Field(default=None, title="Equipment")


class ComplaintForm(Form):
    about: Literal["bill", "service", "speed", "order", "staff", "other"] | None = Field(default=None, title="About")
    wanted: Words | None = Field(default=None, title="What the customer wants")
    urgent: bool = Field(default=False, title="Urgent")
    earlier_reference: Line | None = Field(default=None, title="Earlier reference")


class RequestForm(Form):
    product: Line | None = Field(default=None, title="Product")
    wanted_by: date | None = Field(default=None, title="Wanted by")


class OrderProblemForm(Form):
    order_number: Line | None = Field(default=None, title="Order number")
    product: Line | None = Field(default=None, title="Product")
    stage: Literal["placed", "checked", "provisioning", "delivery", "activation"] | None = Field(
        default=None, title="Stage it is stuck in"
    )
    ordered_on: date | None = Field(default=None, title="Ordered on")
    promised_for: date | None = Field(default=None, title="Promised for")


class OperationalTaskForm(Form):
    """When it was begun and whether it is overdue follows from the ticket: `facts_of`."""

    starts_at: AwareDatetime | None = Field(default=None, title="Starts")
    due_at: AwareDatetime = Field(title="Due")
    system: Line | None = Field(default=None, title="System")
    procedure: Words | None = Field(default=None, title="Procedure")
    checklist: Lines = Field(default=(), title="Checklist")
    missed: Literal[True] | None = Field(default=None, title="Was not opened in time")


class PlannedMaintenanceForm(Form):
    """Without services every service is affected, without areas every area."""

    starts_at: AwareDatetime = Field(title="Window starts")
    ends_at: AwareDatetime = Field(title="Window ends")
    services: Lines = Field(default=(), title="Affected services")
    areas: Lines = Field(default=(), title="Affected areas")
    system: Line | None = Field(default=None, title="System")
    announced_at: AwareDatetime | None = Field(default=None, title="Announced")
    announced_by: tuple[Announced, ...] = Field(default=(), max_length=len(get_args(Announced)), title="Announced by")

    @model_validator(mode="after")
    def _ends_later(self) -> "PlannedMaintenanceForm":
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at: the window must end after it starts")
        if bool(self.announced_by) != (self.announced_at is not None):
            raise ValueError("announced_at: when and how it was announced belong together")
        return self


class _ProblemForm(Form):
    version: Line | None = Field(default=None, title="Version")
    expected: Words = Field(title="What was expected")
    happened: Words = Field(title="What happened")
    evidence: tuple[Annotated[str, Field(min_length=1, max_length=2000)], ...] = Field(
        default=(), max_length=20, title="Evidence"
    )


class SystemProblemForm(_ProblemForm):
    system: Line = Field(title="System")
    reported_by: Literal["staff", "corporate", "partner"] = Field(default="staff", title="Reported by")


class PartnerProblemForm(_ProblemForm):
    partner: Line = Field(title="Partner")
    system: Line | None = Field(default=None, title="System")
    route: Line | None = Field(default=None, title="Route or circuit")
    partner_reference: Line | None = Field(default=None, title="The partner's reference")


class WishForm(Form):
    product: Line | None = Field(default=None, title="Product")
    benefit: Words | None = Field(default=None, title="What it would be good for")


FORMS: Mapping[Kind, type[Form]] = {
    Kind.INCIDENT: IncidentForm,
    Kind.COMPLAINT: ComplaintForm,
    Kind.REQUEST: RequestForm,
    Kind.ORDER_PROBLEM: OrderProblemForm,
    Kind.OPERATIONAL_TASK: OperationalTaskForm,
    Kind.PLANNED_MAINTENANCE: PlannedMaintenanceForm,
    Kind.SYSTEM_PROBLEM: SystemProblemForm,
    Kind.PARTNER_PROBLEM: PartnerProblemForm,
    Kind.WISH: WishForm,
}


def filled(kind: Kind, given: Mapping[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    """The form as it is kept, in JSON, without what was not given.

    `required`: fields the operator wants besides the form's own. Raises Incomplete, which names each field at fault.
    """
    try:
        form = FORMS[kind].model_validate(given)
    except ValidationError as error:
        raise Incomplete("; ".join(_fault(fault) for fault in error.errors()[:FAULTS_TOLD])) from None
    kept: dict[str, Any] = form.model_dump(mode="json", exclude_none=True)
    missing = [name for name in required if not kept.get(name)]
    if missing:
        raise Incomplete("; ".join(f"{name}: Field required" for name in missing))
    return {name: value for name, value in kept.items() if value != []}


def may_begin_empty(kind: Kind) -> bool:
    """Whether a conversation, which asks for no form, can become a ticket of this kind."""
    return not any(field.is_required() for field in FORMS[kind].model_fields.values())


def fields_of(kind: Kind, kept: Mapping[str, Any]) -> list[FormField]:
    """What is kept, with its labels, in the form's order."""
    return [
        FormField(name=name, label=field.title or name, value=kept[name])
        for name, field in FORMS[kind].model_fields.items()
        if name in kept
    ]


def facts_of(
    kind: Kind, kept: Mapping[str, Any], *, started_at: datetime | None, is_open: bool, now: datetime
) -> list[FormField]:
    """What follows from the form and the ticket together: of a task, when it was begun and whether it is overdue."""
    if kind is not Kind.OPERATIONAL_TASK:
        return []
    is_overdue = is_open and now > datetime.fromisoformat(kept["due_at"])
    started = [FormField(name="started_at", label="Started", value=started_at.isoformat())] if started_at else []
    return [*started, FormField(name="overdue", label="Overdue", value=is_overdue)]


def _fault(fault: Any) -> str:
    """`starts_at: Field required`; a rule between fields names its field itself."""
    where = ".".join(str(part) for part in fault["loc"])
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
