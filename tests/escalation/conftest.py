"""Fixtures of escalation: a migrated database, and the service running on it."""

from collections.abc import AsyncIterator

import pytest

from escalation import migrate
from settings import Settings
from tests.escalation.escalation_service import Running, started


@pytest.fixture
def migrated(settings: Settings, database_url: str) -> Settings:
    migrate.upgrade(database_url)
    return settings


@pytest.fixture
async def running(migrated: Settings) -> AsyncIterator[Running]:
    async with started(migrated) as service:
        yield service
