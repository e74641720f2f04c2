"""Fixtures of escalation: a migrated database, the running service, and a desk whose time is set by the test."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis, from_url
from sqlalchemy import NullPool, create_engine

from escalation import policy
from escalation.database import connect, sessions_of, url_of
from escalation.office import Office
from escalation.records import Record
from settings import Settings
from tests.escalation.escalation_service import Running, started
from tests.escalation.shift import Shift, Wristwatch


@pytest.fixture
def migrated(settings: Settings, database_url: str) -> Settings:
    """The tables straight from the records: test_migrations.py shows that the migrations make the same."""
    engine = create_engine(url_of(database_url), poolclass=NullPool)
    with engine.begin() as connection:
        Record.metadata.create_all(connection, checkfirst=False)
    engine.dispose()
    return settings


@pytest.fixture
async def running(migrated: Settings) -> AsyncIterator[Running]:
    async with started(migrated) as service:
        yield service


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def shift(migrated: Settings) -> AsyncIterator[Shift]:
    engine = connect(migrated)
    watch = Wristwatch()
    yield Shift(Office(sessions_of(engine), policy.load(), "Larkfield Telecom", now=watch), watch)
    await engine.dispose()
