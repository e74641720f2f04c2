"""The public TMF621 test kit against a running escalation service. Skipped where the kit or npm is absent."""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from escalation import migrate
from escalation.app import create_app
from escalation.tmf import PATH
from settings import Settings
from tests.conformance.serving import SPECS, serving

KIT = SPECS / "ctk" / "CTK-TMF621-TroubleTicket.postman_collection.json"
NPX = shutil.which("npx")
NEWMAN = "newman@6.2.2"

pytestmark = [
    pytest.mark.skipif(not KIT.exists(), reason="the kit is not there (../shared/specs)"),
    pytest.mark.skipif(NPX is None, reason="npm is not installed"),
    pytest.mark.skipif(os.environ.get("FIRSTLINE_CONFORMANCE") != "1", reason="set FIRSTLINE_CONFORMANCE=1 (uses npm)"),
]


async def test_the_public_kit_passes_whole(settings: Settings, database_url: str, tmp_path: Path) -> None:
    collection = tmp_path / "kit.json"
    collection.write_text(json.dumps(_with_token(settings.firstline_api_token.get_secret_value())))
    report = tmp_path / "report.json"
    migrate.upgrade(settings.database_url)
    async with serving(create_app(settings)) as home:
        address = home + PATH.removesuffix("/troubleTicket")
        newman = await asyncio.create_subprocess_exec(
            *(str(NPX), "--yes", NEWMAN, "run", str(collection), "--env-var", f"TroubleTicketAPI={address}"),
            *("--reporters", "json", "--reporter-json-export", str(report)),
        )
        await asyncio.wait_for(newman.wait(), 300)

    assertions = json.loads(report.read_text())["run"]["stats"]["assertions"]
    assert (assertions["failed"], assertions["total"] >= 158) == (0, True)


def _with_token(token: str) -> dict[str, object]:
    """newman has no option for a header: the token goes into a copy of the collection."""
    collection: dict[str, object] = json.loads(KIT.read_text())
    collection["auth"] = {"type": "bearer", "bearer": [{"key": "token", "value": token, "type": "string"}]}
    return collection
