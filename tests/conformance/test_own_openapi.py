"""Requests made up out of our own descriptions of our doors, right and wrong ones: none breaks a program, and whatever
is answered has the shape that was promised.
"""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

import chat.app
import escalation.app
import outbound.app
import subscriber.demo.app
from escalation import migrate
from settings import Settings
from tests.conformance import schemathesis
from tests.conformance.serving import serving

pytestmark = schemathesis.runs

CHECKS = "not_a_server_error,response_schema_conformance"
EACH = "10"  # requests of every path and method
NOWHERE = "http://127.0.0.1:9"
PROGRAMS: dict[str, tuple[Callable[[Settings], FastAPI], Callable[[Settings], str]]] = {
    "escalation": (escalation.app.create_app, lambda settings: settings.internal_token),
    "chat": (chat.app.create_app, lambda settings: settings.internal_token),
    "outbound": (outbound.app.create_app, lambda settings: settings.internal_token),
    "operator": (
        subscriber.demo.app.create_app,
        lambda settings: settings.firstline_operator_token.get_secret_value(),
    ),
}


def without_refusals(description: dict[str, Any]) -> dict[str, Any]:
    """FastAPI describes one shape of a 422; ours say in a sentence what is wrong."""
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    return description


@pytest.mark.parametrize("name", PROGRAMS)
async def test_no_request_breaks_a_program(name: str, settings: Settings, database_url: str, tmp_path: Path) -> None:
    create, token = PROGRAMS[name]
    alone = settings.model_copy(
        update={
            "rasa_url": NOWHERE,
            "firstline_inner_url": NOWHERE,
            "twilio_api_base": NOWHERE,
            "chat_requests_per_minute": 10**9,
            "api_requests_per_minute": 10**9,
        }
    )
    migrate.upgrade(database_url)
    async with AsyncExitStack() as stack:
        app = create(alone)
        if name == "chat":  # its record goes to escalation
            home = await stack.enter_async_context(serving(escalation.app.create_app(alone)))
            app = create(alone.model_copy(update={"firstline_web_url": home}))
        address = await stack.enter_async_context(serving(app))
        description = tmp_path / f"{name}.json"
        description.write_text(json.dumps(without_refusals(app.openapi())))
        await schemathesis.asked(
            description,
            address,
            {"Authorization": f"Bearer {token(alone)}", "X-Firstline-Person": "sam.okoye"},
            *("--checks", CHECKS, "--max-examples", EACH, "--phases", "examples,fuzzing"),
            *("--exclude-path", "/demo/faults"),  # which would make it slow on purpose
        )
