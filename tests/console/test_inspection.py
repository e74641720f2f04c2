"""The page of the inspection: who sees it, and what it says."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from console.app import create_app
from ops.inspection.finding import Finding, State
from ops.inspection.round import Inspection
from settings import Settings
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary

HERE = "http://console.test"


@pytest.fixture
async def browser(settings: Settings, desk: FakeDesk, library: FakeLibrary) -> AsyncIterator[httpx.AsyncClient]:
    async def inspect() -> Inspection:
        advice = "Make <b>room</b>: `df -h <disk>`."
        return Inspection(
            datetime.now(UTC),
            [Finding("disk of state", State.BAD, "0.2 GB", "> 5 GB", advice), Finding("x", State.OK, "")],
        )

    app = create_app(settings, desk=desk, library=library, inspect=inspect)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HERE, headers={"Origin": HERE}) as client,
    ):
        yield client


async def signed_in(browser: httpx.AsyncClient, name: str) -> None:
    assert (await browser.post("/sign-in", data={"username": name, "password": PASSWORD})).status_code == 303


async def test_a_supervisor_sees_what_is_bad_and_what_to_do(browser: httpx.AsyncClient) -> None:
    await signed_in(browser, "sue")

    text = (await browser.get("/inspection")).text

    for words in ("1 bad", "Disk of state", "0.2 GB", "Make &lt;b&gt;room&lt;/b&gt;: <code>df -h &lt;disk&gt;</code>."):
        assert words in text
    assert 'href="/inspection" aria-current="page"' in text


async def test_it_is_none_of_an_agents_business(browser: httpx.AsyncClient) -> None:
    await signed_in(browser, "dana")

    assert (await browser.get("/inspection")).status_code == 403
    assert "/inspection" not in (await browser.get("/tasks")).text


async def test_without_an_inspector_there_is_no_page(dana: httpx.AsyncClient) -> None:
    assert (await dana.get("/inspection")).status_code == 404
