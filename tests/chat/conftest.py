"""The chat with fakes at its doors, over a real Redis and a real port."""

from collections.abc import AsyncIterator

import httpx
import pytest

from settings import Settings
from tests.chat.fakes import Visitor, World, served, site


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def http(settings: Settings, world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with served(site(settings, world)) as url, httpx.AsyncClient(base_url=url, timeout=10) as client:
        yield client


@pytest.fixture
async def visitor(http: httpx.AsyncClient) -> Visitor:
    return await Visitor.comes(http)
