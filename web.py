"""The public port: chat, phone, console and escalation in one program, and whether all of it is well."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from redis.asyncio import Redis

import background
import chat.app
import console.app
import escalation.app
import ivr.app
import logs
import settings as ground
import tracing
from bounded import BoundedRequests
from metrics import Metrics
from ops import health
from ops.inspection.round import Inspector
from settings import Settings
from traffic import Traffic

# The first part of a path, as its room is called in what is counted; all others are "other".
PATHS = frozenset({"chat", "ivr", "console", "escalation", "tmf-api", "oauth2", "health", "metrics"})


def create_app(settings: Settings | None = None) -> FastAPI:
    """Escalation is mounted last, at the root: its TMF paths and its `/docs` are the public ones."""
    logs.mask()
    settings = settings or ground.load()
    counted = Metrics()
    rooms = {
        "/chat": chat.app.create_app(settings, metrics=counted),
        "/ivr": ivr.app.create_app(settings),
        "/console": console.app.create_app(settings, inspect=Inspector(settings)),
        "": escalation.app.create_app(settings, metrics=counted),
    }

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.http = await stack.enter_async_context(httpx.AsyncClient(timeout=health.TIMEOUT_S))
            app.state.redis = await stack.enter_async_context(Redis.from_url(settings.redis_url))
            for room in reversed(rooms.values()):  # escalation first: the front doors talk to it
                await stack.enter_async_context(room.router.lifespan_context(room))
            background.settle_in()
            yield

    app = FastAPI(title="Firstline", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(BoundedRequests)
    tracing.start(settings, "web", app)
    app.add_middleware(Traffic, metrics=counted, rooms=PATHS)

    @app.get("/", include_in_schema=False)
    async def support_page() -> Response:
        return chat.app.support_page(settings)

    @app.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/health/ready")
    async def ready(request: Request) -> JSONResponse:
        found = await health.dependencies(settings, request.app.state.http, request.app.state.redis)
        return JSONResponse(found, status_code=200 if health.is_well(found) else 503)

    for path, room in rooms.items():
        app.mount(path, room)
    return app
