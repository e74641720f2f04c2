"""The chat's program: conversations over HTTP, their event streams, the pages and the widget."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from redis import RedisError

from chat import conversation_api, front, pages, wording
from chat.errors import ChatError, NotUnderstood
from chat.front import Connect
from chat.relay import Patience
from metrics import Metrics
from settings import Settings

BODY_BYTES = 128 * 1024  # 4,000 characters fit, however they are written
PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
MEGABYTE = 1024 * 1024
Body = TypeVar("Body", bound=BaseModel)


def support_page(settings: Settings) -> Response:
    """The operator's support page with the widget on it; web.py shows it at `/`."""
    return pages.page("index.html", settings)


def create_app(
    settings: Settings,
    *,
    connect: Connect = front.connect,
    patience: Patience | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    words = wording.load(fallback=settings.firstline_language, operator=settings.firstline_operator_name)

    turns = (metrics or Metrics()).gauge("firstline_turns_in_progress", "Chat messages being answered by this copy")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with front.running(settings, words, connect, patience) as app.state.front:
            turns.set_function(lambda: app.state.front.inbox.in_progress)
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
        body = {"code": code, "message": words.say(language, f"refuse.{code}", mb=settings.attachment_max_mb)}
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

    app.include_router(conversation_api.router)
    look = pages.widget_style()
    _add_pages(app, settings, pages.widget(words, settings, look), look)
    return app


def _private(response: Response) -> None:
    """Tokens and words are for the page that asked, not for a cache."""
    response.headers.update(PRIVATE)


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
