"""A ticket's kind, form, system and relations in the words of TMF621."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from escalation import form_check
from escalation.errors import Incomplete
from escalation.form import fields_of
from escalation.kind import Kind, named
from escalation.policy import FALLBACK_CATEGORY, Policy
from escalation.records import TicketRecord
from escalation.relation import Relation
from escalation.relatives import Link
from escalation.tmf_parts import Relationship

SYSTEM_ROLE, WINDOW_ROLE = "affectedSystem", "maintenanceWindow"
# Relation -> the type as the ticket that has it says it, and as the other one does.
TYPES: Mapping[Relation, tuple[str, str]] = {
    Relation.DUPLICATE_OF: ("isDuplicateOf", "hasDuplicate"),
    Relation.CHILD_OF: ("isChildOf", "isParentOf"),
    Relation.SAME_WISH_AS: ("isSameWishAs", "hasSameWish"),
    Relation.CAUSED_BY: ("isCausedBy", "causes"),
}
OURS = frozenset(name for pair in TYPES.values() for name in pair)
_VALUE_TYPES = {bool: "boolean", list: "array"}


class Characteristic(BaseModel):
    """A field of the kind's form."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str = Field(min_length=1, max_length=200)
    value: JsonValue


def kind_and_topic(ticket_type: str, policy: Policy) -> tuple[Kind, str]:
    """A kind's name is that kind, a topic is what conversations about it become; any other is an incident."""
    kind = named(ticket_type)
    if ticket_type in policy.routing.categories:
        return kind or policy.kind(ticket_type), ticket_type
    return (kind, policy.kinds.kinds[kind].topic) if kind else (Kind.INCIDENT, FALLBACK_CATEGORY)


def form_of(kind: Kind, given: Sequence[Characteristic], policy: Policy) -> dict[str, Any]:
    """Raises Incomplete, which names the field."""
    names = [entry.name for entry in given]
    if len(set(names)) != len(names):
        raise Incomplete("troubleTicketCharacteristic: a name is given twice")
    return form_check.form_for(policy, kind, {entry.name: entry.value for entry in given})


def characteristics(ticket: TicketRecord) -> list[dict[str, Any]]:
    return [
        {"name": entry.name, "value": entry.value, "valueType": _VALUE_TYPES.get(type(entry.value), "string")}
        for entry in fields_of(Kind(ticket.kind), ticket.form)
    ]


def relationships(links: Sequence[Link], url: str) -> list[dict[str, str]]:
    """`url`: of the tickets, to which an id is added."""
    return [
        {
            "id": str(link.other_id),
            "href": f"{url}/{link.other_id}",
            "name": link.reference,
            "relationshipType": TYPES[link.relation][0 if link.direction == "to" else 1],
        }
        for link in links
    ]


def asked_for(entries: Sequence[Relationship]) -> list[tuple[Relation, str]]:
    """The relations to tickets of ours that a client names; what it read of others' relations is left aside.

    Raises Incomplete for one without an id.
    """
    own = {names[0]: relation for relation, names in TYPES.items()}
    found = [(own[entry.relationshipType], entry.id) for entry in entries if entry.relationshipType in own]
    if not all(ticket_id for _, ticket_id in found):
        raise Incomplete("troubleTicketRelationship: id: Field required")
    return found


def related(ticket: TicketRecord, links: Sequence[Link], url: str, policy: Policy) -> list[dict[str, str]]:
    """The system it is about, and the window that caused it, as related entities."""
    found = []
    system = policy.routing.systems.get(ticket.system) if ticket.system else None
    if ticket.system and system:
        found.append({"id": ticket.system, "name": system.name, "role": SYSTEM_ROLE, "@referredType": "Resource"})
    for link in links:
        if link.relation is Relation.CAUSED_BY and link.direction == "to":
            href = f"{url}/{link.other_id}"
            entry = {"id": str(link.other_id), "href": href, "name": link.reference, "role": WINDOW_ROLE}
            found.append({**entry, "@referredType": "TroubleTicket"})
    return found
