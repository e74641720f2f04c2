"""Answers that are not the usual one: errors in the form of the TM Forum APIs, and bodies that are too large."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from bounded import BoundedRequests
from escalation.errors import EscalationError

BODY_MAX_BYTES = 2_000_000  # 100 turns of 8,000 characters fit
_FILES = re.compile(r"/escalation/v1/(contacts|tickets)/[^/]+/attachments")


def error_reply(status: int, reason: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"code": str(status), "reason": reason, "message": message, "status": str(status)}
    return JSONResponse(body, status_code=status, headers=headers)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, EscalationError)
    return error_reply(error.status, error.reason, error.detail, error.headers)


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:5]]
    return error_reply(400, "Invalid request", "; ".join(faults))


async def _plain(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return error_reply(error.status_code, str(error.detail), str(error.detail), dict(error.headers or {}))


async def _away(_: Request, _error: Exception) -> JSONResponse:
    return error_reply(503, "Service unavailable", "The database does not answer", {"Retry-After": "1"})


async def _broken(_: Request, _error: Exception) -> JSONResponse:
    return error_reply(500, "Internal error", "The request could not be handled")


Handler = Callable[[Request, Exception], Coroutine[Any, Any, JSONResponse]]
_HANDLERS: dict[type[Exception], Handler] = {
    EscalationError: _refused,
    RequestValidationError: _malformed,
    HTTPException: _plain,
    OperationalError: _away,
    InterfaceError: _away,
    PoolTimeout: _away,
    DBAPIError: _broken,
    Exception: _broken,
}


def install(app: FastAPI, *, file_max_bytes: int) -> None:
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(BoundedRequests, most_bytes=BODY_MAX_BYTES, other_paths={_FILES: file_max_bytes})
