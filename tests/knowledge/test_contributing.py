"""An article proposed by a person out of a solved ticket: kept without who it was, listed, and begun as a draft."""

import errno
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from knowledge import work_list
from knowledge.acceptance import accept
from knowledge.app import create_app
from knowledge.client import KnowledgeClient, KnowledgeRefused
from knowledge.contribution import Contributions
from knowledge.learn import as_text, main
from knowledge.rulings import Rulings
from knowledge.shelf import Shelf
from settings import Settings
from tests.knowledge.proposed import OUT_OF_A_TICKET, learning, refuse
from tests.knowledge.told import fate

House = tuple[Settings, Path]


@pytest.fixture
async def door(house: House) -> AsyncIterator[KnowledgeClient]:
    app = create_app(house[0])
    headers = {"Authorization": "Bearer test-internal-token"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner", headers=headers) as http,
    ):
        yield KnowledgeClient(http)


async def hand_in(door: KnowledgeClient, **changed: str) -> None:
    asked = {"question": OUT_OF_A_TICKET.question, "solution": OUT_OF_A_TICKET.solution, "language": "en"}
    await door.contribute(**{**asked, "by": "dana", "reference": OUT_OF_A_TICKET.reference, **changed})


async def test_it_is_listed_as_a_missing_article_with_who_proposes_it(door: KnowledgeClient) -> None:
    await hand_in(door)

    (listed,) = await door.proposals([])

    assert (listed.kind, listed.by, listed.reference) == ("missing_article", "dana", "FL-48317264")
    assert (listed.question, listed.solution) == (OUT_OF_A_TICKET.question, OUT_OF_A_TICKET.solution)


async def test_what_tells_who_somebody_is_is_not_kept(door: KnowledgeClient, house: House) -> None:
    await hand_in(door, question="I am Jo, do you offer satellite", solution="Call 07700 900123.\r\nMail a@b.org")

    (kept,) = Contributions(Shelf.folder_of(house[0])).all()

    assert kept.question == "I am [name], do you offer satellite"
    assert kept.solution == "Call [number].\nMail [e-mail]"


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC])
async def test_where_nothing_can_be_written_it_is_refused_in_words(
    door: KnowledgeClient, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Contributions, "add", fail)

    with pytest.raises(KnowledgeRefused, match="read-only or full"):
        await hand_in(door)


async def test_another_error_of_the_system_is_a_fault(door: KnowledgeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(Contributions, "add", fail)

    with pytest.raises(OSError, match="broken disk"):
        await hand_in(door)


async def test_a_question_is_proposed_once_and_not_again_after_it_was_rejected(door: KnowledgeClient) -> None:
    await hand_in(door)

    with pytest.raises(KnowledgeRefused, match="proposed by dana already"):
        await hand_in(door, question="Do you offer  satellite INTERNET", by="omar")
    (listed,) = await door.proposals([])
    await door.reject(listed.id, listed.kind, by="sue", reason="rare")

    assert await door.proposals([]) == []
    with pytest.raises(KnowledgeRefused, match="It was rejected by sue"):
        await hand_in(door)


@pytest.mark.parametrize(
    "changed", [{"question": "a"}, {"question": "w" * 301}, {"solution": " "}, {"language": "../"}, {"by": ""}], ids=str
)
async def test_what_cannot_be_kept_is_refused(door: KnowledgeClient, changed: dict[str, str]) -> None:
    with pytest.raises(KnowledgeRefused, match="cannot be taken"):
        await hand_in(door, **changed)


async def test_nobody_proposes_without_the_internal_token(built: Settings) -> None:
    app = create_app(built)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner") as http:
        assert (await http.post("/knowledge/v1/contributions", json={})).status_code == 401


async def test_what_customers_miss_too_is_listed_once(house: House) -> None:
    settings, _ = house
    shelf = Shelf(settings)
    told = [fate(f"do you offer satellite {what}", outcome="unanswered") for what in ("tv", "internet", "phones")]
    (missed,) = await work_list.proposals(shelf, told)
    Contributions(shelf.folder).add(replace(OUT_OF_A_TICKET, question=missed.question or ""))

    (listed,) = await work_list.proposals(shelf, told)

    assert (listed.id, listed.by) == (missed.id, "dana")
    shelf.close()


def test_accepted_it_is_a_draft_that_says_what_solved_it(house: House) -> None:
    told = accept(OUT_OF_A_TICKET.proposal, house[1], refuse)

    written = (house[1] / "drafts" / "do-you-offer-satellite-internet.md").read_text()
    assert written.endswith("---\nNot yet.\nThe waiting list is in the app.\n")
    assert "# Proposed out of FL-48317264." in written
    assert "dana" not in written
    assert not any("tells who asked" in line for line in told)


def test_what_may_be_a_name_in_the_solution_is_pointed_out(house: House) -> None:
    told = accept(replace(OUT_OF_A_TICKET, solution="I rang Sandra about it.").proposal, house[1], refuse)

    assert any("a name (“Sandra”): look whether it tells who asked" in line for line in told)


def test_in_a_terminal_it_is_read_and_accepted_like_the_others(house: House) -> None:
    settings, articles = house
    proposal = OUT_OF_A_TICKET.proposal

    code = main(["accept", proposal.id, "--articles", str(articles)], settings=settings, learn=learning(proposal))

    assert code == 0
    assert "    The waiting list is in the app." in as_text([proposal])
    assert [ruling.decision for ruling in Rulings(Shelf.folder_of(settings)).all()] == ["accepted"]
