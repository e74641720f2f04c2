"""The public port, and escalation alone, as they run, in this process on an empty database."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import NullPool, create_engine

import web
from escalation.database import url_of
from escalation.records import Record
from settings import Settings
from tests.escalation.escalation_service import Running, started


@pytest.fixture
def unhurried(settings: Settings) -> Settings:
    """Nobody is too fast: what is asked here is not how many messages are taken, but what becomes of them."""
    return settings.model_copy(
        update={"chat_messages_per_minute": 10**9, "chat_requests_per_minute": 10**9, "api_requests_per_minute": 10**9}
    )


@pytest.fixture
def migrated(unhurried: Settings, database_url: str) -> Settings:
    engine = create_engine(url_of(database_url), poolclass=NullPool)
    with engine.begin() as connection:
        Record.metadata.create_all(connection, checkfirst=False)
    engine.dispose()
    return unhurried


@pytest.fixture
async def running(migrated: Settings) -> AsyncIterator[Running]:
    async with started(migrated) as service:
        yield service


@pytest.fixture
async def public_app(migrated: Settings) -> AsyncIterator[FastAPI]:
    """`web.py` with everything it mounts at work; the assistant and the inner programs are not there."""
    nowhere = "http://127.0.0.1:9"
    app = web.create_app(
        migrated.model_copy(
            update={"rasa_url": nowhere, "firstline_inner_url": nowhere, "firstline_outbound_url": nowhere}
        )
    )
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def public(public_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=public_app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", timeout=60) as http:
        yield http
