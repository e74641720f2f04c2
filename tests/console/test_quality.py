"""The pages of quality checks: what a supervisor scores, and what whoever was scored sees of it."""

import csv
import io

import httpx
import pytest

from escalation.client import EscalationRefused
from tests.console.fake_desk import PASSWORD, FakeDesk


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    assert (await visitor.post("/sign-in", data={"username": "sue", "password": PASSWORD})).status_code == 303
    return visitor


async def test_a_supervisor_sees_what_waits_how_it_was_drawn_and_how_scores_went(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/quality")).text

    assert 'href="/quality/1"' in text
    assert "9f9f9f" in text
    assert "Trend over 13 weeks" in text


async def test_a_score_goes_as_it_was_given(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    form = {"mark-right": "4", "comment-right": "Say why.", "mark-safe": "none", "comment": "Good."}

    reply = await sue.post("/quality/1", data=form)

    review_id, asked = desk.given[0]
    assert (reply.status_code, review_id, asked.comment) == (303, 1, "Good.")
    assert {key: (given.mark, given.comment) for key, given in asked.marks.items()} == {
        "right": (4, "Say why."),
        "safe": (None, ""),
    }


async def test_nothing_that_was_typed_is_lost_when_a_score_is_refused(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.unwilling = EscalationRefused(400, "Right and complete needs a mark from 1 to 5")

    reply = await sue.post("/quality/1", data={"mark-safe": "3", "comment-safe": "asked for a PIN", "comment": "hm"})

    assert reply.status_code == 422
    assert "Right and complete needs a mark from 1 to 5." in reply.text
    assert 'value="asked for a PIN"' in reply.text
    assert 'name="mark-safe" value="3" aria-describedby="asks-safe" checked' in reply.text


async def test_a_comment_that_is_too_long_is_said_to_be(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await sue.post("/quality/1", data={"mark-right": "4", "comment": "x" * 2001})

    assert (reply.status_code, desk.given) == (422, [])
    assert "too long" in reply.text


async def test_a_customers_words_are_no_markup(sue: httpx.AsyncClient) -> None:
    assert "<script>document.title" not in (await sue.get("/quality/1")).text


async def test_who_was_scored_sees_the_result_and_no_form(dana: httpx.AsyncClient) -> None:
    listed, result, waits = [(await dana.get(path)) for path in ("/quality", "/quality/2", "/quality/1")]

    assert 'href="/quality/1"' not in listed.text
    assert "The reason was missing." in result.text
    assert "Save the score" not in result.text
    assert waits.status_code == 404


async def test_scores_by_week_as_csv(sue: httpx.AsyncClient) -> None:
    rows = list(csv.DictReader(io.StringIO((await sue.get("/quality.csv")).text)))

    assert {row["name"] for row in rows} == {"Assistant", "Dana Whitfield"}
    assert (len(rows), rows[0]["score_pct"], rows[0]["scored"]) == (18, "62.5", "3")
