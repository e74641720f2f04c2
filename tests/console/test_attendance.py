"""Who has the console open: counted by page, reported together, and nobody is lost by a restart."""

import asyncio

import httpx

from console.attendance import Attendance
from tests.console.fake_desk import FakeDesk
from tests.console.morning import SLOW
from tests.console.test_console_live import cookie_of, site, socket

__all__ = ["site"]


async def test_a_person_is_here_as_long_as_one_page_is_open(desk: FakeDesk) -> None:
    here = Attendance(desk)

    with here.open("dana"):
        with here.open("dana"), here.open("omar"):
            await here.report()
        await here.report()
        await here.report()
    await here.report()
    await here.report()

    people = [reported for reported, _ in desk.attended]
    assert people == [("dana", "omar"), ("dana", "omar"), ("dana",), ("dana",), ()]  # omar was here since the first


async def test_only_the_first_report_says_that_the_console_begins(desk: FakeDesk) -> None:
    here = Attendance(desk)
    desk.away = True
    here.asked("dana")
    await here.report()
    desk.away = False

    await here.report()
    await here.report()

    assert desk.attended == [(("dana",), True), ((), False)]


async def test_an_open_page_is_reported(site: str, desk: FakeDesk) -> None:
    async with socket(site, cookie=await cookie_of(site)), asyncio.timeout(15):
        while not any("dana" in people for people, _ in desk.attended):
            await asyncio.sleep(0.05)

    assert desk.attended[0][1]  # the first report says that a console begins


async def test_who_comes_back_reads_which_chats_they_lost(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.states["dana"], desk.lost["dana"] = "away", (SLOW,)
    told = (await dana.get("/state")).text
    changed = (await dana.post("/state", data={"state": "ready"})).text

    assert f'1 live chat went back to the queue: <a href="/tickets/{SLOW}">' in told
    assert "went back" not in changed
    assert "went back" not in (await dana.get("/state")).text
