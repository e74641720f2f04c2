"""Escalation as it runs: the real application on a real database and Redis, reached through its own door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from redis.asyncio import Redis, from_url

from escalation.app import create_app
from escalation.client import EscalationClient
from escalation.office import Office
from settings import Settings


@dataclass(frozen=True)
class Running:
    app: FastAPI
    client: EscalationClient
    http: httpx.AsyncClient  # with the internal token
    redis: Redis

    @property
    def office(self) -> Office:
        office: Office = self.app.state.office
        return office


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[Running]:
    app = create_app(settings)
    token = settings.firstline_internal_token.get_secret_value()
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        from_url(settings.redis_url, decode_responses=True) as redis,
        httpx.AsyncClient(
            transport=transport, base_url="http://escalation", headers={"Authorization": f"Bearer {token}"}
        ) as http,
    ):
        yield Running(app, EscalationClient(http, redis), http, redis)
