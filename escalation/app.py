"""The escalation service: TMF621 and TMF683 outside, `/escalation/v1` for our own programs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from fastapi import Depends, FastAPI
from redis.asyncio import from_url
from sqlalchemy.exc import SQLAlchemyError

import background
from escalation import (
    board_api,
    callback,
    contact_api,
    desk_api,
    fate_api,
    hub_api,
    kind_api,
    metrics_api,
    policy,
    reads_api,
    replies,
    roster_api,
    signature,
    telephone_api,
    tmf621,
    tmf683,
)
from escalation.access import inside, outside, static_callers
from escalation.agreements import api as agreements_api
from escalation.attachments import attachment_api, tmf_attachment
from escalation.attachments.intake import Intake
from escalation.attachments.scan import scanner
from escalation.calls import call_api
from escalation.chat_links import chat_link_api
from escalation.contact_api import keep_up
from escalation.database import Sessions, connect, sessions_of
from escalation.delivery import Publisher
from escalation.oauth import token_api
from escalation.oauth.issuer import Issuer
from escalation.oauth.outside import OutsideIssuer
from escalation.oauth.own import OwnIssuer
from escalation.oauth.signing_key import KeyRing
from escalation.office import Office, utc_now
from escalation.outages import outage_api
from escalation.published import policy_api
from escalation.published.in_force import LOOK_S, InForce
from escalation.quality import quality_api
from escalation.saved_views import view_api
from escalation.tasks import task_api
from escalation.visits import visit_api
from metrics import Metrics
from settings import Settings


def create_app(
    settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None, metrics: Metrics | None = None
) -> FastAPI:
    """`transport`: how an outside issuer of tokens is reached, if not over the network. `metrics`: of the program.

    Raises RuntimeError when a token is missing or a secret is weak, PolicyError when a policy file is wrong; its
    lifespan does when what is published does not fit what is installed.
    """
    callers = static_callers(settings)
    hub_is_open = bool(signature.secrets_of(settings.firstline_webhook_secrets.get_secret_value()))
    found = policy.load()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = connect(settings)
        redis = from_url(settings.redis_url, decode_responses=True)
        sessions = sessions_of(engine)
        publisher = Publisher(sessions, redis, utc_now)
        app.state.redis = redis
        http = httpx.AsyncClient(transport=transport)
        app.state.issuer = _issuer(settings, sessions, http)
        app.state.office = office = Office(
            sessions, found, settings.firstline_operator_name, public_url=settings.public_url, wake=publisher.wake
        )
        app.state.in_force = InForce(office)
        with suppress(SQLAlchemyError):  # the first request asks again
            await keep_up(app)
        try:
            async with background.running(publisher.run(), _keep_up(app)):
                yield
        finally:
            await http.aclose()
            await redis.aclose()
            await engine.dispose()

    app = FastAPI(title="Firstline escalation", version="1", lifespan=lifespan, redirect_slashes=False)
    app.state.public_url = settings.public_url
    app.state.demo_password = settings.firstline_demo_password.get_secret_value() if settings.firstline_demo else ""
    app.state.hub_is_open = hub_is_open
    app.state.metrics = metrics or Metrics()
    app.state.http_callbacks = settings.firstline_demo
    app.state.resolve = callback.addresses_of
    app.state.intake = intake = _intake(settings)
    replies.install(app, file_max_bytes=intake.most_bytes)
    for router in (
        agreements_api.router,
        attachment_api.router,
        board_api.router,
        call_api.router,
        chat_link_api.router,
        contact_api.router,
        desk_api.router,
        fate_api.router,
        hub_api.router,
        kind_api.router,
        metrics_api.router,
        policy_api.router,
        quality_api.router,
        view_api.router,
        task_api.router,
        reads_api.router,
        roster_api.router,
        outage_api.router,
        telephone_api.router,
        visit_api.router,
    ):
        app.include_router(router, dependencies=[Depends(inside(callers))])
    for router in (tmf621.router, tmf683.router, tmf_attachment.router):
        app.include_router(router, dependencies=[Depends(outside(callers, found.clients))])
    if not settings.oidc_issuer:
        app.include_router(token_api.router)
    return app


async def _keep_up(app: FastAPI) -> None:
    """What is published through another copy of the program."""
    while True:
        await asyncio.sleep(LOOK_S)
        with suppress(SQLAlchemyError):  # whatever needs the database says that it is away
            await keep_up(app)


def _intake(settings: Settings) -> Intake:
    scan = scanner(settings.attachment_scan_command)
    return Intake(scan, most_mb=settings.attachment_max_mb, most=settings.attachments_per_conversation)


def _issuer(settings: Settings, sessions: Sessions, http: httpx.AsyncClient) -> Issuer:
    """One at a time: with the operator's, tokens of our own are worth nothing."""
    if settings.oidc_issuer:
        return OutsideIssuer(settings.oidc_issuer, settings.oidc_audience, http, plain_http=settings.firstline_demo)
    keys = KeyRing(sessions, settings.internal_tokens, utc_now)
    return OwnIssuer(settings.public_url, keys)
