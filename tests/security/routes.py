"""Every route of an application and of everything that is mounted in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """(method, path) with the names of its parameters still in it."""
    yield from _routes(app.routes, "")


def _routes(found: Sequence[BaseRoute], prefix: str) -> Iterator[tuple[str, str]]:
    for route in found:
        included: Any = getattr(route, "original_router", None)  # how FastAPI keeps a router that was included
        if included is not None:
            yield from _routes(included.routes, prefix)
        elif isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from _routes(route.app.routes, prefix + route.path)
        elif isinstance(route, Route):
            yield from ((method, prefix + route.path) for method in sorted((route.methods or set()) - {"HEAD"}))
