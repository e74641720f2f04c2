"""What crosses the door about kinds of tickets, their forms and their relations."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, JsonValue

from escalation.kind import Kind
from escalation.relation import Relation
from escalation.storable import Wire

Direction = Literal["to", "from"]
Said = Annotated[str, Field(min_length=1, max_length=8000)]


class FormField(Wire):
    """A field of a ticket's form, or what follows from it. An instant is written as ISO 8601."""

    name: str
    label: str
    value: JsonValue


class RelationView(Wire):
    """`to`: this ticket follows or was caused by the other; `from`: the other one does so."""

    relation: Relation
    direction: Direction
    words: str  # "duplicate of"
    reference: str
    kind: Kind
    status: str
    problem: str  # the first 160 characters


class FileAsked(Wire):
    """A ticket that staff, an engineer or a partner files. `form` has the fields of its kind."""

    kind: Kind
    problem: str = Field(min_length=1, max_length=4000)
    form: dict[str, JsonValue] = Field(default_factory=dict, max_length=40)
    category: str | None = Field(default=None, max_length=200)  # a topic of routing.yml; None: the kind's own
    affected: Literal["one", "several", "many"] = "one"
    service: Literal["down", "degraded", "ok"] = "ok"
    segment: Literal["consumer", "gold", "corporate"] = "consumer"
    safety: bool = False
    revenue_at_risk: bool = False
    customer_id: str | None = Field(default=None, max_length=200)
    reachable: str | None = Field(default=None, max_length=200)  # whom the answer goes to
    key: str | None = Field(default=None, min_length=1, max_length=200)  # the same key and body: the same ticket


class FollowUpAsked(Wire):
    """`text` of a message is sent to the customer; of a call it is what was said, for staff."""

    how: Literal["call", "message"]
    text: Said
    version: int = Field(ge=1)


class LinkAsked(Wire):
    relation: Relation
    to: str = Field(min_length=1, max_length=40)  # the other ticket's reference
    version: int = Field(ge=1)


class UnlinkAsked(Wire):
    reason: str = Field(min_length=1, max_length=2000)
    version: int = Field(ge=1)


class NewsAsked(Wire):
    text: Said
    version: int = Field(ge=1)


class RescheduleAsked(Wire):
    """Other times for a maintenance window."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: str = Field(min_length=1, max_length=2000)
    version: int = Field(ge=1)


class WindowsAsked(Wire):
    at: AwareDatetime | None = None  # None: now
    service: str | None = Field(default=None, max_length=200)
    area: str | None = Field(default=None, max_length=200)


class Window(Wire):
    """Planned maintenance. No services: all of them; no areas: everywhere."""

    reference: str
    problem: str
    status: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    announced_at: AwareDatetime | None = None
    announced_by: tuple[str, ...] = ()


class Windows(Wire):
    windows: list[Window]


class WishGroup(Wire):
    """A wish, and how many have asked for it, whoever asked first included."""

    reference: str
    problem: str
    status: str
    count: int
    first_at: AwareDatetime
    last_at: AwareDatetime


class WishGroups(Wire):
    wishes: list[WishGroup]


class WishesAsked(Wire):
    open_only: bool = False  # without those that were decided


class SameWishAsked(Wire):
    """`nearness` of their words, for the audit."""

    reference: str = Field(min_length=1, max_length=40)
    to: str = Field(min_length=1, max_length=40)
    nearness: float = Field(ge=-1, le=1.001)


class Returns(Wire):
    """How often a ticket of the category was returned to the tier below as wrongly assigned, and how often moved to
    another department, beside how many tickets there were."""

    category: str
    returned: int
    transferred: int = 0
    tickets: int


class ReturnsFound(Wire):
    returns: list[Returns]


class Span(Wire):
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class KindForm(Wire):
    """A kind as a form can be made of it: `fields` is a JSON schema; a title is a label."""

    kind: Kind
    name: str
    fields: dict[str, Any]
    required: tuple[str, ...]


class KindForms(Wire):
    kinds: list[KindForm]
    systems: dict[str, str]  # code -> name
    topics: tuple[str, ...] = ()  # codes of routing.yml
