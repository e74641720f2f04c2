"""Outbound as a program: takes messages over HTTP, keeps them in Redis, sends them in the background."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from redis.asyncio import Redis
from redis.exceptions import RedisError

import logs
import settings as setup
import tracing
from metrics import MEDIA_TYPE, Metrics, QueueGauges
from outbound.call import CallAsked, Rung
from outbound.carrier import Carrier
from outbound.dialling import CallBook, TwilioCalls
from outbound.mail import SmtpMail
from outbound.message import Message, Unwanted, address, is_email
from outbound.policy import Policy
from outbound.queue import Queue
from outbound.sms import TwilioSms
from outbound.twilio import TwilioAccount
from outbound.worker import Worker
from secret_values import fits

POLICY = setup.ROOT / "data" / "operator" / "outbound.yml"
STOP_WITHIN_S = 4.0  # for messages in flight; one that is cut off is sent again after its lease
LAST_DEAD = 10  # given-up messages shown by name

bearer = HTTPBearer(auto_error=False)
routes = APIRouter(prefix="/outbound/v1")


class OptOut(BaseModel):
    to: str
    opted_out: bool
    of: Unwanted = "messages"


def create_app(settings: setup.Settings | None = None) -> FastAPI:
    """Raises ValueError without an internal token."""
    logs.mask()
    settings = settings or setup.load()
    tokens = settings.internal_tokens
    if not tokens:
        raise ValueError("FIRSTLINE_INTERNAL_TOKEN is empty")

    def from_our_programs(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
        if given is None or not fits(given.credentials, tokens):
            raise HTTPException(401, "the internal token is missing or wrong")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _at_work(app, settings):
            yield

    app = FastAPI(title="Firstline outbound", lifespan=lifespan)
    tracing.start(settings, "outbound", app)
    app.include_router(routes, dependencies=[Depends(from_our_programs)])
    app.add_exception_handler(RedisError, _redis_away)
    return app


@asynccontextmanager
async def _at_work(app: FastAPI, settings: setup.Settings) -> AsyncIterator[None]:
    """The worker runs; what it needs is closed afterwards."""
    policy = Policy.read(POLICY)
    redis: Redis = Redis.from_url(settings.redis_url, decode_responses=True)
    account = TwilioAccount.connect(settings)
    sms = TwilioSms(account)
    calls = TwilioCalls(account, public_url=settings.public_url, ring_s=settings.ivr_ring_s)
    mail = SmtpMail(settings.smtp_url.get_secret_value(), sender=settings.smtp_from, subjects=policy.subjects)
    queue = Queue(redis)
    worker = Worker(queue, sms=sms, mail=mail, policy=policy)
    work = asyncio.create_task(worker.run())
    app.state.queue, app.state.worker, app.state.work = queue, worker, work
    app.state.call_book = CallBook(redis, queue, calls)
    app.state.carriers = {"sms": sms, "email": mail, "calls": calls}
    app.state.country = settings.firstline_country
    try:
        yield
    finally:
        worker.stop()
        await asyncio.wait([work], timeout=STOP_WITHIN_S)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await account.aclose()
        await redis.aclose()


async def _redis_away(_: Request, __: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Redis does not answer"}, status_code=503)


def _address(request: Request, to: str) -> str:
    found = address(to, request.app.state.country)
    if found is None:
        raise HTTPException(422, "neither a phone number nor an e-mail address")
    return found


@routes.post("/messages", status_code=202)
async def accept(message: Message, request: Request) -> dict[str, str]:
    """Stored when this answers. A key that was used before changes nothing."""
    fresh = await request.app.state.queue.accept(message, to=_address(request, message.to), now=datetime.now(UTC))
    request.app.state.worker.wake()
    return {"state": "accepted" if fresh else "known"}


@routes.post("/calls")
async def ring(asked: CallAsked, request: Request) -> Rung:
    """Dialled when this answers so; an id that was dialled before is not dialled again."""
    book: CallBook = request.app.state.call_book
    to = _address(request, asked.to)
    if is_email(to):
        raise HTTPException(422, "not a phone number")
    return await book.ring(asked, to=to)


@routes.post("/opt-outs", status_code=204)
async def opt_out(wish: OptOut, request: Request) -> None:
    """Nothing is sent to this address any more, or again; or nobody calls it unasked."""
    queue: Queue = request.app.state.queue
    to = _address(request, wish.to)
    await (queue.opt_out(to, wish.of) if wish.opted_out else queue.opt_in(to, wish.of))


@routes.post("/dead-letters/{message_id}/retry", status_code=202)
async def retry(message_id: str, request: Request) -> None:
    """For people: a given-up message is tried again."""
    if not await request.app.state.queue.revive(message_id, datetime.now(UTC)):
        raise HTTPException(404, "there is no such message")
    request.app.state.worker.wake()


@routes.get("/health")
async def health(request: Request) -> JSONResponse:
    """503 when nothing can be sent because of us; what waits and what was given up, without addresses and texts."""
    queue: Queue = request.app.state.queue
    carriers: dict[str, Carrier | TwilioCalls] = request.app.state.carriers
    waiting, oldest = await queue.waiting()
    dead, last_dead = await queue.dead(LAST_DEAD)
    working = not request.app.state.work.done()
    body: dict[str, Any] = {  # JSON of numbers, texts and lists
        "worker": "ok" if working else "stopped",
        **{name: "ok" if carrier.is_set_up else "not set up" for name, carrier in carriers.items()},
        "waiting": waiting,
        "oldest_waiting_s": round(datetime.now(UTC).timestamp() - oldest) if oldest else 0,
        "dead": dead,
        "last_dead": last_dead,
    }
    return JSONResponse(body, status_code=200 if working else 503)


@routes.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    found, queue = Metrics(), request.app.state.queue
    waiting, oldest = await queue.waiting()
    dead, _ = await queue.dead(1)
    age_s = max(0.0, datetime.now(UTC).timestamp() - oldest) if oldest else 0.0
    QueueGauges(found).tell("outbound", waiting=waiting, oldest_s=age_s, dead=dead)
    return Response(found.text(), media_type=MEDIA_TYPE)
