"""A ticket as TMF621 v4 shows it; no HTTP and no database here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from escalation import tmf_kind
from escalation.policy import Policy
from escalation.records import AuditRecord, ClockRecord, NoteRecord, TicketRecord
from escalation.relatives import Link
from escalation.targets import TIER

PATH = "/tmf-api/troubleTicket/v4/troubleTicket"
INTERACTION_PATH = "/tmf-api/partyInteraction/v4/partyInteraction"
TIER_ROLE = "supportTier"


def trouble_ticket(
    ticket: TicketRecord,
    clocks: Sequence[ClockRecord],
    notes: Sequence[NoteRecord],
    audit: Sequence[AuditRecord],
    *,
    links: Sequence[Link],
    attachments: Sequence[Mapping[str, Any]],
    base_url: str,
    policy: Policy,
) -> dict[str, Any]:
    """The TMF621 resource. Internal notes are not part of it. `attachments`: references to those of its contact."""
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
        "attachment": [*filed("attachment", ()), *attachments] or None,
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
