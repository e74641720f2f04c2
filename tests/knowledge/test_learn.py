"""Learning from what became of answers: escalation's fates, the real encoder, the small knowledge base."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from escalation import ledger, migrate
from escalation.client import EscalationClient, EscalationUnavailable, Signals, Turn
from knowledge import answer, work_list
from knowledge.app import create_app
from knowledge.client import KnowledgeClient
from knowledge.learn import as_json, as_text, told_since
from knowledge.shelf import Shelf
from settings import Settings
from tests.escalation.escalation_service import Running, started

SATELLITE = (
    "do you offer satellite internet",
    "can I get a satellite dish for internet",
    "is satellite broadband available",
)
BUFFERING = ("netflix keeps buffering in the evening", "netflix is buffering every evening")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def told(settings: Settings, database_url: str) -> AsyncIterator[Running]:
    """Escalation after a day: nobody could offer satellite internet, and buffering was found by a choice only."""
    migrate.upgrade(database_url)
    async with started(settings) as running:
        for question in SATELLITE:
            await unanswered(running, question)
        for question in BUFFERING:
            await chosen(running, question, "slow-internet", "tv-black")
        await asked(running, "my sim asks for a puk", {"kind": "answer", "articles": ["puk-code"]}, {})
        while await ledger.write_due(running.office):
            pass
        yield running


async def unanswered(running: Running, question: str) -> None:
    contact_id = await asked(running, question, {"kind": "no_answer"}, {}, finish=False)
    signals = Signals(category="plans-offers", reason="no_answer", problem=question)
    ticket = (await running.client.hand_over(contact_id, signals, key="t1")).ticket
    await running.client.act("sam.okoye", ticket.reference, "accept", version=1)
    await running.client.act("sam.okoye", ticket.reference, "resolve", version=2, text="We do not offer it here.")
    await running.client.finish_contact(contact_id, "handed_over")


async def chosen(running: Running, question: str, picked: str, other: str) -> None:
    decision = {"kind": "ask_back", "articles": [picked, other]}
    await asked(running, question, decision, {"picked": picked}, {"article": picked, "outcome": "confirmed_solved"})


async def asked(running: Running, question: str, decision: dict[str, Any], *told: Any, finish: bool = True) -> Any:
    contact_id, now = uuid4(), running.office.now()
    abouts = [{"decision": decision | {"turn": "t1"}}, *told]
    turns = [Turn(contact_id=contact_id, turn_id="t1", author="customer", text=question, at=now)]
    turns += [
        Turn(contact_id=contact_id, turn_id=f"b{place}", author="bot", text="...", at=now, about=about)
        for place, about in enumerate(abouts)
    ]
    await running.client.record(turns)
    if finish:
        await running.client.finish_contact(contact_id, "unconfirmed")
    return contact_id


async def test_what_nobody_could_answer_is_one_gap(told: Running, shelf: Shelf) -> None:
    (gap,) = await work_list.gaps(shelf, await told_since(LONG_AGO, told.client))

    assert set(gap.examples) == set(SATELLITE)
    text = as_text([gap])
    assert text.startswith("3 questions of 3 customers: 3 handed over\n")
    assert f"  nearest article: {gap.nearest} (“{gap.nearest_title}”), far: " in text
    assert "  tickets: plans-offers 3\n  an agent in the end: “We do not offer it here.”\n" in text


async def test_a_missing_article_and_an_example_question_are_proposed(told: Running, shelf: Shelf) -> None:
    found = await work_list.proposals(shelf, await told_since(LONG_AGO, told.client))

    by_kind = {proposal.kind: proposal for proposal in found}
    assert by_kind.keys() == {"missing_article", "example_question"}
    assert by_kind["missing_article"].question in SATELLITE
    assert by_kind["example_question"].question in BUFFERING
    assert by_kind["example_question"].articles == ("slow-internet",)
    assert f"{by_kind['missing_article'].id}  missing article\n" in as_text(found)


async def test_what_lies_before_the_time_asked_for_is_left_out(told: Running, shelf: Shelf) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    assert as_text(await work_list.gaps(shelf, await told_since(tomorrow, told.client))) == "Nothing to do.\n"


async def test_both_doors_together_give_the_console_the_same(told: Running, built: Settings) -> None:
    app = create_app(built)
    headers = {"Authorization": "Bearer test-internal-token"}
    fates = [fate.model_dump(mode="json") async for fate in told.client.fates()]
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner", headers=headers) as http,
    ):
        door, shelf = KnowledgeClient(http), answer.open(built)

        assert await door.gaps(fates) == await work_list.gaps(shelf, await told_since(LONG_AGO, told.client))
        assert await door.proposals(fates) == await work_list.proposals(shelf, await told_since(LONG_AGO, told.client))


async def test_as_json_everything_is_there(told: Running, shelf: Shelf) -> None:
    found = await work_list.gaps(shelf, await told_since(LONG_AGO, told.client))

    assert json.loads(as_json(found)) == json.loads(json.dumps([asdict(gap) for gap in found]))


async def test_without_escalation_there_is_nothing_to_learn_from() -> None:
    nobody = httpx.AsyncClient(base_url="http://127.0.0.1:9", timeout=1)

    with pytest.raises(EscalationUnavailable):
        await told_since(LONG_AGO, EscalationClient(nobody))


@pytest.mark.parametrize("path", ["/knowledge/v1/gaps", "/knowledge/v1/proposals"])
async def test_nobody_learns_without_the_internal_token(built: Settings, path: str) -> None:
    app = create_app(built)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner") as http:
        assert (await http.post(path, json={"fates": []})).status_code == 401
