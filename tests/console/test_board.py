"""The supervisors' pages: who may see them, how figures are worded, what leaves as CSV."""

import csv
import io

import httpx
import pytest

from tests.console.fake_board import ATTACK
from tests.console.fake_desk import PASSWORD, FakeDesk

PAGES = ("/board", "/board.csv", "/board/contained", "/board/contained.csv", "/wall", "/funnel")


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same browser with Sue signed in, who is a supervisor."""
    await visitor.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    return visitor


@pytest.mark.parametrize("path", PAGES)
async def test_an_agent_sees_no_board(dana: httpx.AsyncClient, desk: FakeDesk, path: str) -> None:
    reply = await dana.get(path)

    assert reply.status_code == 403
    assert "This page is for supervisors" in reply.text
    assert desk.asked == []


@pytest.mark.parametrize("path", PAGES)
async def test_nobody_signed_in_is_asked_to(visitor: httpx.AsyncClient, path: str) -> None:
    assert (await visitor.get(path)).status_code == 303


async def test_every_figure_has_its_words_target_and_comparison(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/board")).text

    assert text.count("<article") == 23
    for words in ("Target: at least 80 %", "Off target", "On target", "the week before", "Not measured.", "Level 2"):
        assert words in text
    assert "within 20 seconds" in text  # a definition
    assert 'aria-label="Trend over 14 days: from' in text


async def test_filters_are_passed_on_and_unknown_ones_ignored(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    await sue.get("/board?window=month&channel=voice&tier=2&topic=wifi&priority=P1")
    await sue.get("/board?window=year&channel=fax&tier=nine&topic=&priority=P9")

    narrowed = {"window": "month", "channel": "voice", "tier": 2, "topic": "wifi", "priority": "P1"}
    assert desk.asked == [{"person": "sue", **narrowed}, {"person": "sue", "window": "week"}]


async def test_htmx_gets_the_figures_alone(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/board", headers={"HX-Request": "true"})).text

    assert text.count("<article") == 23
    assert "<html" not in text


async def test_the_board_as_csv_has_plain_numbers(sue: httpx.AsyncClient) -> None:
    reply = await sue.get("/board.csv?window=day")

    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(reply.text))}
    assert len(rows) == 23
    assert 0 <= float(rows["contained"]["value"]) <= 100
    assert rows["callbacks_in_time"]["value"] == ""
    assert "Nothing to measure" in rows["callbacks_in_time"]["unmeasured"]
    assert 'filename="firstline-board-day.csv"' in reply.headers["content-disposition"]


async def test_a_customers_words_are_no_formula_and_no_markup(sue: httpx.AsyncClient) -> None:
    page, table = await sue.get("/board/answered_in_time"), await sue.get("/board/answered_in_time.csv")

    assert "<script>document.title" not in page.text
    words = [row["words"] for row in csv.DictReader(io.StringIO(table.text))]
    assert words[1] == f"'{ATTACK}"


async def test_what_is_behind_a_figure_leads_to_its_tickets(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/board/answered_in_time?window=day&tier=1")).text

    assert "/tickets/FL-48317260" in text
    assert "/board?window=day&amp;tier=1" in text


async def test_no_such_figure_is_a_clear_page(sue: httpx.AsyncClient) -> None:
    assert (await sue.get("/board/deflection")).status_code == 404


async def test_the_wall_tells_what_happens_now(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/wall")).text

    for words in ("12 min late", "23 min left", "48 s", "Wrapping up", "Not signed on"):
        assert words in text


async def test_a_person_says_what_they_are_doing(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    assert "Not signed on" in (await dana.get("/state")).text

    reply = await dana.post("/state", data={"state": "break"})

    assert desk.states == {"dana": "break"}
    assert '<option value="break" selected>' in reply.text
    assert (await dana.post("/state", data={"state": "asleep"})).status_code == 422
