"""Fixtures of the browser tests: the browser, and a console over a desk in memory."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from settings import Settings
from tests.browser.chromium import chromium
from tests.console.fake_desk import FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.site import served


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
async def site(settings: Settings, desk: FakeDesk, library: FakeLibrary) -> AsyncIterator[str]:
    async with served(settings, desk, library) as address:
        yield address
