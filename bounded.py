"""Requests, bounded before any program reads them: how large a body may be, how slow, and in which form."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from re import Pattern
from types import MappingProxyType
from typing import NoReturn

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 16 * 2**20  # more than any of our programs takes; each has a narrower limit of its own
MOST_FRAME_BYTES = 256 * 2**10  # of a socket, unpacked; the server closes it with 1009 before anybody reads more
NEXT_PART_WITHIN_S = 10.0
WHOLE_WITHIN_S = 60.0


class _Refused(Exception):
    """Ends the reading of a body; whatever the program makes of it, the answer is ours."""


class BoundedRequests:
    """Answers 413 to a body over `most_bytes`, 408 to one that does not arrive in time, 415 to a compressed one.

    A path that fits one of `other_paths` has its own limit.

    Nothing of ours unpacks a body, so a few bytes can never become many. A request whose body has arrived is left
    alone, however long its answer takes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most_bytes: int = MOST_BYTES,
        other_paths: Mapping[Pattern[str], int] = MappingProxyType({}),
        next_part_within_s: float = NEXT_PART_WITHIN_S,
        whole_within_s: float = WHOLE_WITHIN_S,
    ) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._other_paths = other_paths
        self._next_part_within_s = next_part_within_s
        self._whole_within_s = whole_within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most_bytes = self._most_bytes_at(scope["path"])
        if status := _at_first_sight(scope, most_bytes):
            await _answer(status)(scope, receive, send)
            return
        body = _Body(receive, most_bytes, self._next_part_within_s, self._whole_within_s)
        answer = _Answer(send, body)
        try:
            await self._app(scope, body, answer)
        except _Refused:
            pass
        except Exception:
            if body.refused is None:
                raise
        if body.refused is not None and not answer.has_begun:
            await _answer(body.refused)(scope, receive, send)

    def _most_bytes_at(self, path: str) -> int:
        for pattern, most_bytes in self._other_paths.items():
            if pattern.fullmatch(path):
                return most_bytes
        return self._most_bytes


def _at_first_sight(scope: Scope, most_bytes: int) -> HTTPStatus | None:
    headers = dict(scope["headers"])
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced[:20]) > most_bytes:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


class _Body:
    """`refused` is set once it was too large or too slow; from then on there is nothing more to read."""

    def __init__(self, receive: Receive, most_bytes: int, next_part_within_s: float, whole_within_s: float) -> None:
        self._receive = receive
        self._left = most_bytes
        self._next_part_within_s = next_part_within_s
        self._until = asyncio.get_running_loop().time() + whole_within_s
        self._is_whole = False
        self.refused: HTTPStatus | None = None

    async def __call__(self) -> Message:
        if self.refused is not None:
            raise _Refused
        if self._is_whole:
            return await self._receive()
        message = await self._part()
        self._left -= len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._left < 0:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    async def _part(self) -> Message:
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(min(now + self._next_part_within_s, self._until)):
                return await self._receive()
        except TimeoutError:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> NoReturn:
        self.refused = status
        raise _Refused


class _Answer:
    """Lets an answer through; one that was only made because the body was refused is ours to give instead."""

    def __init__(self, send: Send, body: _Body) -> None:
        self._send = send
        self._body = body
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if self._body.refused is not None and not self.has_begun:
            return
        self.has_begun = True
        await self._send(message)


def _answer(status: HTTPStatus) -> JSONResponse:
    """The connection is closed: what is left of the body is not worth reading."""
    code = str(status.value)  # in the form of the TM Forum APIs
    body = {"code": code, "reason": status.phrase, "message": status.description or status.phrase, "status": code}
    return JSONResponse(body, status_code=status, headers={"Connection": "close"})
