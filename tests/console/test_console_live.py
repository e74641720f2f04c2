"""Changes reach every open page, and nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from console.live import ANY, PAGE_MS, WAITING_MAX, Listener
from settings import Settings
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.morning import SLOW
from tests.console.site import served


@pytest.fixture
async def site(settings: Settings, desk: FakeDesk) -> AsyncIterator[str]:
    async with served(settings, desk, FakeLibrary()) as address:
        yield address


async def cookie_of(site: str) -> str:
    origin = site.removesuffix("/console")
    async with httpx.AsyncClient(headers={"Origin": origin}) as browser:
        await browser.post(f"{site}/sign-in", data={"username": "dana", "password": PASSWORD})
        return f"firstline_console={browser.cookies['firstline_console']}"


def socket(site: str, *, cookie: str, origin: str | None = None) -> connect:
    address = site.replace("http", "ws", 1) + "/live"
    headers = {"Cookie": cookie} if cookie else {}
    return connect(address, additional_headers=headers, origin=origin or site.removesuffix("/console"))  # type: ignore[arg-type]


async def told(connection: ClientConnection) -> list[str]:
    async with asyncio.timeout(5):
        references: list[str] = json.loads(await connection.recv())["changed"]
        return references


async def test_a_change_reaches_every_open_page(site: str, desk: FakeDesk) -> None:
    cookie = await cookie_of(site)
    async with socket(site, cookie=cookie) as first, socket(site, cookie=cookie) as second:
        desk.customer_says(SLOW, "Are you there?")

        assert await told(first) == [SLOW]
        assert await told(second) == [SLOW]


async def test_the_more_pages_are_open_the_further_apart_their_lists_ask_anew(site: str, desk: FakeDesk) -> None:
    cookie, said = await cookie_of(site), []
    async with socket(site, cookie=cookie) as first, socket(site, cookie=cookie) as second:
        await asyncio.sleep(0.1)
        desk.customer_says(SLOW, "Are you there?")
        said += [json.loads(await first.recv())["within_ms"], json.loads(await second.recv())["within_ms"]]

    assert said == [2 * PAGE_MS, 2 * PAGE_MS]


async def test_offers_are_asked_for_anew_only_when_they_change(site: str, desk: FakeDesk) -> None:
    async with socket(site, cookie=await cookie_of(site)) as page:
        await asyncio.sleep(0.1)
        desk.customer_says(SLOW, "Are you there?")
        spoken = json.loads(await page.recv())
        desk.offers_change(SLOW)
        offered = json.loads(await page.recv())

    assert ("offers" in spoken, offered["offers"]) == (False, True)


async def test_the_socket_wants_a_session(site: str) -> None:
    with pytest.raises(InvalidStatus):
        await socket(site, cookie="firstline_console=guess")


async def test_the_socket_refuses_another_sites_page(site: str) -> None:
    cookie = await cookie_of(site)

    with pytest.raises(InvalidStatus):
        await socket(site, cookie=cookie, origin="https://evil.example")


async def test_a_page_that_falls_behind_is_told_to_look_at_everything() -> None:
    listener = Listener()

    for number in range(WAITING_MAX + 5):
        listener.tell(f"FL-{number:08}")

    assert ANY in await listener.changed()


async def test_many_changes_of_one_ticket_are_told_once() -> None:
    listener = Listener()

    for _ in range(50):
        listener.tell(SLOW)

    assert await listener.changed() == [SLOW]
