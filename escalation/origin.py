"""Where a request for personal data comes from, and why it is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.requests import HTTPConnection

ADDRESS, WHY = "X-Firstline-From", "X-Firstline-Why"  # headers
ADDRESS_MOST, WHY_MOST = 100, 500  # characters

_asked_from: ContextVar[str] = ContextVar("asked_from", default="")


@dataclass(frozen=True, slots=True)
class Origin:
    address: str = ""
    why: str = ""


@contextmanager
def asking_from(address: str) -> Iterator[None]:
    """Requests through the door inside this block are made for somebody at this address."""
    token = _asked_from.set(address)
    try:
        yield
    finally:
        _asked_from.reset(token)


def headers() -> dict[str, str]:
    """What a request through the door says of it."""
    return {ADDRESS: _asked_from.get()} if _asked_from.get() else {}


def origin_of(request: HTTPConnection) -> Origin:
    """Only our own programs are believed when they name another address than their own."""
    address = request.client.host if request.client else ""
    if getattr(request.state, "is_ours", False):
        address = request.headers.get(ADDRESS, "")
    return Origin(address[:ADDRESS_MOST], request.headers.get(WHY, "")[:WHY_MOST])
