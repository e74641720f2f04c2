"""The console as a web application, mounted at `/console`."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from redis.asyncio import Redis
from starlette.responses import Response

import background
from console import (
    agreements,
    attachments,
    beside,
    board,
    contributing,
    deciding,
    filing,
    funnel,
    inspection,
    legal_hold,
    offers,
    outage,
    own_state,
    placement,
    policies,
    policy_ruling,
    quality,
    queue,
    reads,
    roster,
    saved_views,
    sign_in,
    sockets,
    task,
    telephone,
    ticket,
    undo,
    visits,
    wall,
    window,
    wishes,
    worklist,
)
from console.attendance import Attendance
from console.desk import Desk, Library
from console.gate import NotSignedIn, NotSupervisor, ReadsOnly
from console.guard import Guard
from console.inspection import Inspect
from console.live import Live
from console.presence import Presence
from console.render import STATIC, htmx_file, is_fragment, page
from console.session import Sessions
from escalation.client import EscalationClient, EscalationRefused, EscalationUnavailable
from knowledge.client import KnowledgeClient
from settings import Settings

A_YEAR = "public, max-age=31536000, immutable"  # addresses of static files carry their version


def create_app(
    settings: Settings, *, desk: Desk | None = None, library: Library | None = None, inspect: Inspect | None = None
) -> FastAPI:
    """`desk` and `library` are the doors to escalation and knowledge, unless others are given. `inspect` looks at the
    whole product; without it there is no page of that.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            redis = Redis.from_url(settings.redis_url, decode_responses=True)
            stack.push_async_callback(redis.aclose)
            app.state.desk = desk or await _desk(settings, redis, stack)
            app.state.library = library or await _library(settings, stack)
            app.state.sessions = Sessions(redis)
            app.state.presence = Presence(redis)
            app.state.attendance = attendance = Attendance(app.state.desk)
            app.state.live = live = Live(app.state.desk, app.state.presence)
            joining = wishes.join_for_ever(app.state.desk, app.state.library)
            async with (
                background.running(live.run()),
                background.running(live.read_rows()),
                background.running(attendance.run()),
                background.running(live.watch_presence()),
                background.running(live.watch_typing()),
                background.running(joining),
            ):
                yield

    app = FastAPI(title="Firstline console", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.operator_name = settings.firstline_operator_name
    app.state.zone = ZoneInfo(settings.firstline_timezone)
    app.state.secure_cookie = settings.public_url.startswith("https:")
    app.add_middleware(Guard, public_url=settings.public_url)
    for router in (
        sign_in.router,
        queue.router,
        saved_views.router,
        board.router,
        funnel.router,
        wall.router,
        task.router,
        own_state.router,
        offers.router,
        roster.router,
        quality.router,
        worklist.router,
        deciding.router,
        contributing.router,
        policies.router,
        policy_ruling.router,
        outage.router,
        ticket.router,
        placement.router,
        attachments.router,
        legal_hold.router,
        undo.router,
        window.router,
        agreements.router,
        filing.router,
        beside.router,
        telephone.router,
        reads.router,
        sockets.router,
        visits.router,
    ):
        app.include_router(router)
    app.state.inspect = inspect
    if inspect is not None:
        app.include_router(inspection.router)
    app.add_api_route("/static/htmx.js", _htmx, include_in_schema=False)
    app.mount("/static", Kept(directory=STATIC))
    app.add_exception_handler(NotSignedIn, _ask_to_sign_in)
    app.add_exception_handler(NotSupervisor, _not_supervisor)
    app.add_exception_handler(ReadsOnly, _reads_only)
    app.add_exception_handler(EscalationUnavailable, _unavailable)
    app.add_exception_handler(EscalationRefused, _refused)
    return app


class Kept(StaticFiles):
    """Files a browser may keep."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        reply = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        reply.headers["Cache-Control"] = A_YEAR
        return reply


async def _htmx() -> Response:
    return FileResponse(htmx_file(), media_type="text/javascript", headers={"Cache-Control": A_YEAR})


async def _desk(settings: Settings, redis: Redis, stack: AsyncExitStack) -> Desk:
    client = EscalationClient.connect(settings, redis)
    stack.push_async_callback(client.aclose)
    return client


async def _library(settings: Settings, stack: AsyncExitStack) -> Library:
    client = KnowledgeClient.connect(settings)
    stack.push_async_callback(client.close)
    return client


async def _ask_to_sign_in(request: Request, _: Exception) -> Response:
    if is_fragment(request):
        return Response(status_code=401)
    base = request.scope.get("root_path", "")
    reference = request.path_params.get("reference", "")
    return RedirectResponse(f"{base}/sign-in" + (f"?ticket={reference}" if reference else ""), status_code=303)


async def _not_supervisor(request: Request, _: Exception) -> Response:
    return page(
        request,
        "message.html",
        status=403,
        heading="This page is for supervisors",
        explanation="Your own tickets are in the queue.",
        again=request.scope.get("root_path", "") + "/",
        again_label="To the queue",
    )


async def _reads_only(request: Request, _: Exception) -> Response:
    return page(
        request,
        "message.html",
        status=403,
        heading="You read tickets and file none",
        explanation="Ask a supervisor or an agent to file it.",
        again=request.scope.get("root_path", "") + "/",
        again_label="To the queue",
    )


async def _unavailable(request: Request, _: Exception) -> Response:
    if is_fragment(request):
        return Response(status_code=503)
    return page(
        request,
        "message.html",
        status=503,
        heading="The ticket system does not answer",
        explanation="No ticket is lost. Please try again in a moment; if it lasts, tell the engineers on duty.",
        again=str(request.url.path) if request.method == "GET" else request.scope.get("root_path", "") + "/",
        again_label="Try again",
    )


async def _refused(request: Request, refusal: Exception) -> Response:
    status = refusal.status if isinstance(refusal, EscalationRefused) else 400
    known = {403: "This ticket is not open to you", 404: "There is no such ticket"}
    return page(
        request,
        "message.html",
        status=status,
        heading=known.get(status, "That did not work"),
        explanation="Check the reference, or look for it in the queue.",
        again=request.scope.get("root_path", "") + "/",
        again_label="To the queue",
    )
