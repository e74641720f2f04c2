"""A trouble ticket as a client of TMF621 files or patches it, and what we read out of that."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from escalation import form_check, tmf_kind
from escalation.attachments.tmf_reference import REFERRED_TYPE
from escalation.filed import Filing
from escalation.policy import Policy
from escalation.storable import storable
from escalation.ticket import Status
from escalation.tmf import TIER_ROLE
from escalation.tmf_parts import (
    Attachment,
    AwareDateTime,
    Channel,
    DateTime,
    EntityReference,
    Reference,
    Relationship,
    StatusChange,
    Text,
    TmfNote,
    Uri,
)
from escalation.wire import Signals

KEPT = (  # attributes a client files that we keep and give back as they came
    "attachment",
    "channel",
    "relatedEntity",
    "relatedParty",
    "troubleTicketRelationship",
    "requestedResolutionDate",
)
# Attributes the server sets: on create they are ignored, a patch of them is refused.
SERVER_SET = frozenset(
    {"id", "href", "creationDate", "lastUpdate", "statusChange", "statusChangeDate", "priority", "resolutionDate"}
    | {"expectedResolutionDate", "escalation", "troubleTicketCharacteristic"}
)
KIND = frozenset({"base_type", "schema_location", "type_"})  # what a resource says of itself: nothing to change
_OURS = frozenset({TIER_ROLE, "transcript", tmf_kind.SYSTEM_ROLE, tmf_kind.WINDOW_ROLE})  # roles
# What we add to lists that a client filed: the list, the attribute that tells, and its values that are ours.
_ADDED = (
    ("attachment", "@referredType", frozenset({REFERRED_TYPE})),
    ("relatedParty", "role", _OURS),
    ("relatedEntity", "role", _OURS),
    ("troubleTicketRelationship", "relationshipType", tmf_kind.OURS),
)


class _Attributes(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str | None = Field(default=None, max_length=500)
    externalId: str | None = Field(default=None, max_length=200)  # noqa: N815  # TMF621's name
    requestedResolutionDate: AwareDateTime | None = None  # noqa: N815
    note: tuple[TmfNote, ...] = Field(default=(), max_length=100)
    relatedParty: tuple[Reference, ...] = Field(default=(), max_length=100)  # noqa: N815
    relatedEntity: tuple[EntityReference, ...] = Field(default=(), max_length=100)  # noqa: N815
    attachment: tuple[Attachment, ...] = Field(default=(), max_length=20)
    troubleTicketRelationship: tuple[Relationship, ...] = Field(default=(), max_length=100)  # noqa: N815
    channel: Channel | None = None
    base_type: Text = Field(default="", alias="@baseType")
    schema_location: Uri = Field(default="", alias="@schemaLocation")
    type_: Text = Field(default="", alias="@type")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        return storable(given)


class TicketCreate(_Attributes):
    """`status` and everything else the server sets is ignored, once it has the type it must have."""

    description: str = Field(min_length=1, max_length=4000)
    severity: str = Field(min_length=1, max_length=200)
    ticketType: str = Field(min_length=1, max_length=200)  # noqa: N815
    status: Text = ""
    statusChange: tuple[StatusChange, ...] = Field(default=(), max_length=100)  # noqa: N815
    statusChangeReason: Text = ""  # noqa: N815
    priority: Text = ""
    creationDate: DateTime = ""  # noqa: N815
    lastUpdate: DateTime = ""  # noqa: N815
    statusChangeDate: DateTime = ""  # noqa: N815
    resolutionDate: DateTime = ""  # noqa: N815
    expectedResolutionDate: DateTime = ""  # noqa: N815
    troubleTicketCharacteristic: tuple[tmf_kind.Characteristic, ...] = Field(default=(), max_length=40)  # noqa: N815


class TicketPatch(_Attributes):
    """A merge patch: what is absent stays, null clears what may be empty."""

    description: str | None = Field(default=None, min_length=1, max_length=4000)
    severity: str | None = Field(default=None, min_length=1, max_length=200)
    ticketType: str | None = Field(default=None, min_length=1, max_length=200)  # noqa: N815
    status: Status | None = None
    statusChangeReason: str | None = Field(default=None, max_length=2000)  # noqa: N815

    @model_validator(mode="before")
    @classmethod
    def _only_what_a_client_may_set(cls, given: object) -> object:
        if isinstance(given, dict):
            if forbidden := sorted(SERVER_SET & given.keys()):
                raise ValueError(f"set by the server, not by a patch: {', '.join(forbidden)}")
            for name in ("description", "severity", "ticketType", "status"):
                if name in given and given[name] is None:
                    raise ValueError(f"{name} cannot be empty")
        return given


def signals_of(filed: TicketCreate, policy: Policy) -> Signals:
    """What a machine's severity says in the words of the priority rule; a kind or topic as ticketType is believed."""
    severity = filed.severity.lower()
    service = {"critical": "down", "high": "down", "major": "down", "medium": "degraded", "minor": "degraded"}
    kind, topic = tmf_kind.kind_and_topic(filed.ticketType, policy)
    form = tmf_kind.form_of(kind, filed.troubleTicketCharacteristic, policy)
    return Signals.model_validate(
        {
            "category": topic,
            "department": form_check.department_for(policy, form),
            "reason": "filed",
            "problem": filed.description,
            "affected": "many" if severity == "critical" else "one",
            "service": service.get(severity, "ok"),
        }
    )


def filing_of(filed: TicketCreate, policy: Policy) -> Filing:
    """Raises Incomplete when the characteristics are not those of the kind's form."""
    kind, _ = tmf_kind.kind_and_topic(filed.ticketType, policy)
    return Filing(
        kind,
        tmf_kind.form_of(kind, filed.troubleTicketCharacteristic, policy),
        severity=filed.severity,
        ticket_type=filed.ticketType,
        name=filed.name,
        external_id=filed.externalId,
        notes=[(note.author, note.text) for note in filed.note],
        kept=kept_of(filed),
        says_relation=bool(tmf_kind.asked_for(filed.troubleTicketRelationship)),
    )


def kept_of(filed: _Attributes) -> dict[str, Any]:
    """The attributes that were given, as JSON, without what we add to them ourselves."""
    kept = filed.model_dump(mode="json", by_alias=True, include=set(KEPT), exclude_unset=True)
    for name, tells, ours in _ADDED:
        if name in kept:
            kept[name] = [entry for entry in kept[name] if entry.get(tells) not in ours]
    return kept
