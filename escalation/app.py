"""The escalation service: TMF621 and TMF683 outside, `/escalation/v1` for our own programs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from redis.asyncio import from_url

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
    replies,
    signature,
    telephone_api,
    tmf621,
    tmf683,
)
from escalation.access import Caller, bearer, tokens_of
from escalation.database import connect, sessions_of
from escalation.delivery import Publisher
from escalation.office import Office, utc_now
from settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Raises RuntimeError when a token is missing or a secret is weak, PolicyError when a policy file is wrong."""
    tokens = tokens_of(settings)
    hub_is_open = bool(signature.secrets_of(settings.firstline_webhook_secrets.get_secret_value()))
    found = policy.load()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = connect(settings)
        redis = from_url(settings.redis_url, decode_responses=True)
        sessions = sessions_of(engine)
        publisher = Publisher(sessions, redis, utc_now)
        app.state.redis = redis
        app.state.office = Office(
            sessions, found, settings.firstline_operator_name, public_url=settings.public_url, wake=publisher.wake
        )
        try:
            async with background.running(publisher.run()):
                yield
        finally:
            await redis.aclose()
            await engine.dispose()

    app = FastAPI(title="Firstline escalation", version="1", lifespan=lifespan, redirect_slashes=False)
    app.state.public_url = settings.public_url
    app.state.demo_password = settings.firstline_demo_password.get_secret_value() if settings.firstline_demo else ""
    app.state.hub_is_open = hub_is_open
    app.state.http_callbacks = settings.firstline_demo
    app.state.resolve = callback.addresses_of
    replies.install(app)
    inside, outside = Depends(bearer({Caller.INTERNAL: tokens[Caller.INTERNAL]})), Depends(bearer(tokens))
    for router in (
        board_api.router,
        contact_api.router,
        desk_api.router,
        fate_api.router,
        hub_api.router,
        kind_api.router,
        metrics_api.router,
        telephone_api.router,
    ):
        app.include_router(router, dependencies=[inside])
    for router in (tmf621.router, tmf683.router):
        app.include_router(router, dependencies=[outside])
    return app
