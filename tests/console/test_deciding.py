"""Deciding about proposals on the page about the knowledge base: who may, what begins, what is shown until its end."""

import httpx
import pytest

from knowledge.client import Comparison, Moved, Order, Proposal, Treated
from tests.console.fake_desk import PASSWORD
from tests.console.fake_library import FakeLibrary
from tests.knowledge.proposed import FIGHT

ADD = Proposal(
    id="b0ffe4", kind="example_question", language="en", text="Add it.", articles=("slow-internet",),
    question="I am Jo, call 07700 900123: films stop", evidence={}, examples=("films stop",), alike=("f1lm5",),
)  # fmt: skip
MISSING = Proposal(
    id="5a7e11", kind="missing_article", language="en", text="No article answers this.", articles=(),
    question="do you offer satellite", evidence={}, examples=("do you offer satellite",),
)  # fmt: skip
WORSE = Comparison(
    figures=(
        Moved("right article first", "69.0%", "66.0%", "TOO MUCH WORSE"),
        Moved("answered at once", "12.0%", "12.5%", "better"),
    ),
    worse=(Treated("why is <it> slow", "slow-internet", "hand over"),),
)
ACCEPT, REJECT = "/knowledge/proposals/b0ffe4/acceptance", "/knowledge/proposals/b0ffe4/rejection"
HTMX = {"HX-Request": "true"}
ORDER = Order(proposal_id="b0ffe4", by="sue", days=30, words="films stop and start")


async def signed_in(visitor: httpx.AsyncClient, username: str) -> httpx.AsyncClient:
    assert (await visitor.post("/sign-in", data={"username": username, "password": PASSWORD})).status_code == 303
    visitor.headers.update(HTMX)
    return visitor


@pytest.fixture
async def sue(visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    return await signed_in(visitor, "sue")


async def test_a_proposal_comes_with_its_forms_and_without_who_asked(
    sue: httpx.AsyncClient, library: FakeLibrary
) -> None:
    library.found_proposals = [ADD, MISSING]

    text = (await sue.get("/knowledge/list?days=90")).text

    assert 'value="I am [name], call [number]: films stop"' in text
    assert text.count('name="days" value="90"') == 2
    assert text.count('name="words"') == 1
    assert 'name="alike" value="f1lm5"' in text


async def test_a_fight_says_what_to_move_and_cannot_be_accepted(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    library.found_proposals = [FIGHT]

    text = (await sue.get("/knowledge/list")).text

    assert "1 question to move or reword" in text
    assert "internet crawling again since yesterday" in text
    assert "/acceptance" not in text
    assert f"/knowledge/proposals/{FIGHT.id}/rejection" in text


async def test_who_accepts_begins_an_attempt_in_other_words(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    reply = await sue.post(ACCEPT, data={"days": "30", "words": " films stop and start "})

    assert reply.status_code == 200
    assert library.attempt is not None
    assert library.attempt.order == ORDER
    assert "Being tried" in reply.text
    assert 'hx-get="/knowledge/attempt/said" hx-trigger="every 2s"' in reply.text


async def test_while_it_runs_the_page_tells_what_is_done_now(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    await library.accept(ORDER)
    library.becomes("running", "190 articles are in order.", "measuring <b>")

    reply = await sue.get("/knowledge/attempt/said")

    assert "measuring &lt;b&gt;" in reply.text
    assert "HX-Retarget" not in reply.headers
    assert "Being tried" in (await sue.get("/knowledge/attempt")).text


async def test_what_is_done_takes_the_place_of_the_proposal(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    await library.accept(ORDER)
    library.becomes("done", "“films stop and start” is now a question.", compared=WORSE)

    reply = await sue.get("/knowledge/attempt/said")

    assert (reply.headers["HX-Retarget"], reply.headers["HX-Reswap"]) == ("#attempt", "outerHTML")
    assert 'id="proposal-b0ffe4" hx-swap-oob="true"' in reply.text
    assert "Accepted by sue" in reply.text
    assert "It is done." in reply.text


async def test_a_refusal_shows_before_and_after_and_may_be_overridden(
    sue: httpx.AsyncClient, library: FakeLibrary
) -> None:
    await library.accept(ORDER)
    library.becomes("refused", "Not published", compared=WORSE)

    text = (await sue.get("/knowledge/attempt/said")).text
    reply = await sue.post(
        ACCEPT, data={"days": "30", "words": ORDER.words, "override": "true", "because": "launch day"}
    )

    told = ("Right article first", "69.0%", "66.0%", "Too much worse", "why is &lt;it&gt; slow", "passed to a person")
    for words in told:
        assert words in text
    assert "1 question is treated worse" in text
    assert 'name="because" required' in text
    assert 'id="proposal-b0ffe4"' not in text
    assert library.attempt is not None
    assert (library.attempt.order.override, library.attempt.order.because) == (True, "launch day")
    assert "to be published in any case: launch day" in reply.text


async def test_what_the_gate_did_not_refuse_cannot_be_overridden(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    await library.accept(ORDER)
    library.becomes("failed", "“Jo” holds a name: give other words.")

    text = (await sue.get("/knowledge/attempt")).text

    assert "give other words" in text
    assert 'name="override"' not in text


async def test_while_one_is_tried_another_waits_and_the_page_shows_which(
    sue: httpx.AsyncClient, library: FakeLibrary
) -> None:
    await library.accept(ORDER)

    reply = await sue.post("/knowledge/proposals/5a7e11/acceptance", data={"days": "30"})

    assert reply.status_code == 409
    assert "Another proposal is being tried" in reply.text
    assert "films stop and start" in reply.text


async def test_who_rejects_says_why_once(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    asked = {"kind": "example_question", "reason": "too rare", "alike": ["f1lm5", "f1lm6"]}

    reply = await sue.post(REJECT, data=asked)
    again = await sue.post(REJECT, data=asked)

    assert library.rejected["b0ffe4"] == {**asked, "by": "sue"}
    assert "Rejected by Sue Lindqvist" in reply.text
    assert "It was rejected by sue on 2026-11-25." in again.text
    assert (await sue.post(REJECT, data={"kind": "example_question", "reason": ""})).status_code == 422


async def test_without_the_knowledge_base_nothing_typed_is_lost(sue: httpx.AsyncClient, library: FakeLibrary) -> None:
    library.away = True

    accepted = await sue.post(ACCEPT, data={"days": "30"})
    rejected = await sue.post(REJECT, data={"kind": "example_question", "reason": "rare"})

    assert "does not answer just now" in accepted.text
    assert rejected.headers["HX-Retarget"] == "#said-b0ffe4"
    assert "does not answer just now" in rejected.text
    assert (await sue.get("/knowledge/attempt/said")).status_code == 204
    assert (await sue.get("/knowledge/attempt")).status_code == 200


async def test_a_browser_without_the_script_comes_back_to_the_page(sue: httpx.AsyncClient) -> None:
    sue.headers.pop("HX-Request")

    reply = await sue.post(ACCEPT, data={"days": "30"})

    assert (reply.status_code, reply.headers["Location"]) == (303, "/knowledge")


@pytest.mark.parametrize(
    ("username", "status"), [("sue", 200), ("ada", 200), ("dana", 403), ("omar", 403), ("rob", 403)]
)
async def test_it_is_decided_by_those_who_lead_or_run_it(
    visitor: httpx.AsyncClient, library: FakeLibrary, username: str, status: int
) -> None:
    browser = await signed_in(visitor, username)

    asked = {"kind": "example_question", "reason": "rare"}
    seen = [(await browser.get(path)).status_code for path in ("/knowledge", "/knowledge/list", "/knowledge/attempt")]
    seen += [(await browser.get("/knowledge/attempt/said")).status_code]
    seen += [(await browser.post(ACCEPT, data={"days": "30"})).status_code]
    seen += [(await browser.post(REJECT, data=asked)).status_code]

    assert set(seen) == {status}
    assert (library.attempt is not None, bool(library.rejected)) == (status == 200, status == 200)


@pytest.mark.parametrize("path", [ACCEPT, REJECT])
async def test_another_site_decides_nothing(sue: httpx.AsyncClient, library: FakeLibrary, path: str) -> None:
    asked = {"days": "30", "kind": "example_question", "reason": "rare"}

    reply = await sue.post(path, data=asked, headers={"Origin": "https://evil.example"})

    assert reply.status_code == 403
    assert (library.attempt, library.rejected) == (None, {})


async def test_nobody_decides_without_signing_in(visitor: httpx.AsyncClient, library: FakeLibrary) -> None:
    assert (await visitor.post(ACCEPT, data={"days": "30"})).status_code == 303
    assert library.attempt is None


@pytest.mark.parametrize("proposal_id", ["..", "B0", "a" * 41])
async def test_what_is_no_proposal_is_refused(sue: httpx.AsyncClient, proposal_id: str) -> None:
    reply = await sue.post(f"/knowledge/proposals/{proposal_id}/acceptance", data={"days": "30"})

    assert reply.status_code in (404, 422)
