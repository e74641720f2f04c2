"""Requests made up for the telephone's webhooks, signed as Twilio signs them: none breaks a call, theirs or ours."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import select

import escalation.app
import ivr.app
from escalation import migrate, policy
from escalation.calls.call_record import OutgoingCallRecord
from escalation.calls.dialling import Dialler
from escalation.client import EscalationClient
from escalation.database import connect, sessions_of
from escalation.office import Office
from settings import Settings
from tests.conformance import schemathesis
from tests.conformance.serving import serving
from tests.conformance.test_front_doors import BOUNDS, described, examples
from tests.escalation.calls.fake_network import FakeNetwork
from tests.escalation.calls.test_callbacks import promised
from tests.escalation.calls.test_confirmations import solved
from tests.escalation.shift import Shift, Wristwatch
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import served as telephone_served

pytestmark = schemathesis.runs

OF_OUR_CALLS = "^/called/"  # the fake desk knows no call of ours
KEYS = {"anyOf": [{"type": "string", "enum": ["1", "2", "9", ""]}, {"type": "string"}]}
ENDS = {"type": "string", "enum": ["completed", "busy", "no-answer", "failed", "canceled", "in-progress", "?"]}
FIELDS = {  # of a webhook's form that a rule of ours reads
    "CallSid": {"type": "string", "enum": ["CA1", "CA2"]},
    "MessageSid": {"type": "string", "enum": ["SM" + "0" * 32, "MM" + "a" * 32]},
    "From": {"anyOf": [{"type": "string", "enum": ["+447700900123", "anonymous"]}, {"type": "string"}]},
    "To": {"type": "string"},
    "Body": {"type": "string"},
    "Direction": {"type": "string"},
    "Digits": KEYS,
    "AnsweredBy": {"anyOf": [{"type": "string", "enum": ["human", "machine_start", "fax"]}, {"type": "string"}]},
    "SpeechResult": {"type": "string"},
    "Confidence": {"type": "string"},
    "CallStatus": ENDS,
    "DialCallStatus": {"type": "string"},
    "RecordingSid": {"type": "string"},
    "RecordingUrl": {"type": "string"},
    "RecordingDuration": {"type": "string"},
    "HandoffData": {"type": "string"},
}


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
        await schemathesis.asked(
            description, address, {}, *BOUNDS, *examples(15), "--exclude-path-regex", OF_OUR_CALLS, signed_with=token
        )

    assert broken(caplog) == []


async def test_no_webhook_breaks_a_call_that_we_make(
    settings: Settings, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One who asked for it and one who is asked whether it is solved have been rung; a third call is none of ours."""
    await asyncio.to_thread(migrate.upgrade, database_url)
    calls = await rung(settings)
    webhooks = with_forms(ivr.app.create_app(settings).openapi())
    for operations in webhooks["paths"].values():
        for parameter in operations.get("post", {}).get("parameters", ()):
            if parameter["name"] == "call":
                parameter["schema"] = {"type": "string", "enum": [*map(str, calls), str(UUID(int=7))]}
    description = described(tmp_path, webhooks)
    async with (
        serving(escalation.app.create_app(settings)) as home,
        Redis.from_url(settings.redis_url, decode_responses=True) as redis,
    ):
        desk = EscalationClient.connect(settings.model_copy(update={"firstline_web_url": home}), redis)
        async with telephone_served(settings, FakeAssistant(FakeDesk()), desk) as http:
            address = f"{str(http.base_url).rstrip('/')}/ivr"
            token = settings.twilio_auth_token.get_secret_value()
            only = ("--include-path-regex", OF_OUR_CALLS)
            await schemathesis.asked(description, address, {}, *BOUNDS, *examples(30), *only, signed_with=token)
        await desk.aclose()

    assert broken(caplog) == []
    assert None not in await outcomes(settings)  # each was answered, or ended, by one of the webhooks


async def rung(settings: Settings) -> list[UUID]:
    engine, watch, network = connect(settings), Wristwatch(), FakeNetwork()
    shift = Shift(Office(sessions_of(engine), policy.load(), "Larkfield Telecom", now=watch), watch)
    await promised(shift)
    await solved(shift, caller="+447700900124")
    watch.advance(hours=2)
    assert await Dialler(network).look(shift.office) == 2
    await engine.dispose()
    return network.ids


async def outcomes(settings: Settings) -> list[str | None]:
    engine = connect(settings)
    async with sessions_of(engine)() as session:
        found = list(await session.scalars(select(OutgoingCallRecord.outcome)))
    await engine.dispose()
    return found


def broken(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "uvicorn.error" and record.exc_info]
