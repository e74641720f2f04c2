"""A subscriber of the hub: a real HTTP server that keeps what it is sent, and answers as the test wishes."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from escalation.courier import Courier, transport

NAME = "erp.example"  # known to nobody: what arrives was sent to the address that was handed over


@dataclass(frozen=True)
class Received:
    host: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def kind(self) -> str:
        return str(self.event["eventType"]).removeprefix("TroubleTicket").removesuffix("Event")


@dataclass
class Receiver:
    """`answer` is asked for the status of each; what it was sent is in `received` before that."""

    port: int
    scheme: str = "http"
    received: list[Received] = field(default_factory=list)
    at_once: int = 0  # the most requests about one ticket that were open at the same time
    _open: list[str] = field(default_factory=list)

    async def answer(self, _: Received) -> int:
        return 204

    def answers(self, *statuses: int) -> None:
        """These first, then 204."""
        left = list(statuses)

        async def answer(_: Received) -> int:
            return left.pop(0) if left else 204

        self.answer = answer  # type: ignore[method-assign]

    def answers_with(self, answer: Callable[[Received], Awaitable[int]]) -> None:
        self.answer = answer  # type: ignore[method-assign,assignment]

    @property
    def url(self) -> str:
        return f"{self.scheme}://{NAME}:{self.port}/events"

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.received]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        one = Received(headers["host"], headers, body)
        ticket = one.event["correlationId"]
        self.received.append(one)
        self._open.append(ticket)
        self.at_once = max(self.at_once, self._open.count(ticket))
        status = await self.answer(one)
        self._open.remove(ticket)
        location = [(b"location", f"http://{NAME}:{self.port}/elsewhere".encode())]
        await send({"type": "http.response.start", "status": status, "headers": location if status // 100 == 3 else []})
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def receiving(certificate: Path | None = None) -> AsyncIterator[Receiver]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        receiver = Receiver(listening.getsockname()[1], "https" if certificate else "http")
        config = uvicorn.Config(
            receiver,
            log_level="error",
            ws="none",
            lifespan="off",
            ssl_certfile=certificate,
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield receiver
        finally:
            server.should_exit = True
            await serving


async def at_home(_: str) -> Sequence[str]:
    """Every name is the test's own machine."""
    return ["127.0.0.1"]


def courier() -> Courier:
    """Sends to the test's own machine, which a real one refuses to do."""
    return Courier(transport(), http_too=True, resolve=at_home, admits=lambda address: address == "127.0.0.1")
