"""The page of tasks that recur: how runs are worded, what leads to a ticket, and how far it looks ahead."""

import httpx
import pytest

from tests.console.fake_desk import FakeDesk


async def test_every_list_has_its_runs_and_what_became_of_them(dana: httpx.AsyncClient) -> None:
    text = (await dana.get("/tasks")).text

    for words in ("1 overdue", "Overdue, opened late", "Started", "Coming", "Done", "Missed, not opened"):
        assert words in text
    assert 'href="/tickets/FL-90000003"' in text
    assert 'href="/tasks" aria-current="page"' in text


async def test_a_tasks_name_is_no_markup(dana: httpx.AsyncClient) -> None:
    text = (await dana.get("/tasks")).text

    assert "Monthly bill run &lt;b&gt;" in text


@pytest.mark.parametrize(("asked", "days"), [("", 14), ("30", 30), ("100000", 14), ("soon", 14)])
async def test_it_looks_ahead_as_far_as_is_offered(
    dana: httpx.AsyncClient, desk: FakeDesk, asked: str, days: int
) -> None:
    assert (await dana.get("/tasks", params={"days": asked})).status_code == 200

    assert desk.asked[-1]["days"] == days


async def test_htmx_gets_the_lists_alone(dana: httpx.AsyncClient) -> None:
    text = (await dana.get("/tasks", headers={"HX-Request": "true"})).text

    assert "<html" not in text
    assert "Database backup" in text


async def test_nobody_signed_in_is_asked_to(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/tasks")).status_code == 303
