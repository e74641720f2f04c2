"""The page about the knowledge base: what nobody answered, what is proposed, what does not help, and for whom."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from console.worklist import Useless, useless
from escalation.client import AnswerFate
from knowledge.client import Gap, Proposal
from tests.console.fake_desk import PASSWORD, FakeDesk
from tests.console.fake_library import FakeLibrary

GAP = Gap(
    language="en", questions=7, contacts=5, without_answer=4, outcomes={"unanswered": 7},
    examples=("can I pause my line <b>now</b>", "hold my contract, mail jo.q@example.com"), nearest="cancel-line",
    nearest_title="Cancelling a line", nearness=0.5, is_near=False, categories={"plans-offers": 3},
    done=("We paused it.",),
)  # fmt: skip
PROPOSAL = Proposal(
    id="m1a2b", kind="missing_article", language="en", text="No article answers this.", articles=(),
    question="can I pause my line", evidence={"questions": 7}, examples=("can I pause my line",),
)  # fmt: skip


def fate(outcome: str, article: str = "wifi-weak", **changed: Any) -> AnswerFate:
    known = {
        "id": 1, "contact_id": uuid4(), "channel": "chat", "language": "en", "turn_id": uuid4().hex,
        "at": datetime.now(UTC) - timedelta(days=2), "question": "why", "kind": "answer", "articles": (article,),
        "outcome": outcome,
    }  # fmt: skip
    return AnswerFate.model_validate({**known, **changed})


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """The browser with the supervisor signed in."""
    assert (await visitor.post("/sign-in", data={"username": "sue", "password": PASSWORD})).status_code == 303
    return visitor


def test_an_article_that_failed_as_often_as_it_helped_is_useless() -> None:
    fates = [fate("not_helped")] * 3 + [fate("helped")] * 2 + [fate("helped", "bill-due")] * 6
    fates += [fate("handed_over", "rare")] * 4
    fates += [fate("handed_over", "offered", kind="ask_back", articles=("a", "b"), picked="chosen")] * 5

    assert useless(fates) == [Useless("chosen", 5, 0, 5), Useless("wifi-weak", 5, 2, 3)]


async def test_a_supervisor_sees_what_to_do(sue: httpx.AsyncClient, desk: FakeDesk, library: FakeLibrary) -> None:
    library.found_gaps, library.found_proposals = [GAP], [PROPOSAL]
    desk.told_fates = [fate("not_helped")] * 5 + [fate("helped", at=datetime.now(UTC) - timedelta(days=20))]

    page = (await sue.get("/knowledge?days=7")).text
    text = (await sue.get("/knowledge/list?days=7")).text

    assert 'hx-get="/knowledge/list?days=7"' in page
    assert 'href="/knowledge" aria-current="page"' in page
    assert len(library.learned_from) == 5
    assert "can I pause my line &lt;b&gt;now&lt;/b&gt;" in text
    assert "5 customers asked 7 times" in text
    assert "jo.q@example.com" not in text
    for words in ("Cancelling a line", "We paused it.", "m1a2b", "A missing article", "wifi-weak", "100 %"):
        assert words in text


async def test_a_quiet_time_says_so(sue: httpx.AsyncClient) -> None:
    text = (await sue.get("/knowledge/list")).text

    assert "Every question of this time was answered" in text
    assert "Nothing is proposed." in text


async def test_without_the_knowledge_base_the_page_says_so(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    library.away = True

    assert "does not answer just now" in (await sue.get("/knowledge/list")).text


@pytest.mark.parametrize("path", ["/knowledge", "/knowledge/list"])
async def test_it_is_for_those_who_lead_or_run_it(dana: httpx.AsyncClient, path: str) -> None:
    assert (await dana.get(path)).status_code == 403
    assert 'href="/knowledge"' not in (await dana.get("/tasks")).text


async def test_a_time_that_is_not_offered_is_refused(sue: httpx.AsyncClient) -> None:
    assert (await sue.get("/knowledge?days=100000")).status_code == 422
