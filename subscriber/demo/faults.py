"""Faults that can be switched on: a system that is slow, fails or lies."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

System = Literal["customers", "services", "outages", "line_test", "messages"]
GARBAGE = [{"id": {"nested": True}, "status": 12, "state": None, "downMbps": "very fast", "account": "yes"}]


class Fault(BaseModel):
    system: System
    mode: Literal["slow", "error", "garbage", "off"]
    seconds: float = Field(default=10.0, ge=0, le=60)  # how long "slow" takes


class Garbage(Exception):
    """Answer 200 with a body of wrong types."""


async def garbage(_: Request, __: Exception) -> JSONResponse:
    return JSONResponse(GARBAGE)


class Faults:
    def __init__(self) -> None:
        self._on: dict[System, Fault] = {}
        self.router = APIRouter()
        self.router.add_api_route("/demo/faults", self.switch, methods=["POST"], status_code=204)

    async def switch(self, fault: Fault) -> None:
        """One fault a system; `off` ends it."""
        self._on[fault.system] = fault

    def of(self, system: System) -> Callable[[], Awaitable[None]]:
        """A dependency that does what is switched on for the system."""

        async def act() -> None:
            fault = self._on.get(system)
            if fault is None or fault.mode == "off":
                return
            if fault.mode == "slow":
                await asyncio.sleep(fault.seconds)
            elif fault.mode == "error":
                raise HTTPException(500, "switched on")
            else:
                raise Garbage

        return act
