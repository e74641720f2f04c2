"""Deciding about proposals at the console: tried first, shown while it is, published all the same with a reason."""

from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from knowledge.client import Attempt, Moved, Order, Proposal
from tests.console.fake_desk import PASSWORD
from tests.console.fake_library import FakeLibrary

QUESTION = Proposal(
    id="q1a2b", kind="example_question", language="en", text="These words found the article in the end.",
    articles=("wifi-weak",), question="my box blinks, ring 07700 900142", evidence={"contacts": 3},
    examples=("my box blinks",), alike=("q9z9z", "q8y8y"),
)  # fmt: skip
ORDER = Order(proposal_id="q1a2b", by="sue", days=30, words="my box blinks")
BEGAN = datetime(2026, 11, 25, 9, tzinfo=UTC)
BETTER = Moved("right article first", "69.1%", "70.3%", "better")
BROKEN = Moved("off-topic answered", "0.0%", "1.2%", "TOO MUCH WORSE")


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The browser with the supervisor signed in."""
    assert (await visitor.post("/sign-in", data={"username": "sue", "password": PASSWORD})).status_code == 303
    return visitor


async def test_a_question_is_accepted_in_other_words_and_its_attempt_is_shown(
    sue: httpx.AsyncClient, library: FakeLibrary
) -> None:
    library.found_proposals = [QUESTION]
    listed = (await sue.get("/knowledge/list?days=30")).text

    reply = await sue.post("/knowledge/proposals/q1a2b/accept", data={"days": "30", "words": " my box blinks "})

    assert "07700 900142" not in listed
    assert 'name="alike" value="q9z9z q8y8y"' in listed
    assert library.ordered == [ORDER]
    assert "is being tried" in reply.text
    assert 'hx-trigger="every 2s"' in reply.text


async def test_while_it_runs_it_is_asked_for_again_and_then_no_more(
    sue: httpx.AsyncClient, library: FakeLibrary
) -> None:
    library.attempt = Attempt(ORDER, BEGAN, "running", ("making the index",))
    running = (await sue.get("/knowledge/attempt")).text
    library.attempt = Attempt(ORDER, BEGAN, "done", ("Before and after:", BETTER.line, "“my box blinks” is now"))
    done = (await sue.get("/knowledge/attempt")).text

    assert "every 2s" in running
    assert "every 2s" not in done
    for words in ("Published", "Right article first", "69.1%", "70.3%", "Better", "is now"):
        assert words in done


async def test_what_falls_below_the_bar_is_published_only_with_a_reason(
    sue: httpx.AsyncClient, library: FakeLibrary
) -> None:
    library.attempt = Attempt(ORDER, BEGAN, "refused", (BROKEN.line,))
    shown = (await sue.get("/knowledge/attempt")).text
    form = {"days": "30", "words": "my box blinks", "because": "the launch", "override": "true"}

    await sue.post("/knowledge/proposals/q1a2b/accept", data=form)

    for words in ("Not published: it would make the answers worse", "Too much worse", "Publish all the same"):
        assert words in shown
    assert library.ordered == [replace(ORDER, because="the launch", override=True)]


async def test_one_is_turned_down_with_a_reason_in_these_words_and_others(
    sue: httpx.AsyncClient, library: FakeLibrary
) -> None:
    form = {"kind": "example_question", "reason": "too rare", "alike": "q9z9z q8y8y"}

    reply = await sue.post("/knowledge/proposals/q1a2b/reject", data=form)
    silent = await sue.post("/knowledge/proposals/q1a2b/reject", data={**form, "reason": ""})

    assert "Turned down" in reply.text
    assert library.rejected == [("q1a2b", "example_question", "sue", "too rare", ("q9z9z", "q8y8y"))]
    assert silent.status_code == 422


async def test_a_refusal_says_why_and_changes_nothing(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    library.refuses = "Another proposal is being tried: wait for its end"

    accepted = await sue.post("/knowledge/proposals/q1a2b/accept", data={"days": "30"})
    rejected = await sue.post("/knowledge/proposals/q1a2b/reject", data={"kind": "missing_article", "reason": "no"})

    assert (accepted.status_code, rejected.status_code) == (409, 409)
    assert "wait for its end" in accepted.text
    assert "wait for its end" in rejected.text


async def test_without_the_knowledge_base_it_is_said(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    library.away = True

    assert "does not answer just now" in (await sue.get("/knowledge/attempt")).text


async def test_it_is_for_those_who_lead(dana: httpx.AsyncClient, library: FakeLibrary) -> None:
    replies = [
        await dana.get("/knowledge/attempt"),
        await dana.post("/knowledge/proposals/q1a2b/accept", data={"days": "30"}),
        await dana.post("/knowledge/proposals/q1a2b/reject", data={"kind": "missing_article", "reason": "no"}),
    ]

    assert [reply.status_code for reply in replies] == [403] * 3
    assert (library.ordered, library.rejected) == ([], [])
