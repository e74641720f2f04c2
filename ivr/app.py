"""The telephone's webhooks. Twilio calls `/answer`, `/fallback` and `/status`; the documents lead to the others."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from redis import RedisError
from redis.asyncio import Redis
from starlette.datastructures import ImmutableMultiDict

import background
from bot.client import BotClient
from escalation.client import EscalationClient, Trail
from ivr import voice
from ivr.assistant import Assistant
from ivr.heard import Heard
from ivr.record import Record
from ivr.signature import Signature
from ivr.store import Store
from ivr.switchboard import Switchboard
from ivr.transfer import Desk, Transfer
from ivr.voice import Line
from ivr.webhook import Webhooks
from settings import Settings

MOST_BYTES = 64 * 1024
MOST_FIELDS = 200
REDIS_TIMEOUT_S = 4.0  # more than the 2 s that the record's reader blocks
E164 = re.compile(r"\+[1-9]\d{6,14}")
WITHHELD = {"+266696687", "+7378742833", "+2562533", "+8566696", "+86282452253"}  # Twilio's ways to say "no number"
OVER = {"completed", "busy", "failed", "no-answer", "canceled"}

Form = ImmutableMultiDict[str, str]


class Caller:
    """Who calls, out of a webhook's form. A withheld, SIP or client number is no telephone number."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.call_sid = form.get("CallSid", "")
        number = form.get("From", "").strip()
        self.number = number if E164.fullmatch(number) and number not in WITHHELD else None


async def genuine_form(request: Request) -> Form:
    """The form of a webhook that Twilio signed; anything else is refused before anything is done."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(403)
    try:
        fields = parse_qsl(bytes(body).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(403) from error
    form = Form(fields)
    signature: Signature = request.app.state.signature
    if not signature.is_genuine(request, form):
        raise HTTPException(403)
    if not re.fullmatch(r"[A-Za-z0-9]{1,64}", form.get("CallSid", "")):
        raise HTTPException(400)
    return form


Signed = Annotated[Form, Depends(genuine_form)]


def create_app(settings: Settings, *, bot: Assistant | None = None, desk: Desk | None = None) -> FastAPI:
    """Raises NoToken without TWILIO_AUTH_TOKEN. `bot` and `desk` are the doors unless given."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        redis = Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            socket_timeout=REDIS_TIMEOUT_S,
            socket_connect_timeout=1.0,
        )
        to_bot = bot or BotClient.connect(settings)
        to_desk = desk or EscalationClient.connect(settings)
        trail = Trail(redis, prefix="ivr", client=to_desk)
        app.state.webhooks = webhooks = _webhooks(settings, redis, to_bot, to_desk, trail)
        async with background.running(trail.run(), webhooks.close_for_ever()):
            yield
            await webhooks.finish()
        for client in (to_bot, to_desk):
            if isinstance(client, BotClient | EscalationClient):
                await client.aclose()
        await redis.aclose()

    app = FastAPI(title="Firstline telephone", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.signature = Signature(settings)
    _routes(app)
    return app


def _webhooks(settings: Settings, redis: Redis, bot: Assistant, desk: Desk, trail: Trail) -> Webhooks:
    record = Record(trail, _now)
    transfer = Transfer(desk, record, _now, spare_line=settings.ivr_fallback_number)
    return Webhooks(
        store=Store(redis),
        switchboard=Switchboard(
            bot=bot,
            record=record,
            transfer=transfer,
            operator_name=settings.firstline_operator_name,
            patience_s=settings.bot_timeout_s,
        ),
        transfer=transfer,
        line=Line(
            prefix=f"{urlsplit(settings.public_url).path}/ivr",
            country=settings.firstline_country,
            caller_id=settings.twilio_from_number,
        ),
        language=settings.firstline_language,
        budget_s=settings.ivr_budget_s,
        fallback_number=settings.ivr_fallback_number,
    )


def _routes(app: FastAPI) -> None:
    def webhooks() -> Webhooks:
        ours: Webhooks = app.state.webhooks
        return ours

    @app.post("/answer")
    async def answer(form: Signed) -> Response:
        caller = Caller(form)
        try:
            return _twiml(await webhooks().came_in(caller.call_sid, caller.number))
        except RedisError:
            return _twiml(await webhooks().without_state(caller.call_sid, caller.number))

    @app.post("/turn")
    async def turn(form: Signed, step: int) -> Response:
        caller, heard = Caller(form), Heard.of(form)
        try:
            return _twiml(
                await webhooks().step(
                    caller.call_sid, step, caller.number, lambda call: webhooks().switchboard.turn(call, heard)
                )
            )
        except RedisError:
            return _twiml(await webhooks().without_state(caller.call_sid, caller.number))

    @app.post("/wait")
    async def wait(form: Signed, step: int, asked: int = 1) -> Response:
        caller = Caller(form)
        try:
            return _twiml(await webhooks().wait(caller.call_sid, step, asked, caller.number))
        except RedisError:
            return _twiml(await webhooks().without_state(caller.call_sid, caller.number))

    @app.post("/dial")
    async def dial(form: Signed, step: int) -> Response:
        caller, outcome = Caller(form), form.get("DialCallStatus", "failed")
        try:
            return _twiml(
                await webhooks().step(
                    caller.call_sid,
                    step,
                    caller.number,
                    lambda call: webhooks().switchboard.line_came_back(call, outcome),
                )
            )
        except RedisError:
            return _twiml(webhooks().goodbye())

    @app.post("/fallback")
    async def fallback(request: Request, form: Signed) -> Response:
        caller = Caller(form)
        token = request.headers.get("I-Twilio-Idempotency-Token", "")[:100]
        return _twiml(await webhooks().rescue(caller.call_sid, caller.number, token))

    @app.post("/status")
    async def status(form: Signed) -> Response:
        if form.get("CallStatus") in OVER:
            try:
                await webhooks().ended(form["CallSid"])
            except RedisError as error:
                raise HTTPException(503) from error
        return _twiml(voice.nothing_more())

    @app.exception_handler(Exception)
    async def broken(_request: Request, _error: Exception) -> Response:  # the server logs the error after this
        return _twiml(webhooks().static)


def _twiml(document: str) -> Response:
    return Response(document, media_type=voice.CONTENT_TYPE)


def _now() -> datetime:
    return datetime.now(UTC)
