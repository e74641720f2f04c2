"""The console in process, a person signed in or not."""

from collections.abc import AsyncIterator

import httpx
import pytest

from console.app import create_app
from settings import Settings
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary

HERE = "http://console.test"


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


@pytest.fixture
async def visitor(settings: Settings, desk: FakeDesk, library: FakeLibrary) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that sends what browsers send; nobody is signed in."""
    app = create_app(settings, desk=desk, library=library)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HERE, headers={"Origin": HERE}) as client,
    ):
        yield client


@pytest.fixture
async def dana(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same browser with Dana signed in."""
    reply = await visitor.post("/sign-in", data={"username": "dana", "password": PASSWORD})
    assert reply.status_code == 303
    return visitor
