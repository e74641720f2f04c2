"""Accepting an example question: on a copy of the small knowledge base, with the real build."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import build
from knowledge.acceptance import NotAccepted, accept
from knowledge.gate import Refused
from knowledge.library import read_library
from knowledge.shelf import Shelf
from knowledge.source import Broken
from settings import Settings
from tests.knowledge.proposed import BUFFERING, nothing, refuse

House = tuple[Settings, Path]


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_an_accepted_question_finds_its_article_in_the_live_index(house: House) -> None:
    settings, articles = house

    accept(BUFFERING, articles, lambda copy: build.build(settings, copy, light=False))

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
def test_an_article_is_not_touched_until_it_is_published(house: House, error: BaseException) -> None:
    _, articles = house
    before = contents(articles)

    def fail(copy: Path) -> None:
        assert "netflix keeps buffering" in (copy / "slow-internet.md").read_text()
        assert contents(articles) == before
        raise error

    with pytest.raises(type(error)):
        accept(BUFFERING, articles, fail)

    assert contents(articles) == before


def test_what_was_published_is_what_stands_in_the_articles(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    settings, articles = house
    accept(BUFFERING, articles, lambda copy: build.build(settings, copy, light=False))
    capsys.readouterr()

    build.build(settings, articles, light=False)

    assert "Nothing changed" in capsys.readouterr().out


def test_an_edit_made_while_the_index_is_made_is_kept(house: House) -> None:
    _, articles = house
    file = articles / "slow-internet.md"

    accept(BUFFERING, articles, lambda _: file.write_text(f"{file.read_text()}One line more.\n"))

    assert file.read_text().endswith("One line more.\n")
    assert '  - "netflix keeps buffering"\n' in file.read_text()


def test_a_question_of_another_article_is_refused_before_anything_is_built(house: House) -> None:
    _, articles = house
    before = (articles / "slow-internet.md").read_bytes()

    with pytest.raises(Broken, match=f"{articles}/.*is also a question of"):
        accept(replace(BUFFERING, question="my tv screen is black"), articles, refuse)

    assert (articles / "slow-internet.md").read_bytes() == before


@pytest.mark.parametrize("question", ["i am Sandra and it buffers", "it buffers, call 07700 900101", "slow at x@y.org"])
def test_a_question_that_tells_who_asked_must_be_reworded(house: House, question: str) -> None:
    _, articles = house
    before = (articles / "slow-internet.md").read_bytes()

    with pytest.raises(NotAccepted, match="give other words"):
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
