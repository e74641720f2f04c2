"""Lines of the queue on the socket: the same as in a list, without the customer's words, and not for everybody."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from console.changed_row import ChangedRow
from console.live import ANY, WAITING_MAX, Listener
from escalation.client import RowFacts
from settings import Settings
from tests.console.fake_desk import DANA, OMAR, PASSWORD, SUE, FakeDesk
from tests.console.fake_library import FakeLibrary
from tests.console.fake_visits import ROB
from tests.console.morning import CHARGED, SLOW
from tests.console.site import served

SHORT_S = 0.5


@pytest.fixture
async def site(settings: Settings, desk: FakeDesk) -> AsyncIterator[str]:
    async with served(settings, desk, FakeLibrary()) as address:
        yield address


@asynccontextmanager
async def socket(site: str, username: str, page: str = "?rows=yes") -> AsyncIterator[ClientConnection]:
    origin = site.removesuffix("/console")
    async with httpx.AsyncClient(headers={"Origin": origin}) as browser:
        await browser.post(f"{site}/sign-in", data={"username": username, "password": PASSWORD})
        cookie = f"firstline_console={browser.cookies['firstline_console']}"
    address = site.replace("http", "ws", 1) + "/live" + page
    async with connect(address, additional_headers={"Cookie": cookie}, origin=origin) as connection:  # type: ignore[arg-type]
        await asyncio.sleep(0.1)
        yield connection


async def heard(connection: ClientConnection) -> list[dict[str, Any]]:
    """All that is said in a short time."""
    said = []
    try:
        async with asyncio.timeout(SHORT_S):
            while True:
                said.append(json.loads(await connection.recv()))
    except TimeoutError:
        return said


def rows_of(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for message in said for row in message.get("rows", ())]


async def facts(desk: FakeDesk, reference: str, **changes: Any) -> RowFacts:
    (row,) = await desk.rows([reference])
    return row.model_copy(update=changes)


async def test_a_line_is_told_as_a_list_has_it(site: str, desk: FakeDesk, dana: httpx.AsyncClient) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"problem": ""})
    async with socket(site, "dana") as page:
        desk.taken_by_another(SLOW)
        (row,) = rows_of(await heard(page))

    shown = (await dana.get("/?view=all", headers={"HX-Request": "true"})).text
    assert row["html"].replace("/console/", "/").strip() in shown
    assert "Omar Reyes" in row["html"]


async def test_no_words_of_the_customer_travel_with_it(site: str, desk: FakeDesk) -> None:
    async with socket(site, "dana") as page:
        desk.customer_says(SLOW, "My daughter cannot join")
        said = await heard(page)

    assert rows_of(said)
    assert "daughter" not in json.dumps(said)


async def test_it_is_read_once_for_all_pages(site: str, desk: FakeDesk) -> None:
    async with socket(site, "dana") as first, socket(site, "omar") as second:
        desk.taken_by_another(SLOW)
        rows = rows_of(await heard(first)), rows_of(await heard(second))

    assert [[row["reference"] for row in told] for told in rows] == [[SLOW], [SLOW]]
    assert desk.rows_read == [(SLOW,)]


async def test_who_does_not_see_all_tickets_hears_no_line_and_no_reference(site: str, desk: FakeDesk) -> None:
    async with socket(site, "rob") as theirs, socket(site, "dana"):
        desk.taken_by_another(SLOW)
        said = await heard(theirs)

    assert [message["changed"] for message in said] == [[ANY]]
    assert not rows_of(said)
    assert SLOW not in json.dumps(said)
    assert ROB.sees == "own"


async def test_a_page_that_is_not_the_queue_hears_no_line(site: str, desk: FakeDesk) -> None:
    async with socket(site, "dana", page="") as page:
        desk.taken_by_another(SLOW)
        said = await heard(page)

    assert said
    assert not rows_of(said)
    assert not desk.rows_read


async def test_lists_whose_line_cannot_be_read_ask_anew(site: str, desk: FakeDesk) -> None:
    async with socket(site, "dana") as page:
        desk.away = True
        desk.taken_by_another(SLOW)
        said = await heard(page)
        desk.away = False
        desk.taken_by_another(CHARGED)
        later = await heard(page)

    assert ANY in [reference for message in said for reference in message.get("changed", ())]
    assert [row["reference"] for row in rows_of(later)] == [CHARGED]


async def test_a_list_that_fell_behind_asks_for_everything_anew(desk: FakeDesk) -> None:
    listener = Listener(person=DANA, shows_rows=True)
    row = await facts(desk, SLOW)

    for number in range(WAITING_MAX + 1):
        listener.tell_row(ChangedRow(row.model_copy(update={"reference": f"FL-{number:08}"})))

    assert listener.take_rows() == []
    assert await listener.changed() == [ANY]


@pytest.mark.parametrize(
    ("person", "changes", "own"),
    [
        (DANA, {"assignee": "dana", "department": "billing"}, {"mine": True, "tier": True, "department": True}),
        (DANA, {"asked": "dana", "tier": 2}, {"mine": True, "tier": False, "department": False}),
        (DANA, {"asked": "dana", "assignee": "omar"}, {"mine": False, "tier": True, "department": False}),
        (OMAR, {"tier": 2}, {"mine": False, "tier": True, "department": True}),
        (SUE, {"tier": 3}, {"mine": False, "tier": True, "department": True}),
    ],
)
async def test_it_says_what_is_the_persons_own(
    desk: FakeDesk, person: Any, changes: dict[str, Any], own: dict[str, bool]
) -> None:
    row = await facts(desk, SLOW, **changes)

    assert ChangedRow(row).told(person, "")["own"] == own


async def test_every_copy_of_the_console_tells_its_own_pages(settings: Settings, desk: FakeDesk) -> None:
    async with (
        served(settings, desk, FakeLibrary()) as one,
        served(settings, desk, FakeLibrary()) as other,
        socket(one, "dana") as first,
        socket(other, "omar") as second,
    ):
        desk.taken_by_another(SLOW)
        rows = rows_of(await heard(first)), rows_of(await heard(second))

    assert [[row["reference"] for row in told] for told in rows] == [[SLOW], [SLOW]]
