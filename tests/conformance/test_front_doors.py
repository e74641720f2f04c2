"""Requests made up out of descriptions that are published to nobody: the console's pages, the telephone's webhooks and
what our programs ask the knowledge base. None breaks a program, none waits for ever.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

import console.app
import escalation.app
import ivr.app
import knowledge.app
from console.session import COOKIE
from escalation import migrate
from escalation.client import EscalationClient
from knowledge import build
from settings import Settings
from tests.conformance import schemathesis
from tests.conformance.serving import serving
from tests.conformance.test_own_openapi import CHECKS, without_refusals
from tests.console.fake_library import FakeLibrary
from tests.console.site import served as console_served
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import served as telephone_served
from tests.knowledge.conftest import ARTICLES

pytestmark = schemathesis.runs

SUPERVISOR = {"username": "sam.okoye", "password": "test-demo-password"}
BOUNDS = ("--checks", CHECKS, "--phases", "examples,fuzzing", "--request-timeout", "10")
NOT_OF_OUR_CALLS = ("--exclude-path-regex", "^/called/")  # the fake desk knows no call of ours
FIELDS = {  # of a webhook's form that a rule of ours reads
    "CallSid": {"type": "string", "enum": ["CA1", "CA2"]},
    "MessageSid": {"type": "string", "enum": ["SM" + "0" * 32, "MM" + "a" * 32]},
    "From": {"anyOf": [{"type": "string", "enum": ["+447700900123", "anonymous"]}, {"type": "string"}]},
    "To": {"type": "string"},
    "Body": {"type": "string"},
    "Direction": {"type": "string"},
    "Digits": {"type": "string"},
    "SpeechResult": {"type": "string"},
    "Confidence": {"type": "string"},
    "CallStatus": {"type": "string"},
    "DialCallStatus": {"type": "string"},
    "RecordingSid": {"type": "string"},
    "RecordingUrl": {"type": "string"},
    "RecordingDuration": {"type": "string"},
    "HandoffData": {"type": "string"},
}


def described(folder: Path, openapi: dict[str, Any]) -> Path:
    description = folder / "openapi.json"
    description.write_text(json.dumps(without_refusals(openapi)))
    return description


def examples(most: int, leaving_out: Sequence[str] = ()) -> tuple[str, ...]:
    return ("--max-examples", str(most), *(part for path in leaving_out for part in ("--exclude-path", path)))


def with_forms(openapi: dict[str, Any]) -> dict[str, Any]:
    """The webhooks read their form themselves, before FastAPI could describe it."""
    schema = {"type": "object", "properties": FIELDS, "required": ["CallSid", "MessageSid"]}
    for operations in openapi["paths"].values():
        if "post" in operations:
            content = {"application/x-www-form-urlencoded": {"schema": schema}}
            operations["post"]["requestBody"] = {"required": True, "content": content}
    return openapi


async def test_no_webhook_breaks_the_telephone(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A caller hears a sentence even where a webhook broke: that it did stands in the log alone."""
    desk = FakeDesk()
    description = described(tmp_path, with_forms(ivr.app.create_app(settings).openapi()))
    async with telephone_served(settings, FakeAssistant(desk), desk) as http:
        address = f"{str(http.base_url).rstrip('/')}/ivr"
        token = settings.twilio_auth_token.get_secret_value()
        await schemathesis.asked(description, address, {}, *BOUNDS, *examples(15), *NOT_OF_OUR_CALLS, signed_with=token)

    assert [
        record.getMessage() for record in caplog.records if record.name == "uvicorn.error" and record.exc_info
    ] == []


async def test_no_form_breaks_the_console(settings: Settings, database_url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(migrate.upgrade, database_url)
    async with (
        serving(escalation.app.create_app(settings)) as home,
        Redis.from_url(settings.redis_url, decode_responses=True) as redis,
    ):
        desk = EscalationClient.connect(settings.model_copy(update={"firstline_web_url": home}), redis)
        async with console_served(settings, desk, FakeLibrary()) as address:
            origin = address.removesuffix("/console")
            async with httpx.AsyncClient(headers={"Origin": origin}) as browser:
                signed_in = await browser.post(f"{address}/sign-in", data=SUPERVISOR)
            assert signed_in.status_code == 303
            headers = {"Origin": origin, "Cookie": f"{COOKIE}={signed_in.cookies[COOKIE]}"}
            description = described(tmp_path, console.app.create_app(settings).openapi())
            await schemathesis.asked(
                description, address, headers, *BOUNDS, *examples(3, leaving_out=("/sign-out", "/sign-in"))
            )
        await desk.aclose()


async def test_no_question_breaks_the_knowledge_base(settings: Settings, tmp_path: Path) -> None:
    """Trying a proposal is left out: it would build an index of the articles of this checkout."""
    settings = settings.model_copy(update={"firstline_state": tmp_path / "state"})
    await asyncio.to_thread(build.build, settings, ARTICLES, light=False)
    app = knowledge.app.create_app(settings)
    description = described(tmp_path, app.openapi())
    headers = {"Authorization": f"Bearer {settings.firstline_internal_token.get_secret_value()}"}
    async with serving(app) as address:
        await schemathesis.asked(
            description, address, headers, *BOUNDS, *examples(15, leaving_out=("/knowledge/v1/attempts",))
        )
