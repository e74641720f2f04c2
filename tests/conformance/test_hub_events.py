"""The events that are sent have the shapes of the TMF621 v4 definitions. Skipped where these are absent."""

import json
from typing import Any

import jsonschema
import pytest
from sqlalchemy import select

from escalation import migrate, subscription
from escalation.notification import HUB, EventType
from escalation.records import OutboxRecord
from escalation.subscription import Subscribe
from settings import Settings
from tests.conformance.serving import SPECS
from tests.escalation.escalation_service import started
from tests.escalation.test_tmf621 import ADMIN, PATH, filed, patched

DEFINITIONS = SPECS / "TMF621-TroubleTicket-v4.0.0.swagger.json"

pytestmark = pytest.mark.skipif(not DEFINITIONS.exists(), reason="the definitions are not there (../shared/specs)")


async def events(settings: Settings) -> list[dict[str, Any]]:
    """Of a ticket that goes through everything."""
    async with started(settings) as service:
        wanted = Subscribe(callback="https://erp.example/events")
        await subscription.subscribe(service.office, "api", wanted)
        ticket = await filed(service, note=[{"author": "erp", "text": "seen"}], channel={"id": "erp"})
        await patched(service, ticket, status="inProgress", externalId="ERP-7")
        for status in ("pending", "inProgress", "resolved"):
            await patched(service, ticket, status=status)
        await service.http.delete(f"{PATH}/{ticket['id']}", headers=ADMIN)
        async with service.office.sessions() as session:
            found = await session.scalars(
                select(OutboxRecord.payload).where(OutboxRecord.topic == HUB).order_by(OutboxRecord.id)
            )
            return list(found)


async def test_every_kind_of_event_has_its_shape(settings: Settings, database_url: str) -> None:
    definitions = json.loads(DEFINITIONS.read_text())["definitions"]
    migrate.upgrade(database_url)

    told = await events(settings)

    assert {event["eventType"] for event in told} == set(EventType)
    for event in told:
        schema = {"$ref": f"#/definitions/{event['eventType']}", "definitions": closed(definitions, event["eventType"])}
        jsonschema.validate(event, schema, format_checker=jsonschema.FormatChecker())


def closed(definitions: dict[str, Any], event_type: str) -> dict[str, Any]:
    """The event's own definition lets nothing else in: a name that is written wrongly is found."""
    return {**definitions, event_type: {**definitions[event_type], "additionalProperties": False}}
