"""Building: only what changed, nothing broken, and live without a restart."""

import asyncio
from pathlib import Path

import pytest

from knowledge import build
from knowledge.decision import Answer, Context
from knowledge.shelf import Shelf
from knowledge.source import Broken
from settings import Settings


def test_an_unchanged_knowledge_base_is_not_built_again(
    house: tuple[Settings, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    name = build.build(*house, light=False)

    assert build.build(*house, light=False) == name
    assert "Nothing changed" in capsys.readouterr().out


def test_one_changed_sentence_embeds_one_text(house: tuple[Settings, Path], capsys: pytest.CaptureFixture[str]) -> None:
    settings, articles = house
    file = articles / "tv-black.md"
    file.write_text(file.read_text().replace("and choose the right input", "and choose the input of the box"))

    build.build(settings, articles, light=False)

    assert "\n1 texts were embedded" in capsys.readouterr().out


def test_a_broken_article_changes_nothing(house: tuple[Settings, Path]) -> None:
    settings, articles = house
    before = (settings.firstline_state / "knowledge" / "current").read_text()
    (articles / "tv-black.md").write_text("no front matter")

    with pytest.raises(Broken):
        build.build(settings, articles, light=False)

    assert (settings.firstline_state / "knowledge" / "current").read_text() == before


def test_the_command_tells_every_problem_with_its_line(
    house: tuple[Settings, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, articles = house
    (articles / "tv-black.md").write_text("no front matter")
    (articles / "puk-code.md").write_text((articles / "puk-code.md").read_text().replace("topic: sim", "topic: pin"))

    code = build.main(["--check", "--articles", str(articles)])

    said = capsys.readouterr().out
    assert code == 1
    assert f"{articles / 'tv-black.md'}:1: the first line must be ---" in said
    assert f"{articles / 'puk-code.md'}:3: topic is 'pin'" in said


async def test_another_index_goes_live_while_questions_are_answered(house: tuple[Settings, Path]) -> None:
    settings, articles = house
    shelf = Shelf(settings)
    before = shelf.article("tv-black", "en").title
    file = articles / "tv-black.md"
    file.write_text(file.read_text().replace("title: TV picture is black", "title: No picture on the TV"))
    build.build(settings, articles, light=False)

    for _ in range(100):
        assert isinstance(await shelf.decide("my sim card asks for a puk code", Context()), Answer)
        if shelf.article("tv-black", "en").title != before:
            break
        await asyncio.sleep(0.05)

    shelf.close()
    assert shelf.article("tv-black", "en").title == "No picture on the TV"


async def test_an_unreadable_index_leaves_the_last_one_live(house: tuple[Settings, Path]) -> None:
    settings, _ = house
    shelf = Shelf(settings)
    (settings.firstline_state / "knowledge" / "current").write_text("not-there")

    for _ in range(5):
        decision = await shelf.decide("my sim card asks for a puk code", Context())
        await asyncio.sleep(0.02)

    shelf.close()
    assert isinstance(decision, Answer)
