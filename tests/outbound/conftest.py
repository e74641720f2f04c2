"""Outbound as it runs, on a real Redis, with a Twilio played by the demo operator over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from outbound.app import create_app
from outbound.client import OutboundClient
from settings import Settings
from subscriber.demo.app import create_app as create_operator

INTERNAL = {"Authorization": "Bearer test-internal-token"}


async def until(true: Callable[[], Awaitable[bool]], within_s: float = 5.0) -> None:
    """Wait for something that the worker does in its own time."""
    async with asyncio.timeout(within_s):
        while not await true():
            await asyncio.sleep(0.01)


class Running:
    """One running outbound program and its door."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        transport = httpx.ASGITransport(app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://outbound", headers=INTERNAL)
        self.client = OutboundClient(self.http)

    async def health(self) -> dict[str, object]:
        found: dict[str, object] = (await self.http.get("/outbound/v1/health")).json()
        return found

    async def until_health(self, **wanted: object) -> None:
        async def reached() -> bool:
            return wanted.items() <= (await self.health()).items()

        await until(reached)


@pytest.fixture
async def run(settings: Settings) -> AsyncIterator[Callable[..., Awaitable[Running]]]:
    """Start outbound with changed settings; all are stopped at the end."""
    stops: list[Callable[[], Awaitable[None]]] = []

    async def start(**changes: object) -> Running:
        app = create_app(settings.model_copy(update=changes))
        running = Running(app)
        started = app.router.lifespan_context(app)
        await started.__aenter__()

        async def stop() -> None:
            await running.http.aclose()
            await started.__aexit__(None, None, None)

        stops.append(stop)
        return running

    yield start
    for stop in stops:
        await stop()


class Twilio:
    """The demo operator's stand-in of Twilio, over real HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, headers={"Authorization": "Bearer test-operator-token"})

    async def messages(self) -> list[tuple[str, str]]:
        """Number and text of what was sent, the oldest first."""
        kept = (await self._http.get("/demo/messages")).json()
        return [(message["to"], message["body"]) for message in reversed(kept)]

    async def until_sent(self, *wanted: tuple[str, str]) -> None:
        async def reached() -> bool:
            return sorted(await self.messages()) == sorted(wanted)

        await until(reached)

    async def calls(self) -> list[dict[str, str]]:
        """The newest first."""
        found: list[dict[str, str]] = (await self._http.get("/demo/calls")).json()
        return found

    async def switch(self, mode: str, system: str = "messages") -> None:
        await self._http.post("/demo/faults", json={"system": system, "mode": mode})

    async def aclose(self) -> None:
        await self._http.aclose()


@pytest.fixture
async def twilio(settings: Settings) -> AsyncIterator[Twilio]:
    server = uvicorn.Server(uvicorn.Config(create_operator(settings), port=0, log_config=None, lifespan="off"))
    served = asyncio.create_task(server.serve())

    async def listening() -> bool:
        return server.started

    await until(listening)
    twilio = Twilio(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    yield twilio
    await twilio.aclose()
    server.should_exit = True
    await served
