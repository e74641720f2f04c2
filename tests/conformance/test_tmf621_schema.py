"""Requests made up out of the TMF621 v4 definitions, right and wrong ones: schemathesis finds no fault in the answers.

Skipped where the definitions are absent. What is left out: content types (the definitions name a charset), methods
that the definitions do not have, and right requests that we refuse because a rule cannot be said in them.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from escalation import migrate
from escalation.app import create_app
from escalation.tmf import PATH
from settings import Settings
from tests.conformance import schemathesis
from tests.conformance.serving import SPECS, serving

DEFINITIONS = SPECS / "TMF621-TroubleTicket-v4.0.0.swagger.json"
LEFT_OUT = "content_type_conformance,unsupported_method,allow_header_conformance,positive_data_acceptance"

pytestmark = [
    pytest.mark.skipif(not DEFINITIONS.exists(), reason="the definitions are not there (../shared/specs)"),
    *schemathesis.runs,
]

# Rules of ours that the definitions leave out: with them a request is wrong only in what was made wrong.
NOT_EMPTY = {
    "TroubleTicket_Create": ("description", "severity", "ticketType"),
    "TroubleTicket_Update": ("description", "severity", "ticketType"),
    "Note": ("text",),
    "RelatedParty": ("id", "@referredType"),
    "RelatedEntity": ("id", "@referredType", "role"),
    "ChannelRef": ("id",),
}
NULL_IS_ABSENT = ("name", "externalId", "requestedResolutionDate")  # and in a merge patch (RFC 7396) it clears
SUBSCRIPTION = {
    "callback": {"type": "string", "enum": ["https://93.184.215.14/events", "https://93.184.215.14/tickets"]},
    "query": {"type": "string", "enum": ["", "eventType=TroubleTicketCreateEvent", "priority=P1,P2"]},
}


def sharpened(definitions: dict[str, Any]) -> dict[str, Any]:
    found = definitions["definitions"]
    for name, attributes in NOT_EMPTY.items():
        for attribute in attributes:
            found[name]["properties"][attribute]["minLength"] = 1
    for name in ("TroubleTicket_Create", "TroubleTicket_Update"):
        for attribute in NULL_IS_ABSENT:
            found[name]["properties"][attribute]["x-nullable"] = True
        found[name]["properties"]["channel"] = {"x-nullable": True, **found["ChannelRef"]}
    found["TroubleTicket_Create"]["properties"]["status"] = {"type": "string"}  # ours to set: whatever it says
    found["TroubleTicket_Update"]["properties"]["statusChangeReason"]["x-nullable"] = True
    found["Note"]["required"] = ["text"]
    found["EventSubscriptionInput"]["properties"] = SUBSCRIPTION
    return definitions


async def test_no_request_out_of_the_definitions_is_answered_wrongly(
    settings: Settings, database_url: str, tmp_path: Path
) -> None:
    migrate.upgrade(settings.database_url)
    token = settings.firstline_admin_token.get_secret_value()
    sharp = tmp_path / "tmf621.json"
    sharp.write_text(json.dumps(sharpened(json.loads(DEFINITIONS.read_text()))))
    async with serving(create_app(settings)) as address:
        await schemathesis.asked(
            sharp,
            f"{address}{PATH.removesuffix('/troubleTicket')}",
            {"Authorization": f"Bearer {token}"},
            *("--include-path-regex", "^/(troubleTicket|hub)", "--exclude-checks", LEFT_OUT),
        )
