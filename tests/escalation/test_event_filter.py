"""The query of a subscription: which events it lets through."""

from typing import Any

import pytest

from escalation.errors import Incomplete
from escalation.event_filter import EventFilter

TICKET = {
    "id": "7b0c2e0e-6f0d-4a55-8f6c-9f2f4f3d1a11",
    "name": "No dial tone",
    "status": "resolved",
    "severity": "High",
    "priority": "P2",
    "creationDate": "2026-11-23T10:00:00+00:00",
    "relatedParty": [
        {"id": "c-7", "role": "customer", "@referredType": "Individual", "age": 7},
        {"id": "billing-1", "role": "supportTier", "@referredType": "Organization"},
    ],
}
EVENT: dict[str, Any] = {"eventType": "TroubleTicketResolvedEvent", "event": {"troubleTicket": TICKET}}


@pytest.mark.parametrize(
    "query",
    [
        None,
        "",
        "eventType=TroubleTicketResolvedEvent",
        "?eventType=TroubleTicketCreateEvent,TroubleTicketResolvedEvent",
        "eventType = TroubleTicketResolvedEvent & priority = P2",
        "eventType=TroubleTicketCreateEvent&eventType=TroubleTicketResolvedEvent",
        "priority=P1,P2&severity=High",
        "event.troubleTicket.priority=P2",
        "troubleTicket.status=resolved",
        "name=No%20dial%20tone",
        "creationDate.gte=2026-11-23&creationDate.lt=2026-11-24",
        "creationDate.gt=2026-11-23T11:00:00+02:00",
        "relatedParty.id=c-7&relatedParty.role=customer",
        "relatedParty.role=supportTier",
    ],
)
def test_what_fits_comes_through(query: str | None) -> None:
    assert EventFilter.of(query).fits(EVENT)


@pytest.mark.parametrize(
    "query",
    [
        "eventType=TroubleTicketCreateEvent",
        "eventType=TroubleTicketResolvedEvent&priority=P1",
        "externalId=ERP-7",
        "creationDate.gt=2026-11-23T10:00:00Z",
        "resolutionDate.lt=2030-01-01",
        "relatedParty.id=c-7&relatedParty.role=supportTier",
    ],
)
def test_what_does_not_fit_is_kept_back(query: str) -> None:
    assert not EventFilter.of(query).fits(EVENT)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("colour=red", "cannot filter by colour"),
        ("eventType=TicketEvent", "no eventType TicketEvent"),
        ("eventType=", "no eventType"),
        ("nonsense", "cannot filter by nonsense"),
        ("creationDate.gt=soon", "is not a date"),
        ("relatedParty.name=x", "cannot filter by relatedParty.name"),
        ("&".join(["priority=P1"] * 60), "at most 50"),
    ],
)
def test_a_query_that_is_not_understood_is_refused(query: str, told: str) -> None:
    with pytest.raises(Incomplete, match=f"^query: .*{told}"):
        EventFilter.of(query)
