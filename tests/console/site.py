"""The console served for real on a free port, mounted as in the product, with the desk that a test gives it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from bounded import MOST_FRAME_BYTES
from console.app import create_app
from console.desk import Desk, Library
from settings import Settings


@asynccontextmanager
async def served(settings: Settings, desk: Desk, library: Library, port: int = 0) -> AsyncIterator[str]:
    """The address of the console, as `http://127.0.0.1:PORT/console`. Port 0 is a free one."""
    console = create_app(settings, desk=desk, library=library)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with console.router.lifespan_context(console):
            yield

    outer = FastAPI(lifespan=lifespan)
    outer.mount("/console", console)
    config = uvicorn.Config(
        outer, host="127.0.0.1", port=port, log_config=None, lifespan="on", ws_max_size=MOST_FRAME_BYTES
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/console"
    finally:
        server.should_exit = True
        await serving
