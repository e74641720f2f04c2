"""A ticket in the words of TMF621 v4, both ways; no HTTP and no database here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from escalation import form_check, tmf_kind
from escalation.filed import Filing
from escalation.policy import Policy
from escalation.records import AuditRecord, ClockRecord, NoteRecord, TicketRecord
from escalation.relatives import Link
from escalation.storable import storable
from escalation.targets import TIER
from escalation.ticket import Status
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

PATH = "/tmf-api/troubleTicket/v4/troubleTicket"
INTERACTION_PATH = "/tmf-api/partyInteraction/v4/partyInteraction"
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
TIER_ROLE = "supportTier"
_OURS = frozenset({TIER_ROLE, "transcript", tmf_kind.SYSTEM_ROLE, tmf_kind.WINDOW_ROLE})  # roles
# What we add to lists that a client filed: the list, the attribute that tells, and its values that are ours.
_ADDED = (
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
    )


def kept_of(filed: _Attributes) -> dict[str, Any]:
    """The attributes that were given, as JSON, without what we add to them ourselves."""
    kept = filed.model_dump(mode="json", by_alias=True, include=set(KEPT), exclude_unset=True)
    for name, tells, ours in _ADDED:
        if name in kept:
            kept[name] = [entry for entry in kept[name] if entry.get(tells) not in ours]
    return kept


def trouble_ticket(
    ticket: TicketRecord,
    clocks: Sequence[ClockRecord],
    notes: Sequence[NoteRecord],
    audit: Sequence[AuditRecord],
    *,
    links: Sequence[Link],
    base_url: str,
    policy: Policy,
) -> dict[str, Any]:
    """The TMF621 resource. Internal notes are not part of it."""
    url, filed = f"{base_url}{PATH}", ticket.filed.get
    relationships = tmf_kind.relationships(links, url)
    queue_name = policy.queue_name(ticket.department, ticket.tier)
    ours = [*_transcript(ticket, base_url), *tmf_kind.related(ticket, links, url, policy)]
    due = {clock.name: clock.due_at for clock in clocks}
    told = {
        "id": str(ticket.id),
        "href": f"{url}/{ticket.id}",
        "name": ticket.name or ticket.reference,
        "description": ticket.problem,
        "severity": ticket.severity,
        "ticketType": ticket.ticket_type,
        "priority": ticket.priority,
        "status": ticket.status,
        "statusChangeDate": _written(ticket.status_changed_at),
        "statusChangeReason": ticket.status_reason or None,
        "creationDate": _written(ticket.created_at),
        "lastUpdate": _written(ticket.updated_at),
        "expectedResolutionDate": _written(due.get("resolve")),
        "resolutionDate": _written(ticket.resolved_at),
        "externalId": ticket.external_id,
        "statusChange": _status_changes(audit),
        "note": [_note(note) for note in notes if note.public] or None,
        **ticket.filed,
        "relatedParty": [*filed("relatedParty", ()), _tier_party(ticket, queue_name)],
        "relatedEntity": [*filed("relatedEntity", ()), *ours] or None,
        "troubleTicketRelationship": [*filed("troubleTicketRelationship", ()), *relationships] or None,
        "troubleTicketCharacteristic": tmf_kind.characteristics(ticket) or None,
        "escalation": _escalation(ticket, clocks),
        "@type": "EscalationTicket",
        "@baseType": "TroubleTicket",
    }
    return {name: value for name, value in told.items() if value is not None}


def only(resource: Mapping[str, Any], fields: str | None) -> dict[str, Any]:
    """Exactly the attributes that `fields` names; all of them without it."""
    if fields is None:
        return dict(resource)
    wanted = {name.strip() for name in fields.split(",")}
    return {name: value for name, value in resource.items() if name in wanted}


def _escalation(ticket: TicketRecord, clocks: Sequence[ClockRecord]) -> dict[str, Any]:
    return {
        "reference": ticket.reference,
        "tier": ticket.tier,
        "department": ticket.department,
        "category": ticket.category,
        "kind": ticket.kind,
        "followedUpDate": _written(ticket.followed_up_at),
        "because": ticket.because,
        "clocks": [
            {"name": clock.name, "dueDate": _written(clock.due_at), "targetSeconds": int(clock.target_s)}
            for clock in clocks
            if clock.name != TIER  # how long a tier may keep it is our own affair
        ],
    }


def _tier_party(ticket: TicketRecord, queue_name: str) -> dict[str, str]:
    return {
        "id": f"{ticket.department}-{ticket.tier}",
        "name": queue_name,
        "role": TIER_ROLE,
        "@referredType": "Organization",
    }


def _transcript(ticket: TicketRecord, base_url: str) -> list[dict[str, str]]:
    if ticket.contact_id is None:
        return []
    href = f"{base_url}{INTERACTION_PATH}/{ticket.contact_id}"
    reference = {"id": str(ticket.contact_id), "href": href, "role": "transcript"}
    return [{**reference, "@referredType": "PartyInteraction"}]


def _status_changes(audit: Sequence[AuditRecord]) -> list[dict[str, str]]:
    """Every state the ticket came into, and why."""
    states = [(entry.at, entry.status, entry.why) for entry in audit if entry.status is not None]
    return [{"changeDate": at.isoformat(), "status": status, "changeReason": why} for at, status, why in states]


def _note(note: NoteRecord) -> dict[str, str]:
    return {"id": str(note.id), "author": note.author, "date": note.at.isoformat(), "text": note.text}


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
