"""The inside, on loopback only: the assistant's actions and the knowledge base, around one loaded embedding model."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

import actions.app
import background
import knowledge.app
import logs
import settings as ground
import tracing
from settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    logs.mask()
    settings = settings or ground.load()
    library, assistant = knowledge.app.create_app(settings), actions.app.create_app(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for room in (library, assistant):
                await stack.enter_async_context(room.router.lifespan_context(room))
            background.settle_in()
            yield

    async def by_path(scope: Scope, receive: Receive, send: Send) -> None:
        room = library if scope["path"].startswith("/knowledge/") else assistant
        await room(scope, receive, send)

    app = FastAPI(title="Firstline, inner", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    tracing.start(settings, "inner", app)
    app.mount("", by_path)
    return app
