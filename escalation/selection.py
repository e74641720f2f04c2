"""Which tickets a list is asked for: the filters of TMF621 as conditions on the table."""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, false, func, literal, or_, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute

from escalation.errors import Incomplete
from escalation.records import TicketRecord
from escalation.reference import normalise
from escalation.tmf import TIER_ROLE

_TEXTS: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
    "status": TicketRecord.status,
    "severity": TicketRecord.severity,
    "ticketType": TicketRecord.ticket_type,
    "priority": TicketRecord.priority,
    "externalId": TicketRecord.external_id,
    "name": func.coalesce(TicketRecord.name, TicketRecord.reference),
    "description": TicketRecord.problem,
    "statusChangeReason": TicketRecord.status_reason,
}
LISTED = frozenset({"status", "priority", "severity", "ticketType"})  # `status=held,pending` is OR
MOMENTS: Mapping[str, InstrumentedAttribute[Any]] = {
    "creationDate": TicketRecord.created_at,
    "lastUpdate": TicketRecord.updated_at,
    "statusChangeDate": TicketRecord.status_changed_at,
    "resolutionDate": TicketRecord.resolved_at,
}
COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
PARTY = "relatedParty."
_OF_A_PARTY = frozenset({"id", "role"})


def conditions(filters: Iterable[tuple[str, str]]) -> list[ColumnElement[bool]]:
    """All must fit; a name given twice is OR, but for dates, which are the two ends of a span.

    Raises Incomplete, which names the filter that is unknown or has no sense.
    """
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in filters:
        asked[name].append(value.replace("\x00", ""))
    party = {name.removeprefix(PARTY): asked.pop(name) for name in list(asked) if name.startswith(PARTY)}
    found = [_condition(name, values) for name, values in asked.items()]
    return [*found, _has_party(party)] if party else found


def which(ticket_id: str) -> ColumnElement[bool]:
    """By id, or by the reference the customer knows."""
    reference = normalise(ticket_id)
    if reference is not None:
        return TicketRecord.reference == reference
    try:
        return TicketRecord.id == UUID(ticket_id)
    except ValueError:
        return false()


def filed_by(caller: str | None) -> ColumnElement[bool]:
    """Tickets of this caller alone; None: everybody's."""
    return true() if caller is None else TicketRecord.filed_by == caller


def _condition(name: str, values: Sequence[str]) -> ColumnElement[bool]:
    if name == "id":
        return or_(*(which(value) for value in values))
    if name in _TEXTS:
        listed = [part for value in values for part in value.split(",")] if name in LISTED else values
        return _TEXTS[name].in_(listed)
    attribute, _, comparison = name.partition(".")
    if attribute in MOMENTS and comparison in COMPARED and not name.endswith("."):
        compare = COMPARED[comparison]
        return and_(*(compare(MOMENTS[attribute], moment(name, value)) for value in values))
    raise _unknown(name)


def _has_party(asked: Mapping[str, Sequence[str]]) -> ColumnElement[bool]:
    """One party to which all of it applies: one that was filed, or the support tier, which is not stored as one."""
    for name, values in asked.items():
        if name not in _OF_A_PARTY:
            raise _unknown(f"{PARTY}{name}")
        if len(values) > 1:
            raise Incomplete(f"{PARTY}{name} can be given once")
    party = {name: values[0] for name, values in asked.items()}
    filed = TicketRecord.filed.contains(cast({"relatedParty": [party]}, JSONB))
    if party.get("role", TIER_ROLE) != TIER_ROLE:
        return filed
    if "id" not in party:
        return literal(value=True)  # every ticket has its tier
    return or_(filed, func.concat(TicketRecord.department, "-", TicketRecord.tier) == party["id"])


def moment(name: str, value: str) -> datetime:
    """A date is its midnight; without an offset it is UTC. A `+` that arrives unescaped as a space is understood."""
    try:
        at = datetime.fromisoformat(re.sub(r" (?=\d\d:?\d\d$)", "+", value) if "T" in value else value)
    except ValueError:
        raise Incomplete(f"{name} is not a date: {value[:40]}") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _unknown(name: str) -> Incomplete:
    moments = [f"{moment}[.gt .gte .lt .lte]" for moment in MOMENTS]
    known = ", ".join(["id", *_TEXTS, *moments, *(f"{PARTY}{part}" for part in sorted(_OF_A_PARTY))])
    return Incomplete(f"cannot filter by {name[:80]}; possible: {known}")
