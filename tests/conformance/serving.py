"""Escalation on a port of its own, for a program from outside that tests it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn

from escalation import migrate
from escalation.app import create_app
from escalation.tmf import PATH
from settings import ROOT, Settings

SPECS = Path(os.environ.get("FIRSTLINE_SPECS") or ROOT.parent / "shared" / "specs")  # others' files: none are ours


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[str]:
    """The address of the TMF621 API, on an empty database."""
    migrate.upgrade(settings.database_url)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="error"))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}{PATH.removesuffix('/troubleTicket')}"
        finally:
            server.should_exit = True
            await running
