"""The inside, on loopback only: the assistant's actions and the knowledge base, around one loaded embedding model."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

import actions.app
import knowledge.app
import settings as ground
from settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or ground.load()
    rooms = {"/knowledge/v1": knowledge.app.create_app(settings), "": actions.app.create_app(settings)}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for room in rooms.values():
                await stack.enter_async_context(room.router.lifespan_context(room))
            yield

    app = FastAPI(title="Firstline, inner", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    for path, room in rooms.items():
        app.mount(path, room)
    return app
