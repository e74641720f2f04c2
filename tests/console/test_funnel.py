"""The funnel's page: its stages in words, where customers left, and what is asked of the door."""

import httpx
import pytest

from tests.console.fake_desk import PASSWORD, FakeDesk


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same browser with Sue signed in, who is a supervisor."""
    await visitor.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    return visitor


async def test_each_stage_says_what_became_of_those_who_came_no_further(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/funnel")).text

    for words in (
        "170 left without asking anything",
        "205 had no answer",
        "360 of all went to a person; 41 wanted one and got none",
        "468 did not say",
        "27 %",  # of 1,480 confirmed it
    ):
        assert words in text


async def test_the_places_are_named_in_words(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/funnel")).text

    for words in ("Menu: main", "Wifi slow, step “move closer”", "Esim what is, the article", "Before anything was"):
        assert words in text
    assert "At other places" in text


async def test_it_is_narrowed_and_unknown_values_are_ignored(sue: httpx.AsyncClient, desk: FakeDesk) -> None:
    empty = (await sue.get("/funnel?window=day&channel=voice", headers={"HX-Request": "true"})).text
    await sue.get("/funnel?window=year&channel=fax")

    assert desk.asked == [
        {"person": "sue", "window": "day", "channel": "voice"},
        {"person": "sue", "window": "week"},
    ]
    assert "No conversation ended in the last 24 hours." in empty
    assert "<html" not in empty
