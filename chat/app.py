"""The chat's program: conversations over HTTP, their event streams, the pages and the widget."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, FastAPI, Header, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field, ValidationError
from redis import RedisError

from chat import front, pages, stream, wording
from chat.copy import copy_of
from chat.errors import ChatError, Elsewhere, NotUnderstood, NotYours, TooLarge
from chat.front import Connect, Front
from chat.relay import Patience
from chat.session import Conversation
from chat.wording import Words
from settings import Settings

BODY_BYTES = 128 * 1024  # 4,000 characters fit, however they are written
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
Body = TypeVar("Body", bound=BaseModel)


class OpenIn(BaseModel):
    language: str | None = None


class OpenOut(BaseModel):
    conversation_id: UUID
    token: str
    language: str


class MessageIn(BaseModel):
    text: str
    message_id: str


class MessageOut(BaseModel):
    message_id: str
    event_id: str


class RatingIn(BaseModel):
    satisfaction: Annotated[int, Field(strict=True, ge=1, le=5)]  # 1 not at all, 5 very


class EndIn(BaseModel):
    left: bool = False  # the page was closed; it may be a reload


def support_page(settings: Settings) -> Response:
    """The operator's support page with the widget on it; web.py shows it at `/`."""
    return pages.page("index.html", settings)


def create_app(settings: Settings, *, connect: Connect = front.connect, patience: Patience | None = None) -> FastAPI:
    words = wording.load(fallback=settings.firstline_language, operator=settings.firstline_operator_name)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with front.running(settings, words, connect, patience) as app.state.front:
            yield

    app = FastAPI(
        title="Firstline chat",
        lifespan=lifespan,
        dependencies=[Depends(_private)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.settings = settings
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[settings.public_url, *settings.allowed_origins],
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
        max_age=600,
    )

    def refused(request: Request, status: int, code: str) -> JSONResponse:
        language = words.known(request.headers.get("accept-language"))
        body = {"code": code, "message": words.say(language, f"refuse.{code}")}
        headers = {"Retry-After": "20"} if status == 429 else {}
        return JSONResponse(body, status_code=status, headers=PRIVATE | headers)

    @app.exception_handler(ChatError)
    async def no(request: Request, error: ChatError) -> JSONResponse:
        return refused(request, error.status, error.code)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, _: RequestValidationError) -> JSONResponse:
        return refused(request, NotUnderstood.status, NotUnderstood.code)

    @app.exception_handler(RedisError)
    async def away(request: Request, _: RedisError) -> JSONResponse:
        return refused(request, 503, "unavailable")

    _add_conversations(app, words, ZoneInfo(settings.firstline_timezone))
    look = pages.widget_style()
    _add_pages(app, settings, pages.widget(words, settings, look), look)
    return app


def _private(response: Response) -> None:
    """Tokens and words are for the page that asked, not for a cache."""
    response.headers.update(PRIVATE)


async def _front(request: Request) -> Front:
    found: Front = request.app.state.front
    return found


async def _admit(conversation_id: str, request: Request) -> Conversation:
    """The bearer's conversation. An unknown one, a wrong token and a malformed id get the same answer."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        known = UUID(conversation_id)
    except ValueError as error:
        raise NotYours from error
    here = await _front(request)
    return await here.reception.admit(known, token if kind.lower() == "bearer" else "")


Here = Annotated[Front, Depends(_front)]
Admitted = Annotated[Conversation, Depends(_admit)]


def _add_conversations(app: FastAPI, words: Words, zone: ZoneInfo) -> None:
    @app.post("/conversations", status_code=201)
    async def open_conversation(request: Request, here: Here) -> OpenOut:
        _check_origin(request)
        asked = await _body(request, OpenIn)
        opened = await here.reception.open(asked.language, _address(request))
        conversation = opened.conversation
        return OpenOut(conversation_id=conversation.id, token=opened.token, language=conversation.language)

    @app.post("/conversations/{conversation_id}/messages", status_code=202)
    async def send(request: Request, here: Here, conversation: Admitted) -> MessageOut:
        sent = await _body(request, MessageIn)
        stored = await here.reception.take(conversation, sent.text, sent.message_id, _address(request))
        return MessageOut(message_id=sent.message_id, event_id=stored.id)

    @app.get("/conversations/{conversation_id}/events")
    async def events(
        here: Here,
        conversation: Admitted,
        last_event_id: Annotated[str | None, Header()] = None,
        after: Annotated[str | None, Query()] = None,
    ) -> StreamingResponse:
        begin = stream.starting_point(last_event_id or after)
        told = stream.events(here.store, conversation.id, begin, here.closing)
        return StreamingResponse(told, media_type="text/event-stream", headers=stream.HEADERS)

    @app.get("/conversations/{conversation_id}/history")
    async def history(here: Here, conversation: Admitted) -> list[dict[str, Any]]:
        stored = await here.store.events(conversation.id)
        return [{"id": each.id, "event": each.event.kind, "data": each.event.data} for each in stored]

    @app.get("/conversations/{conversation_id}/copy")
    async def copy(request: Request, here: Here, conversation: Admitted) -> Response:
        await here.reception.pace(conversation, _address(request))
        await here.reception.copied(conversation)
        page = copy_of(conversation, await here.store.events(conversation.id), words, zone)
        return pages.download(page, f"chat-{conversation.started_at:%Y-%m-%d}.html")

    @app.post("/conversations/{conversation_id}/end", status_code=204)
    async def end(request: Request, here: Here, conversation: Admitted) -> Response:
        asked = await _body(request, EndIn)
        await (here.reception.leave(conversation) if asked.left else here.ending.end(conversation, by_customer=True))
        return Response(status_code=204)

    @app.post("/conversations/{conversation_id}/satisfaction", status_code=204)
    async def rate(request: Request, here: Here, conversation: Admitted) -> Response:
        rating = await _body(request, RatingIn)
        await here.reception.pace(conversation, _address(request))
        await here.ending.rate(conversation, rating.satisfaction)
        return Response(status_code=204)


def _add_pages(app: FastAPI, settings: Settings, widget: bytes, look: bytes) -> None:
    @app.get("/widget.js")
    async def script(request: Request) -> Response:
        return pages.script(widget, request)

    @app.get("/widget.css")
    async def style() -> Response:
        return pages.style(look)

    @app.get("/")
    async def full_page() -> Response:
        return pages.page("chat.html", settings)

    @app.get("/page/{name}")
    async def asset(name: str) -> Response:
        return pages.asset(name) or Response(status_code=404)


async def _body(request: Request, kind: type[Body]) -> Body:
    """The JSON body, bounded; an empty one stands for the defaults."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_BYTES:
            raise TooLarge
    try:
        return kind.model_validate(json.loads(bytes(raw) or b"{}"))
    except (ValueError, ValidationError, RecursionError) as error:
        raise NotUnderstood from error


def _check_origin(request: Request) -> None:
    """A browser names the site it is on: ours, the one we were asked at, or one that may embed the chat."""
    origin = request.headers.get("origin")
    settings: Settings = request.app.state.settings
    ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours and origin not in (settings.public_url, *settings.allowed_origins):
        raise Elsewhere


def _address(request: Request) -> str:
    """Behind a trusted proxy the address it saw, otherwise the peer's."""
    settings: Settings = request.app.state.settings
    seen = request.headers.get("x-forwarded-for", "") if settings.firstline_trusted_proxy else ""
    return seen.split(",")[-1].strip() or (request.client.host if request.client else "unknown")
