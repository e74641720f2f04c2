"""Fixtures of the browser tests: the browser, the chat over a world in memory, a console over a desk in memory."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext

from settings import Settings
from tests.browser.chat_page import DESK
from tests.browser.chromium import chromium
from tests.chat import fakes
from tests.console.fake_desk import FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.site import served


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One customer's browser: its tabs share what it keeps."""
    context = await browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]  # two numbers
    yield context
    await context.close()


@pytest.fixture
def world() -> fakes.World:
    return fakes.World()


@pytest.fixture
async def address(settings: Settings, world: fakes.World) -> AsyncIterator[str]:
    """Of the chat."""
    async with fakes.served(fakes.site(settings, world)) as url:
        yield url


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
