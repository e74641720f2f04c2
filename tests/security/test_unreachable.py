"""From the public port there is no way to the inner programs, and none past a key to what is behind one."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import httpx
import psutil
import pytest
from fastapi import FastAPI

from bot.client import BotClient
from ops.product import Product
from settings import ROOT, Settings
from tests.security.hostile import CORPUS
from tests.security.routes import routes

ID = "7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11"
INNER = (
    ("POST", "/webhook"),
    ("POST", "/webhooks/firstline/webhook"),
    ("GET", "/webhooks/firstline/health"),
    ("POST", "/webhooks/rest/webhook"),
    ("POST", "/conversations/x/messages"),
    ("POST", "/conversations/x/trigger_intent"),
    ("GET", "/conversations/x/tracker"),
    ("POST", "/model/parse"),
    ("PUT", "/model"),
    ("GET", "/version"),
    ("GET", "/status"),
    ("GET", "/domain"),
    ("GET", "/actions"),
    ("POST", "/knowledge/v1/decide"),
    ("GET", "/knowledge/v1/health"),
    ("GET", "/knowledge/v1/articles/broadband-slow"),
    ("POST", "/outbound/v1/messages"),
    ("POST", "/outbound/v1/opt-outs"),
    ("GET", "/outbound/v1/health"),
    ("GET", "/tmf-api/customerManagement/v4/customer"),
    ("GET", "/tmf-api/customerBillManagement/v4/customerBill"),
    ("GET", "/tmf-api/serviceInventory/v4/service"),
    ("POST", "/demo/faults"),
    ("GET", "/demo/messages"),
    ("POST", f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"),
)
DISGUISES = (
    "{path}",
    "/{path}",
    "/chat/..{path}",
    "/chat/%2e%2e{path}",
    "/console/static/..{path}",
    "/ivr/..;{path}",
    "{path}/",
)

# What anybody may ask: pages, health, and doors at which the key is in the request itself.
OPEN = {
    "GET /",
    "GET /health/live",
    "GET /health/ready",
    "POST /chat/conversations",
    "GET /chat/",
    "GET /chat/widget.js",
    "GET /chat/widget.css",
    "GET /chat/page/{name}",
    "GET /console/sign-in",
    "GET /console/static/htmx.js",
    "GET /ivr/hold.wav",
    "POST /oauth2/token",  # a client's secret is in it, and is asked for with 400 or 401
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/oauth2-redirect",
    "GET /redoc",
    "GET /.well-known/jwks.json",
    "GET /.well-known/oauth-authorization-server",
}
REFUSALS = {401, 403}
TO_SIGN_IN = 303


async def test_no_inner_program_is_behind_the_public_port(public: httpx.AsyncClient, settings: Settings) -> None:
    """Not even for who has every key."""
    keys = [settings.firstline_internal_token, settings.firstline_admin_token, settings.firstline_operator_token]

    answers = {
        (method, disguise, path, key.get_secret_value()): await public.request(
            method,
            f"http://127.0.0.1:8000{disguise.format(path=path)}",
            json={},
            headers={"Authorization": f"Bearer {key.get_secret_value()}", "Origin": "http://127.0.0.1:8000"},
        )
        for disguise in DISGUISES
        for method, path in INNER
        for key in keys
    }

    assert {
        case: reply.status_code for case, reply in answers.items() if reply.status_code not in (401, 403, 404, 405)
    } == {}


async def test_every_route_that_is_not_open_asks_for_a_key(public_app: FastAPI, public: httpx.AsyncClient) -> None:
    told = {}
    for method, path in routes(public_app):
        filled = re.sub(r"\{[^}]*\}", ID, path)
        reply = await public.request(method, filled, json={}, headers={"Origin": "http://127.0.0.1:8000"})
        told[f"{method} {path}"] = reply

    unkeyed = {
        name: reply.status_code
        for name, reply in told.items()
        if reply.status_code not in REFUSALS
        and not (reply.status_code == TO_SIGN_IN and reply.headers["location"].startswith("/console/sign-in"))
    }

    assert set(unkeyed) <= OPEN, unkeyed
    assert len(told) > 80


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])
def test_only_the_public_program_is_told_another_address(tmp_path: Path, host: str) -> None:
    product = Product(tmp_path, {"FIRSTLINE_HOST": host, "FIRSTLINE_INTERNAL_TOKEN": "t", "REDIS_URL": "redis://x"})
    product._model = "model.tar.gz"

    bound = {command.name: _host(command.arguments) for command in product._commands()}

    assert bound == {
        "operator": "127.0.0.1",
        "outbound": "127.0.0.1",
        "inner": "127.0.0.1",
        "rasa": None,
        "web": host,
        "watch": None,
    }


def _host(words: Sequence[str]) -> str | None:
    found = [words[at + 1] for at, word in enumerate(words) if word in ("--host", "--interface")]
    assert len(found) <= 1
    return found[0] if found else None


def test_the_assistant_listens_on_loopback_and_serves_no_api() -> None:
    """Rasa's own HTTP API (conversations, model, parse) is off; the interface has to be asked for to be another."""
    source = (ROOT / "bot" / "server.py").read_text(encoding="utf-8")

    assert re.findall(r'"--interface", default="([^"]*)"', source) == ["127.0.0.1"]
    assert re.findall(r"enable_api=(\w+)", source) == ["False"]
    assert not re.search(r"\brest:|socketio:|callback:", (ROOT / "bot" / "credentials.yml").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_embedded_servers_listen_on_loopback_alone(request: pytest.FixtureRequest) -> None:
    redis, postgres = request.getfixturevalue("_redis"), request.getfixturevalue("_postgres")

    assert _listening(redis.child.pid) == {"127.0.0.1"}
    assert _listening(postgres.child.pid) == set()


def _listening(pid: int | None) -> set[str]:
    assert pid is not None
    sockets = psutil.Process(pid).net_connections(kind="inet")
    return {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN}


async def test_what_a_customer_writes_is_never_an_intent() -> None:
    """The door to Rasa is the only one that may send a slash, and only its own welcome."""
    asked: list[str] = []

    def rasa(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content)["message"])
        return httpx.Response(200, json=[{"text": "Well"}])

    bot = BotClient(httpx.AsyncClient(transport=httpx.MockTransport(rasa), base_url="http://rasa"))
    for text in (*CORPUS["commands of the assistant"], *CORPUS["look-alikes of a slash"]):
        await bot.send(UUID(ID), text, turn_id="t", medium="screen", language="en")

    assert len(asked) > 15
    assert [text for text in asked if text.strip().startswith("/")] == []
