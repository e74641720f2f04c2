"""Two Firstlines, each with its own database: the tickets of one are mirrored to the other, over HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI

from escalation import clients, policy
from escalation.mirror.carrier import Mirror, mirror_of
from escalation.mirror.enlisted import enlist
from escalation.mirror.mirror_file import MirrorFile
from escalation.office import Office
from escalation.sender import Sender
from settings import Settings
from tests.escalation.receiver import courier
from tests.escalation.shift import Shift, Wristwatch

Asked = tuple[str, str]


@dataclass
class Wire:
    """What is between the two: it counts what is asked, and can lose answers."""

    app: FastAPI
    asked: list[Asked] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # methods whose next request is done, and answered with 500

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        if not scope["path"].startswith("/oauth2"):
            self.asked.append((method, scope["path"]))
        if method not in self.lost:
            await self.app(scope, receive, send)
            return
        self.lost.remove(method)

        async def swallow(_: Any) -> None: ...

        await self.app(scope, receive, swallow)
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    @property
    def changes(self) -> list[Asked]:
        return [one for one in self.asked if one[0] != "GET"]


@asynccontextmanager
async def served(wire: Wire, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(wire, port=port, log_level="error", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@dataclass
class Pair:
    """`here` mirrors to `there`."""

    here: Shift
    wire: Wire
    port: int
    mirror: Mirror
    sender: Sender

    @property
    def there(self) -> Shift:
        office: Office = self.wire.app.state.office
        return Shift(office, office.now)  # type: ignore[arg-type]

    async def told(self) -> None:
        """Everything that is due now."""
        while await self.sender.round():
            await self.sender.idle()

    async def hear(self) -> int:
        return await self.mirror.incoming.hear()


def mirror_file(port: int, **more: Any) -> MirrorFile:
    url = f"http://127.0.0.1:{port}"
    shipped = policy.load().mirror.model_dump()
    given = {"url": f"{url}/tmf-api/troubleTicket/v4", "token_url": f"{url}/oauth2/token", "client_id": "erp"}
    return MirrorFile.model_validate({**shipped, "enabled": True, **given, **more})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def paired(office: Office, there: FastAPI, **file: Any) -> AsyncIterator[Pair]:
    port, wire = free_port(), Wire(there)
    watch = Wristwatch(datetime.now(UTC))
    mirrored = replace(office.policy, mirror=mirror_file(port, **file))
    here = Shift(replace(office, now=watch, policy=mirrored), watch)
    await enlist(here.office, enabled=True)
    async with served(wire, port):
        secret = await clients.new_secret(there.state.office.sessions, "erp")
    async with mirror_of(here.office, secret) as mirror:
        sender = Sender(here.office, mirror.carrier(courier()), ("a-secret-of-the-hub",), jitter=lambda: 1.0)
        yield Pair(here, wire, port, mirror, sender)


def settings_of_the_other(settings: Settings, database_url: str) -> Settings:
    redis_url = f"{settings.redis_url.rpartition('/')[0]}/1"
    return settings.model_copy(update={"database_url": database_url, "redis_url": redis_url})
