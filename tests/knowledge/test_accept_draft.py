"""A missing article becomes a draft; a fight between articles is left to people."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.acceptance import NotAccepted, accept
from knowledge.library import read_library
from settings import Settings
from tests.knowledge.proposed import FIGHT, SATELLITE, nothing, refuse

House = tuple[Settings, Path]


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
