"""A technician's day at the console: for technicians alone, with what was typed kept, and an end that is told whole."""

from datetime import UTC, datetime

import httpx
import pytest

from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_visits import VISIT

REPORT = {
    "outcome": "fixed",
    "work": ["line_repaired", "explained"],
    "remark": "A joint was wet.",
    "measured_mbps": "78,5",
    "speed_reason": "long line",
    "confirmed_by": "Jo Smith",
}


@pytest.fixture
async def rob(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    await visitor.post("/sign-in", data={"username": "rob", "password": PASSWORD})
    return visitor


async def test_the_day_leads_to_each_visit(rob: httpx.AsyncClient) -> None:
    page = (await rob.get("/visits")).text

    assert f'href="/visits/{VISIT}"' in page
    for words in ("LF1 2AB", "Jo Smith", "To come", "FL-48317264"):
        assert words in page


async def test_a_visit_shows_what_is_needed_at_the_door(rob: httpx.AsyncClient) -> None:
    page = (await rob.get(f"/visits/{VISIT}")).text

    for words in ("tel:+447700900142", "open 300 m from the cabinet", "80 Mbit/s", "I have arrived", "order-1"):
        assert words in page
    assert "&lt;b&gt;Friday" in page
    assert "Close the visit" not in page


@pytest.mark.parametrize("written", ["", "soon", "2026-11-25T08:05:00.000Z"])
async def test_the_arrival_has_the_time_of_the_telephone(rob: httpx.AsyncClient, desk: FakeDesk, written: str) -> None:
    reply = await rob.post(f"/visits/{VISIT}/arrival", data={"at": written})

    assert reply.status_code == 303
    assert desk.arrivals == [datetime(2026, 11, 25, 8, 5, tzinfo=UTC) if written[:1] == "2" else None]
    assert "Close the visit" in (await rob.get(f"/visits/{VISIT}")).text


async def test_a_report_is_sent_and_shown(rob: httpx.AsyncClient, desk: FakeDesk) -> None:
    await rob.post(f"/visits/{VISIT}/arrival", data={})

    reply = await rob.post(f"/visits/{VISIT}/report", data=REPORT)

    assert reply.status_code == 303
    assert (desk.reported[0].measured_mbps, desk.reported[0].work) == (78.5, ("line_repaired", "explained"))
    page = (await rob.get(f"/visits/{VISIT}")).text
    for words in ("Line repaired, Explained", "78.5 Mbit/s: long line", "Jo Smith", "A joint was wet."):
        assert words in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measured_mbps": ""}, "Measure the speed."),
        ({"measured_mbps": "fast"}, "The speed is a number"),
        ({"outcome": ""}, "Choose how the visit ended."),
        ({"work": ["magic"]}, "Something in this form is not right."),
    ],
)
async def test_a_refused_report_keeps_what_was_typed(
    rob: httpx.AsyncClient, desk: FakeDesk, change: dict[str, object], words: str
) -> None:
    await rob.post(f"/visits/{VISIT}/arrival", data={})

    reply = await rob.post(f"/visits/{VISIT}/report", data={**REPORT, **change})

    assert (reply.status_code, desk.reported) == (422, [])
    for kept in (words, "A joint was wet.", "long line"):
        assert kept in reply.text


@pytest.mark.parametrize("path", ["/visits", f"/visits/{VISIT}"])
async def test_visits_are_not_open_to_an_agent(dana: httpx.AsyncClient, path: str) -> None:
    assert (await dana.get(path)).status_code == 403
    assert ">Visits<" not in (await dana.get("/")).text
