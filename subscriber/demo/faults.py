"""Faults that can be switched on: a system that is slow, fails or lies."""

import asyncio
import json
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

System = Literal[
    "customers",
    "services",
    "outages",
    "line_test",
    "messages",
    "calls",
    "bills",
    "payments",
    "extensions",
    "products",
    "offers",
    "credits",
    "usage",
    "usage_alerts",
    "orders",
    "qualifications",
    "appointments",
    "sims",
    "loyalty",
    "credentials",
    "addresses",
]
Spoiled = Literal["types", "missing", "negative"]
GARBAGE = [{"id": {"nested": True}, "status": 12, "state": None, "downMbps": "very fast", "account": "yes"}]


class Fault(BaseModel):
    system: System
    mode: Literal["slow", "error", "garbage", "types", "missing", "negative", "off"]
    seconds: float = Field(default=10.0, ge=0, le=60)  # how long "slow" takes


class Garbage(Exception):
    """Answer 200 with a body of wrong types."""


async def garbage(_: Request, __: Exception) -> JSONResponse:
    return JSONResponse(GARBAGE)


async def spoil(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """A middleware: the right answer, with every number a word, half of the fields gone, or every number negative."""
    request.state.spoiled = None
    response = await call_next(request)
    how: Spoiled | None = request.state.spoiled
    if how is None:
        return response
    streamed: AsyncIterable[bytes] = response.body_iterator  # type: ignore[attr-defined]  # what call_next gives
    body = b"".join([part async for part in streamed])
    return JSONResponse(spoiled(json.loads(body), how), status_code=response.status_code)


def spoiled(body: Any, how: Spoiled) -> Any:
    if isinstance(body, list):
        return [spoiled(member, how) for member in body]
    if isinstance(body, dict):
        kept = sorted(body)[::2] if how == "missing" else body
        return {name: spoiled(body[name], how) for name in kept}
    if isinstance(body, bool) or not isinstance(body, int | float) or how == "missing":
        return body
    return "a lot" if how == "types" else -abs(body) - 1


class Faults:
    def __init__(self) -> None:
        self._on: dict[System, Fault] = {}
        self.router = APIRouter()
        self.router.add_api_route("/demo/faults", self.switch, methods=["POST"], status_code=204)

    async def switch(self, fault: Fault) -> None:
        """One fault a system; `off` ends it."""
        self._on[fault.system] = fault

    def of(self, system: System) -> Callable[[Request], Awaitable[None]]:
        """A dependency that does what is switched on for the system."""

        async def act(request: Request) -> None:
            fault = self._on.get(system)
            if fault is None or fault.mode == "off":
                return
            if fault.mode == "slow":
                await asyncio.sleep(fault.seconds)
            elif fault.mode == "error":
                raise HTTPException(500, "switched on")
            elif fault.mode == "garbage":
                raise Garbage
            else:
                request.state.spoiled = fault.mode

        return act
