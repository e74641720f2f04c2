"""Bodies made to break whoever reads them: every route of the public port refuses them, soon and politely."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from bounded import BoundedRequests
from settings import Settings
from tests.security.routes import routes

ID = "7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11"
DEEP = 20_000
BODIES: dict[str, tuple[str, bytes]] = {
    "not JSON": ("application/json", b"{"),
    "JSON of another shape": ("application/json", b"[1, 2]"),
    "null": ("application/json", b"null"),
    "a bare number": ("application/json", b"1e999"),
    "deep lists": ("application/json", b"[" * DEEP + b"]" * DEEP),
    "deep objects": ("application/json", b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    "a deep field": ("application/json", b'{"text": ' + b"[" * 900 + b"]" * 900 + b', "message_id": "1"}'),
    "duplicate keys": ("application/json", b'{"text": "a", "text": {"b": 1}, "message_id": "1", "message_id": []}'),
    "a huge number": ("application/json", b'{"text": ' + b"9" * 5000 + b"}"),
    "not UTF-8": ("application/json", b'{"text": "\xff\xfe\x80"}'),
    "UTF-16": ("application/json", '{"text": "a"}'.encode("utf-16")),
    "half a pair": ("application/json", b'{"text": "\\ud800", "description": "\\ud800", "message_id": "\\udfff"}'),
    "NUL": ("application/json", b'{"text": "\\u0000", "description": "\\u0000", "message_id": "\\u0000"}'),
    "XML": ("application/xml", b"<!DOCTYPE x [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><x>&b;</x>"),
    "a form": ("application/x-www-form-urlencoded", b"text=%00&a=%ff&" + b"a=1&" * 3000),
    "a form in parts without a boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "a form in parts without an end": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n"),
    "an odd content type": ("\x00/\xff;charset=\xff", b"{}"),
    "a charset that is none": ("application/json; charset=evil", b"{}"),
    "nothing": ("application/json", b""),
}
HUGE = b'{"text": "' + b"x" * 17 * 2**20 + b'"}'
METHODS = ("POST", "PUT", "PATCH", "DELETE")


def with_bodies(app: FastAPI) -> list[tuple[str, str]]:
    """Every (method, path) that may take a body."""
    found = {(method, re.sub(r"\{[^}]*\}", ID, path)) for method, path in routes(app) if method in METHODS}
    return sorted(found)


def keys(settings: Settings, path: str, kind: str) -> dict[str, str]:
    """Whoever attacks has a token, where there is one to have."""
    secret = settings.firstline_internal_token if path.startswith("/escalation/") else settings.firstline_admin_token
    return {
        "Authorization": f"Bearer {secret.get_secret_value()}",
        "Origin": "http://127.0.0.1:8000",
        "Content-Type": kind,
    }


async def test_no_route_breaks_over_a_body(public_app: FastAPI, public: httpx.AsyncClient, settings: Settings) -> None:
    doors = with_bodies(public_app)
    assert len(doors) > 50

    answered = {}
    for method, path in doors:
        for name, (kind, body) in BODIES.items():
            async with asyncio.timeout(20):
                headers = [(key.encode(), value.encode("latin-1")) for key, value in keys(settings, path, kind).items()]
                reply = await public.request(method, path, content=body, headers=headers)
            answered[method, path, name] = reply.status_code

    assert {case: status for case, status in answered.items() if status >= 500} == {}


async def test_who_is_not_known_sends_no_bombs(public: httpx.AsyncClient) -> None:
    """A form with a field larger than any is 400; a webhook that is not signed is 403 and never read whole."""
    form = "application/x-www-form-urlencoded"
    packed = gzip.compress(b"[" + b"0," * 5_000_000 + b"0]")
    told = {}
    for path, kind in (
        *(("/chat/conversations", "application/json"), ("/oauth2/token", form)),
        *(("/console/sign-in", form), ("/ivr/answer", form)),
    ):
        own = {"Origin": "http://127.0.0.1:8000", "Content-Type": kind}
        bomb = await public.post(path, content=packed, headers={**own, "Content-Encoding": "gzip"})
        huge = await public.post(path, content=HUGE, headers=own)
        unannounced = await public.post(path, content=_parts(HUGE), headers=own)
        told[path] = (bomb.status_code, huge.status_code, unannounced.status_code)

    assert told == {
        "/chat/conversations": (415, 413, 413),
        "/oauth2/token": (415, 413, 400),
        "/console/sign-in": (415, 413, 400),
        "/ivr/answer": (415, 413, 403),
    }


async def _parts(body: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(body), 2**16):
        yield body[at : at + 2**16]


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    """A program that would answer 400 to whatever goes wrong while it reads, as many do."""
    try:
        answer = PlainTextResponse(str(len(await Request(scope, receive).body())))
    except Exception:
        answer = PlainTextResponse("cannot be read", 400)
    await answer(scope, receive, send)


class Line:
    """A connection on which the parts of a body come as the test says; None: nothing comes any more."""

    def __init__(self, *parts: bytes | None) -> None:
        self._parts = list(parts)
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        part = self._parts.pop(0)
        if part is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": part, "more_body": bool(self._parts)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def asks(self, **bounds: float) -> int:
        app = BoundedRequests(reads_all, **bounds)  # type: ignore[arg-type]  # as the test says
        await app({"type": "http", "method": "POST", "path": "/", "headers": []}, self.receive, self.send)
        return int(self.sent[0]["status"])


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ((b"a", b"b"), 200),
        ((b"a", None), 408),
        ((b"abcde", b"fghij"), 200),
        ((b"abcde", b"fghijk"), 413),
        ((b"abcdefghijk", b"and more"), 413),
    ],
)
async def test_a_body_that_is_too_large_or_stops_coming_is_given_up(
    parts: tuple[bytes | None, ...], status: int
) -> None:
    assert await Line(*parts).asks(most_bytes=10, next_part_within_s=0.05) == status


async def test_a_body_that_drips_is_given_up_all_the_same() -> None:
    class Dripping(Line):
        async def receive(self) -> Message:
            await asyncio.sleep(0.01)
            return await super().receive()

    assert await Dripping(*[b"a"] * 1000).asks(whole_within_s=0.1) == 408


async def test_waiting_for_an_answer_is_not_waiting_for_a_body() -> None:
    async def listens_long(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        with_more = asyncio.ensure_future(receive())  # as a stream of events does: it comes when the browser leaves
        done, _ = await asyncio.wait({with_more}, timeout=0.15)
        with_more.cancel()
        await PlainTextResponse("given up" if done else "still there")(scope, receive, send)

    line = Line()
    app = BoundedRequests(listens_long, next_part_within_s=0.05, whole_within_s=0.05)

    await app({"type": "http", "method": "GET", "path": "/", "headers": []}, _whole_then_nothing(), line.send)

    assert line.sent[1]["body"] == b"still there"


def _whole_then_nothing() -> Receive:
    coming = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()
        return coming.pop()

    return receive
