"""Requests made up out of descriptions that are published to nobody: the console's pages, with tickets that are there,
and what our programs ask the knowledge base. None breaks a program, none waits for ever.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from redis.asyncio import Redis

import console.app
import escalation.app
import knowledge.app
from console.session import COOKIE
from escalation import migrate, policy
from escalation.client import ContactStart, EscalationClient, Signals
from escalation.relation import Relation
from escalation.ticket import Move
from knowledge import build
from settings import Settings
from tests.conformance import schemathesis
from tests.conformance.serving import serving
from tests.conformance.test_own_openapi import CHECKS, without_refusals
from tests.console.fake_library import FakeLibrary
from tests.console.site import served as console_served
from tests.knowledge.conftest import ARTICLES

pytestmark = schemathesis.runs

SUPERVISOR = {"username": "sam.okoye", "password": "test-demo-password"}
BOUNDS = ("--checks", CHECKS, "--phases", "examples,fuzzing", "--request-timeout", "10")
TICKETS = 4
FITTING: dict[str, list[Any]] = {  # in a form about a ticket, by the name of the field
    "version": list(range(1, 6)),
    "move": [move.value for move in Move],
    "department": sorted(policy.load().routing.departments),
    "relation": [relation.value for relation in Relation],
}


def described(folder: Path, openapi: dict[str, Any]) -> Path:
    description = folder / "openapi.json"
    description.write_text(json.dumps(without_refusals(openapi)))
    return description


def examples(most: int, leaving_out: Sequence[str] = ()) -> tuple[str, ...]:
    return ("--max-examples", str(most), *(part for path in leaving_out for part in ("--exclude-path", path)))


async def test_no_form_breaks_the_console(settings: Settings, database_url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(migrate.upgrade, database_url)
    async with console_at_work(settings) as (address, headers, _):
        description = described(tmp_path, console.app.create_app(settings).openapi())
        await schemathesis.asked(
            description, address, headers, *BOUNDS, *examples(3, leaving_out=("/sign-out", "/sign-in"))
        )


async def test_no_form_breaks_the_page_of_a_ticket(settings: Settings, database_url: str, tmp_path: Path) -> None:
    """What is asked for is there, and half of it may be done: beyond the checks of the form itself."""
    await asyncio.to_thread(migrate.upgrade, database_url)
    async with console_at_work(settings) as (address, headers, desk):
        references = [await ticket_of(desk) for _ in range(TICKETS)]
        description = described(tmp_path, of_tickets(console.app.create_app(settings).openapi(), references))
        only = ("--include-path-regex", "^/tickets/", "--mode", "positive")
        await schemathesis.asked(description, address, headers, *BOUNDS, *examples(8), *only)
        versions = [(await desk.ticket(SUPERVISOR["username"], reference)).version for reference in references]

    assert max(versions) > 3  # some of it was done


@asynccontextmanager
async def console_at_work(settings: Settings) -> AsyncIterator[tuple[str, dict[str, str], EscalationClient]]:
    """Its address, what a supervisor's browser sends to it, and the desk behind it."""
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
            yield address, {"Origin": origin, "Cookie": f"{COOKIE}={signed_in.cookies[COOKIE]}"}, desk
        await desk.aclose()


async def ticket_of(desk: EscalationClient) -> str:
    contact_id = uuid4()
    start = ContactStart(contact_id=contact_id, channel="chat", language="en", started_at=datetime.now(UTC))
    await desk.start_contact(start)
    signals = Signals(category="general", reason="wants_person", problem="it does not work")
    return (await desk.hand_over(contact_id, signals, key="t1")).ticket.reference


def of_tickets(openapi: dict[str, Any], references: list[str]) -> dict[str, Any]:
    """Only these are asked for, and forms say something that fits them."""
    fitting = {**FITTING, "to": [*references, *sorted(policy.load().people)]}
    for operations in openapi["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] == "reference":
                    parameter["schema"] = {"type": "string", "enum": references}
    for schema in openapi["components"]["schemas"].values():
        known = schema.get("properties", {}).keys() & fitting.keys()
        for name in known:
            schema["properties"][name] = {"enum": fitting[name]}
        schema["required"] = sorted({*schema.get("required", ()), *known})
    return openapi


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
