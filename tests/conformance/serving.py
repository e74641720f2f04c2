"""A program on a port of its own, for one from outside that tests it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from settings import ROOT

SPECS = Path(os.environ.get("FIRSTLINE_SPECS") or ROOT.parent / "shared" / "specs")  # others' files: none are ours


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running
