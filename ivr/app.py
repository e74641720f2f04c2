"""The telephone's webhooks. Twilio calls `/answer`, `/fallback` and `/status`; the documents lead to the others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request, Response
from redis import RedisError

from ivr import called_webhooks, other_legs, sockets, voice
from ivr.call import Transport
from ivr.entrance import OVER, Caller, Signed, seconds, twiml
from ivr.exchange import Doors, Exchange, opened
from ivr.language_pack import check_packs
from ivr.meaning import Heard
from ivr.measures import Measures
from ivr.signature import Signature
from ivr.webhook import Webhooks
from settings import Settings


def create_app(settings: Settings, doors: Doors | None = None) -> FastAPI:
    """Raises NoToken without TWILIO_AUTH_TOKEN, and IncompletePack when a language lacks words."""
    check_packs()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, doors or Doors()) as app.state.exchange:
            yield

    app = FastAPI(title="Firstline telephone", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.signature = Signature(settings)
    app.state.measures = Measures(settings)
    _routes(app, settings.ivr_transport)
    app.include_router(other_legs.router)
    app.include_router(called_webhooks.router)
    app.include_router(sockets.router)
    return app


def _routes(app: FastAPI, usual: Transport) -> None:
    def webhooks() -> Webhooks:
        exchange: Exchange = app.state.exchange
        return exchange.webhooks

    @app.post("/answer")
    async def answer(form: Signed, transport: Transport = usual) -> Response:
        """A number may have another transport than the setting says, in the address of its webhook."""
        caller = Caller(form)
        try:
            return twiml(await webhooks().came_in(caller.call_sid, caller.number, transport))
        except RedisError:
            return twiml(await webhooks().without_state(caller.call_sid, caller.number))

    @app.post("/turn")
    async def turn(form: Signed, step: int) -> Response:
        caller, heard = Caller(form), Heard.of(form)
        try:
            return twiml(
                await webhooks().step(
                    caller.call_sid, step, caller.number, lambda call: webhooks().switchboard.turn(call, heard)
                )
            )
        except RedisError:
            return twiml(await webhooks().without_state(caller.call_sid, caller.number))

    @app.post("/wait")
    async def wait(form: Signed, step: int, asked: int = 1) -> Response:
        caller = Caller(form)
        try:
            return twiml(await webhooks().wait(caller.call_sid, step, asked, caller.number))
        except RedisError:
            return twiml(await webhooks().without_state(caller.call_sid, caller.number))

    @app.post("/dial")
    async def dial(form: Signed, step: int) -> Response:
        caller, status = Caller(form), form.get("DialCallStatus", "failed")
        bridged = form.get("DialBridged") == "true"
        try:
            return twiml(
                await webhooks().line_came_back(caller.call_sid, step, caller.number, status=status, bridged=bridged)
            )
        except RedisError:
            return twiml(webhooks().goodbye())

    @app.post("/message")
    async def message(form: Signed, step: int) -> Response:
        caller, length_s = Caller(form), seconds(form) if form.get("RecordingUrl") else 0
        try:
            return twiml(
                await webhooks().step(
                    caller.call_sid,
                    step,
                    caller.number,
                    lambda call: webhooks().switchboard.message_left(call, length_s),
                )
            )
        except RedisError:
            return twiml(webhooks().goodbye())

    @app.post("/fallback")
    async def fallback(request: Request, form: Signed) -> Response:
        caller = Caller(form)
        token = request.headers.get("I-Twilio-Idempotency-Token", "")[:100]
        return twiml(await webhooks().rescue(caller.call_sid, caller.number, token))

    @app.post("/status")
    async def status(form: Signed) -> Response:
        if form.get("CallStatus") in OVER:
            try:
                await webhooks().ended(form["CallSid"])
            except RedisError as error:
                raise HTTPException(503) from error
        return twiml(voice.nothing_more())

    @app.exception_handler(Exception)
    async def broken(_request: Request, _error: Exception) -> Response:  # the server logs the error after this
        return twiml(webhooks().static)
