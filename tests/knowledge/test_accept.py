"""Accepting and rejecting what was learned: on a copy of the small knowledge base, with the real build."""

import getpass
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge import build, work_list
from knowledge.acceptance import NotAccepted, accept
from knowledge.gate import Override, Refused
from knowledge.learn import Found, What, main
from knowledge.library import read_library
from knowledge.nearness import Stray
from knowledge.proposals import Proposal
from knowledge.rulings import Rulings
from knowledge.shelf import Shelf
from knowledge.source import Broken
from settings import Settings
from tests.knowledge.told import fate, helped

House = tuple[Settings, Path]
BUFFERING = Proposal(
    id="b0ffe41n9",
    kind="example_question",
    language="en",
    text="Add it.",
    articles=("slow-internet",),
    question="netflix keeps buffering",
    evidence={"questions": 2, "contacts": 2},
    examples=("netflix keeps buffering", "films buffer"),
    alike=("f1lm5",),
)
SATELLITE = Proposal(
    id="5a7e111te",
    kind="missing_article",
    language="en",
    text="No article answers this.",
    articles=(),
    question="do you offer satellite internet",
    evidence={"questions": 3, "contacts": 3, "without_answer": 3},
    examples=("do you offer satellite internet", "satellite at 12 mill lane", "satellite dish for internet"),
)
FIGHT = Proposal(
    id="f19h7",
    kind="fighting_articles",
    language="en",
    text="They fight.",
    articles=("slow-internet", "no-internet"),
    question=None,
    evidence={},
    examples=("internet is bad",),
    strays=(Stray("internet crawling again since yesterday", "slow-internet", "no-internet"),),
)


def nothing() -> None:
    """Publish without building."""


def refuse() -> None:
    raise Refused("Not published: right article first 90.0% -> 80.0%.")


def learning(*found: Proposal) -> Callable[[Settings, What, timedelta], Found]:
    return lambda settings, what, back: found


# An example question.


def test_an_accepted_question_finds_its_article_in_the_live_index(house: House) -> None:
    settings, articles = house

    accept(BUFFERING, articles, lambda: build.build(settings, articles, light=False))

    live = Shelf(settings)
    assert live.article("slow-internet", "en").questions[-1] == "netflix keeps buffering"
    live.close()


def test_the_rest_of_the_file_stays_as_it_is(house: House) -> None:
    _, articles = house
    file = articles / "slow-internet.md"
    before = file.read_bytes()

    accept(BUFFERING, articles, nothing)

    assert file.read_bytes().replace(b'  - "netflix keeps buffering"\n', b"") == before


@pytest.mark.parametrize("error", [Refused("worse"), KeyboardInterrupt(), OSError("disk")])
def test_an_article_that_is_not_published_is_put_back(house: House, error: BaseException) -> None:
    _, articles = house
    file = articles / "slow-internet.md"
    before = file.read_bytes()

    def fail() -> None:
        assert file.read_bytes() != before
        raise error

    with pytest.raises(type(error)):
        accept(BUFFERING, articles, fail)

    assert file.read_bytes() == before


def test_a_question_of_another_article_is_refused_before_anything_is_built(house: House) -> None:
    _, articles = house
    before = (articles / "slow-internet.md").read_bytes()

    with pytest.raises(Broken, match="is also a question of"):
        accept(replace(BUFFERING, question="my tv screen is black"), articles, refuse)

    assert (articles / "slow-internet.md").read_bytes() == before


@pytest.mark.parametrize("question", ["i am Sandra and it buffers", "it buffers, call 07700 900101", "slow at x@y.org"])
def test_a_question_that_tells_who_asked_must_be_reworded(house: House, question: str) -> None:
    _, articles = house
    before = (articles / "slow-internet.md").read_bytes()

    with pytest.raises(NotAccepted, match="reword it with --as"):
        accept(replace(BUFFERING, question=question), articles, nothing)

    assert (articles / "slow-internet.md").read_bytes() == before


def test_other_words_can_be_given_and_are_looked_at_too(house: House) -> None:
    _, articles = house

    accept(replace(BUFFERING, question="i am Sandra"), articles, nothing, words="films stop and start")

    (article,) = [article for article in read_library(articles).articles if article.id == "slow-internet"]
    assert article.questions[-1] == "films stop and start"
    with pytest.raises(NotAccepted):
        accept(BUFFERING, articles, nothing, words="call me on 07700 900101")


def test_an_article_that_is_gone_cannot_take_a_question(house: House) -> None:
    with pytest.raises(NotAccepted, match="no article 'fax'"):
        accept(replace(BUFFERING, articles=("fax",)), house[1], nothing)


# A missing article, and articles that fight.


def test_a_missing_article_becomes_a_draft_that_the_build_does_not_read(house: House) -> None:
    _, articles = house
    before = read_library(articles)

    told = accept(SATELLITE, articles, refuse)

    file = articles / "drafts" / "do-you-offer-satellite-internet.md"
    assert '  - "satellite dish for internet"\n' in file.read_text()
    assert "mill lane" not in file.read_text()
    assert str(file) in told[0]
    assert "1 questions are left out" in told[1]
    assert read_library(articles) == before


def test_a_draft_is_never_written_over(house: House) -> None:
    _, articles = house
    accept(SATELLITE, articles, nothing)
    (articles / "drafts" / "do-you-offer-satellite-internet.md").write_text("mine")

    accept(SATELLITE, articles, nothing)

    assert (articles / "drafts" / "do-you-offer-satellite-internet.md").read_text() == "mine"
    assert (articles / "drafts" / f"{SATELLITE.id}.md").exists()
    with pytest.raises(NotAccepted, match="a draft already"):
        accept(SATELLITE, articles, nothing)


def test_a_fight_is_left_to_people_with_the_questions_to_move(house: House) -> None:
    with pytest.raises(
        NotAccepted, match="“internet crawling again since yesterday” of slow-internet lies nearer to no-"
    ):
        accept(FIGHT, house[1], nothing)


def test_where_no_question_is_astray_the_customers_questions_are_told(house: House) -> None:
    with pytest.raises(NotAccepted, match="what customers asked and then chose either: “internet is bad”"):
        accept(replace(FIGHT, strays=()), house[1], nothing)


# The command.


def test_an_accepted_proposal_is_remembered(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    settings, articles = house
    published: list[Override | None] = []

    code = main(
        ["accept", BUFFERING.id, "--articles", str(articles), "--override", "Ann", "--because", "launch day"],
        settings=settings,
        learn=learning(BUFFERING),
        publish=lambda settings, folder, override: published.append(override),
    )

    assert code == 0
    assert published == [Override("Ann", "launch day")]
    assert "“netflix keeps buffering” is now a question of" in capsys.readouterr().out
    (line,) = (settings.firstline_state / "knowledge" / "decided.jsonl").read_text().splitlines()
    kept = json.loads(line)
    assert (kept["id"], kept["kind"], kept["decision"]) == (BUFFERING.id, "example_question", "accepted")
    assert (kept["reason"], kept["by"]) == ("launch day", getpass.getuser())
    assert "netflix" not in line


def test_a_refusal_of_the_gate_ends_with_three_and_is_not_remembered(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, articles = house

    code = main(
        ["accept", BUFFERING.id, "--articles", str(articles)],
        settings=settings,
        learn=learning(BUFFERING),
        publish=lambda *_: refuse(),
    )

    assert code == build.REFUSED == 3
    assert "right article first 90.0% -> 80.0%" in capsys.readouterr().err
    assert Rulings(Shelf.folder_of(settings)).all() == []


def test_what_was_decided_cannot_be_decided_again(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    settings, _ = house
    main(["reject", BUFFERING.id, "--because", "too rare"], settings=settings, learn=learning(BUFFERING))

    code = main(["accept", BUFFERING.id], settings=settings, learn=learning(BUFFERING))

    assert code == 1
    assert f"{BUFFERING.id} was rejected by {getpass.getuser()} on " in capsys.readouterr().err


def test_a_proposal_that_does_not_exist_is_told(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accept", "unknown"], settings=house[0], learn=learning(BUFFERING)) == 1
    assert "There is no proposal unknown" in capsys.readouterr().err


def test_a_fight_stays_on_the_list(house: House) -> None:
    settings, articles = house

    assert main(["accept", FIGHT.id, "--articles", str(articles)], settings=settings, learn=learning(FIGHT)) == 1
    assert Rulings(Shelf.folder_of(settings)).ids() == frozenset()


def test_a_rejection_needs_a_reason(house: House) -> None:
    with pytest.raises(SystemExit):
        main(["reject", BUFFERING.id], settings=house[0], learn=learning(BUFFERING))


async def test_what_was_rejected_is_not_proposed_again_in_other_words_either(house: House) -> None:
    settings, _ = house
    shelf = Shelf(settings)
    told = [helped(f"netflix keeps buffering {when}", "slow-internet") for when in ("at night", "in the evening")]
    (found,) = await work_list.proposals(shelf, told)

    main(["reject", found.id, "--because", "too rare"], settings=settings, learn=learning(found))

    assert len(found.alike) == 2
    assert await work_list.proposals(shelf, told) == []
    one_more = helped(told[1].question, "slow-internet")
    assert await work_list.proposals(shelf, [told[1], one_more]) == []
    others = [fate(f"do you offer satellite {what}", outcome="unanswered") for what in ("tv", "internet", "phones")]
    assert [proposal.kind for proposal in await work_list.proposals(shelf, [*told, *others])] == ["missing_article"]
    shelf.close()
