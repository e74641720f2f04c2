"""The page of the daily inspection, for those who lead or run Firstline."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.gate import RunsIt
from console.render import is_fragment, page

router = APIRouter()

# Each state in words, and the mark that stands before it.
WORDS = {"ok": ("Well", "closed"), "warn": ("Look at it", "held"), "bad": ("Bad", "overdue")}


class State(Protocol):
    @property
    def word(self) -> str: ...


class Finding(Protocol):
    @property
    def about(self) -> str: ...
    @property
    def state(self) -> State: ...
    @property
    def measure(self) -> str: ...
    @property
    def threshold(self) -> str: ...
    @property
    def advice(self) -> str: ...


class Inspection(Protocol):
    """Findings come the worst first."""

    @property
    def at(self) -> datetime: ...
    @property
    def findings(self) -> Sequence[Finding]: ...


Inspect = Callable[[], Awaitable[Inspection]]


@router.get("/inspection")
async def show(request: Request, me: RunsIt) -> Response:
    found: Inspection = await request.app.state.inspect()
    template = "inspection_now.html" if is_fragment(request) else "inspection.html"
    return page(request, template, me=me, found=found, words=WORDS)
