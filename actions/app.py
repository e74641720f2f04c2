"""The action server: what Rasa asks for over HTTP, mounted by `inner.py`."""

import importlib
import inspect
import pkgutil
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import Depends, FastAPI, HTTPException, Request
from rasa_sdk import Tracker
from rasa_sdk import utils as rasa_sdk_utils
from rasa_sdk.events import EventType
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionNotFoundException
from redis.asyncio import Redis

import actions
import background
import knowledge.answer
import tracing
from actions.identity import identity
from actions.locks import LockNews
from actions.rightful import rightful
from actions.tools import Tools
from actions.turn import Turn
from actions.wording import Wording
from escalation.client import EscalationClient, ToldLater
from outbound.client import OutboundClient
from secret_values import fits
from settings import ROOT, Settings
from subscriber.client import SubscriberClient, Verification, WebLogin

Action = Callable[[Turn], Awaitable[None]]
ACTIONS_A_TURN_AT_MOST = 8
DOMAIN = ROOT / "bot" / "domain"


def create_app(settings: Settings) -> FastAPI:
    """Raises `ValueError` when the internal token is empty."""
    tokens = settings.internal_tokens
    if not tokens:
        raise ValueError("FIRSTLINE_INTERNAL_TOKEN is empty")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        knowledge.answer.open(settings)
        async with AsyncExitStack() as stack:
            redis = await stack.enter_async_context(Redis.from_url(settings.redis_url, decode_responses=True))
            escalation, subscriber = EscalationClient.connect(settings), SubscriberClient.connect(settings)
            outbound = await stack.enter_async_context(OutboundClient.connect(settings))
            stack.push_async_callback(escalation.aclose)
            stack.push_async_callback(subscriber.aclose)
            app.state.verification = subscriber.verification(redis, secret=tokens[0])
            app.state.vouchers = subscriber.vouchers(redis, app.state.verification)
            issuer = await stack.enter_async_context(httpx.AsyncClient())  # without our token of the operator's systems
            app.state.web_login = WebLogin(issuer, settings)
            app.state.news = LockNews(redis, escalation)
            telling = ToldLater(redis, escalation)
            app.state.executor = executor(
                tools(
                    settings,
                    escalation=escalation,
                    telling=telling,
                    subscriber=subscriber,
                    verification=app.state.verification,
                    messages=outbound,
                )
            )
            await stack.enter_async_context(background.running(app.state.news.run(), telling.run()))
            yield

    def ours(request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not fits(given, [f"Bearer {token}" for token in tokens]):
            raise HTTPException(401)

    app = FastAPI(title="Firstline actions", lifespan=lifespan, dependencies=[Depends(ours)])
    app.include_router(
        identity(
            lambda: app.state.verification,
            lambda: app.state.news,
            lambda: app.state.web_login,
            lambda: app.state.vouchers,
        )
    )

    @app.post("/webhook")
    async def run(request: Request) -> dict[str, Any]:
        call = await request.json()
        with tracing.joined(metadata_of(call), "action", action=str(call.get("next_action"))):
            return await run_call(app.state.executor, call)

    return app


def metadata_of(call: dict[str, Any]) -> dict[str, Any]:
    """What our channel sent with the customer's message; before the first one Rasa keeps it in a slot."""
    tracker = call.get("tracker") or {}
    message = (tracker.get("latest_message") or {}).get("metadata")
    return message or (tracker.get("slots") or {}).get("session_started_metadata") or {}


def tools(
    settings: Settings,
    *,
    escalation: EscalationClient,
    telling: ToldLater,
    subscriber: SubscriberClient,
    verification: Verification,
    messages: OutboundClient,
) -> Tools:
    return Tools(
        decide=knowledge.answer.decide,
        article=knowledge.answer.article,
        flow=knowledge.answer.flow,
        escalation=escalation,
        telling=telling,
        subscriber=subscriber,
        identity=verification,
        messages=messages,
        operator=settings.firstline_operator_name,
        country=settings.firstline_country,
        timezone=ZoneInfo(settings.firstline_timezone),
    )


def executor(tools: Tools) -> ActionExecutor:
    """Rasa's executor with every `action_*` of this folder."""
    found, wording = find_actions(), Wording.read(DOMAIN)
    ready = ActionExecutor()
    for name in found:
        ready.register_function(name, _bound(name, found, tools, wording))
    return ready


async def run_call(executor: ActionExecutor, call: dict[str, Any]) -> dict[str, Any]:
    """Rasa's JSON in, the executor's JSON out. Raises `HTTPException(404)` for an action that is not here."""
    with warnings.catch_warnings():
        # Rasa 3.6 calls an SDK of a later number; what they exchange is the same.
        warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk might not be compatible")
        rasa_sdk_utils.check_version_compatibility(call.get("version"))
    try:
        # The SDK refuses a call without a domain; no action reads one.
        result = await executor.run({"domain": {}, **call})
    except ActionNotFoundException as error:
        raise HTTPException(404, "no such action") from error
    return dict(result.model_dump()) if result else {"events": [], "responses": []}


def find_actions() -> dict[str, Action]:
    """Every coroutine named `action_*` in the modules of this folder, by name."""
    found: dict[str, Action] = {}
    for module in pkgutil.iter_modules(actions.__path__, "actions."):
        if module.name == __name__:
            continue
        members = inspect.getmembers(importlib.import_module(module.name), inspect.iscoroutinefunction)
        found |= {name: action for name, action in members if name.startswith("action_")}
    return found


def _bound(
    name: str, found: Mapping[str, Action], tools: Tools, wording: Wording
) -> Callable[..., Awaitable[list[EventType]]]:
    async def run(dispatcher: CollectingDispatcher, tracker: Tracker, _: dict[str, Any]) -> list[EventType]:
        turn = Turn(tools, dispatcher, tracker, wording)
        if name == "action_session_start":
            return session_events(turn)
        await run_turn(name, turn, found)
        return turn.events()

    return run


def session_events(turn: Turn) -> list[EventType]:
    """A session begins with the contact's slots, before anything is said."""
    from rasa_sdk.events import ActionExecuted, SessionStarted

    slots = [event for event in turn.events() if event["event"] == "slot"]
    return [SessionStarted(), *slots, ActionExecuted("action_listen")]


async def run_turn(name: str, turn: Turn, found: Mapping[str, Action]) -> None:
    """Run the action, and those it goes on to, within the one turn."""
    turn.then(await rightful(name, turn))
    for _ in range(ACTIONS_A_TURN_AT_MOST):
        name, turn.next = turn.next or "", None
        if not name:
            return
        await found[name](turn)
    raise RuntimeError(f"{name}: more than {ACTIONS_A_TURN_AT_MOST} actions in one turn")
