"""One trace from a front door through Rasa to the actions and beyond, and nothing of the customer in it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from rasa_sdk.executor import ActionExecutor

import actions.app
import tracing
from bot.client import BotClient
from settings import Settings
from tests.chat.fakes import Visitor, World, served, site

SECRETS = ("07700900123", "purple", "198.51.100.7")


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture(scope="module")
def front(exporter: InMemorySpanExporter) -> Iterator[FastAPI]:
    """A front door; whoever it talks to is set by the test."""
    app, room = FastAPI(), FastAPI()

    @room.post("/said")
    async def said() -> str:
        return "in a mounted room"

    @app.post("/chat/{number}")
    async def say(number: str) -> list[str]:
        bot = BotClient(app.state.rasa)
        return [m.text for m in await bot.send(uuid4(), "purple", turn_id="t1", medium="screen", language="en")]

    app.mount("/room", room)
    tracing.install(exporter, "test", app, tokens=("ours", "ours-next"), at_once=True)
    yield app
    HTTPXClientInstrumentor().uninstrument()


class FakeRasa(httpx.AsyncBaseTransport):
    """As Rasa does: nothing of the request's headers goes on, only the message's metadata."""

    def __init__(self, act: Any) -> None:
        self._act = act

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        await self._act({"next_action": "action_x", "tracker": {"latest_message": {"metadata": body["metadata"]}}})
        return httpx.Response(200, json=[{"text": "hello"}])


async def run_action(call: dict[str, Any]) -> None:
    """What `actions.app` does around an action, which asks knowledge and then fails with the customer's words."""
    with suppress(LookupError), tracing.joined(actions.app.metadata_of(call), "action", action="action_x"):
        with tracing.span("knowledge.decide"):
            pass
        raise LookupError("purple 07700900123")


PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def spoken(front: FastAPI) -> None:
    front.state.rasa = httpx.AsyncClient(transport=FakeRasa(run_action), base_url="http://rasa")
    transport = httpx.ASGITransport(front, client=("198.51.100.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://front") as http:
        reply = await http.post("/chat/07700900123?q=purple", headers={"User-Agent": "purple"})
    assert reply.json() == ["hello"]


async def test_the_trace_goes_through_rasa_to_knowledge(front: FastAPI, exporter: InMemorySpanExporter) -> None:
    exporter.clear()

    await spoken(front)

    spans = {span.name: span for span in exporter.get_finished_spans()}
    door, action, knowledge = spans["POST /chat/{number}"], spans["action"], spans["knowledge.decide"]
    assert door.context is not None
    assert action.context is not None
    assert action.parent is not None
    assert knowledge.parent is not None
    assert door.context.trace_id == action.context.trace_id
    assert action.parent.is_remote
    assert knowledge.parent.span_id == action.context.span_id


async def test_nothing_of_the_customer_is_in_a_span(front: FastAPI, exporter: InMemorySpanExporter) -> None:
    exporter.clear()

    await spoken(front)

    spans = exporter.get_finished_spans()
    assert len(spans) >= 3
    assert [secret for secret in SECRETS for span in spans if secret in span.to_json()] == []


@pytest.mark.parametrize("rubbish", [{}, {"traceparent": 7}, {"traceparent": "00-zz"}, {"traceparent": "x" * 9999}])
async def test_rubbish_begins_a_trace_of_its_own(
    front: FastAPI, exporter: InMemorySpanExporter, rubbish: dict[str, Any]
) -> None:
    exporter.clear()

    with tracing.joined(rubbish, "action"):
        assert len(tracing.trace_id()) == 32

    assert exporter.get_finished_spans()[0].parent is None


async def asked(front: FastAPI, path: str, token: bytes) -> None:
    """With a trace that is to be joined."""
    headers = [(b"traceparent", PARENT.encode()), (b"tracestate", b"purple=1"), (b"baggage", b"purple=1")]
    front.state.rasa = httpx.AsyncClient(transport=FakeRasa(run_action), base_url="http://rasa")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://front") as http:
        reply = await http.post(path, headers=[*headers, (b"Authorization", token)])
    assert reply.status_code == 200


@pytest.mark.parametrize("path", ["/chat/7", "/room/said"])
@pytest.mark.parametrize("token", [b"", b"Bearer visitor", b"Basic ours", b"Bearer \xff"])
async def test_a_visitor_cannot_join_or_choose_a_trace(
    front: FastAPI, exporter: InMemorySpanExporter, path: str, token: bytes
) -> None:
    exporter.clear()

    await asked(front, path, token)

    spans = exporter.get_finished_spans()
    ours = {format(span.context.trace_id, "032x") for span in spans if span.context}
    assert len(ours) == 1
    assert ours != {PARENT.split("-")[1]}
    assert [span for span in spans if span.context and span.context.trace_state] == []


@pytest.mark.parametrize("token", [b"Bearer ours", b"bearer ours-next"])
async def test_our_own_programs_join_the_trace(front: FastAPI, exporter: InMemorySpanExporter, token: bytes) -> None:
    exporter.clear()

    await asked(front, "/chat/7", token)

    assert {format(span.context.trace_id, "032x") for span in exporter.get_finished_spans() if span.context} == {
        PARENT.split("-")[1]
    }


def test_without_a_trace_nothing_is_carried() -> None:
    assert tracing.carried() == {}
    assert tracing.trace_id() == ""


def test_without_an_endpoint_a_program_stays_as_it_is(settings: Settings) -> None:
    app = FastAPI()

    tracing.start(settings, "web", app)

    assert app.user_middleware == []


async def test_the_actions_take_the_trace_from_the_message(front: FastAPI, settings: Settings, exporter: Any) -> None:
    """The real webhook, with an action that does not exist: its span is there all the same."""
    app = actions.app.create_app(settings)
    app.state.executor = ActionExecutor()
    call = {
        "next_action": "action_nowhere",
        "version": "3.6.21",
        "tracker": {"latest_message": {"metadata": {"traceparent": PARENT}}},
    }
    exporter.clear()

    token = settings.firstline_internal_token.get_secret_value()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner") as http:
        reply = await http.post("/webhook", json=call, headers={"Authorization": f"Bearer {token}"})

    assert reply.status_code == 404
    (span,) = [span for span in exporter.get_finished_spans() if span.name == "action"]
    assert format(span.context.trace_id, "032x") == PARENT.split("-")[1]


async def test_each_message_of_a_chat_is_answered_in_the_trace_that_brought_it(
    front: FastAPI,  # who installs the exporter
    settings: Settings,
    exporter: InMemorySpanExporter,
) -> None:
    """Also the one that waited behind another."""
    world = World()
    world.bot.thinks_s = 0.05
    app = site(settings, world)
    FastAPIInstrumentor.instrument_app(app, excluded_urls=tracing.NOT_TRACED, exclude_spans=["receive", "send"])
    async with served(app) as url, httpx.AsyncClient(base_url=url) as http:
        visitor = await Visitor.comes(http)
        exporter.clear()
        await asyncio.gather(visitor.writes("one"), visitor.writes("two"))
        await visitor.hears("You said: two")

    brought = {str(span.context.trace_id) for span in exporter.get_finished_spans() if span.name.startswith("POST /")}
    answered = {str(span.context.trace_id) for span in exporter.get_finished_spans() if span.name == "turn"}
    assert len(brought) == 2
    assert brought <= answered
