"""Building: only what changed, nothing broken, and live without a restart."""

import asyncio
from pathlib import Path

import pytest

from knowledge import build
from knowledge.catalogue import Catalogue
from knowledge.decision import Answer, Context
from knowledge.gate import Refused
from knowledge.shelf import Shelf
from knowledge.source import Broken
from knowledge.store import Draft, Store
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


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_building_the_same_again_touches_nothing_live_until_the_gate_has_passed(
    house: tuple[Settings, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, articles = house
    store = Store(Shelf.folder_of(settings))
    live = store.folder / store.live_name()
    before, drafts = contents(live), []

    def refuse(_: Store, name: str, *__: object, show: object) -> None:
        drafts.append(name)
        assert store.live_name() == live.name
        assert contents(live) == before
        raise Refused("worse")

    monkeypatch.setattr(build, "pass_gate", refuse)

    with pytest.raises(Refused):
        build.build(settings, articles, light=False, again=True)

    assert (store.live_name(), contents(live)) == (live.name, before)
    assert drafts
    assert not (store.folder / drafts[0]).exists()


async def test_the_same_built_again_goes_live_under_another_name_and_is_up_to_date(
    house: tuple[Settings, Path],
) -> None:
    settings, articles = house
    shelf = Shelf(settings)
    before = shelf.live.name

    again = build.build(settings, articles, light=False, again=True)

    assert again != before
    assert build.build(settings, articles, light=False) == again
    for _ in range(100):
        assert isinstance(await shelf.decide("my sim card asks for a puk code", Context()), Answer)
        if shelf.live.name == again:
            break
        await asyncio.sleep(0.05)
    shelf.close()
    assert shelf.live.name == again


@pytest.fixture
def store(house: tuple[Settings, Path]) -> Store:
    return Store(Shelf.folder_of(house[0]))


def draft(store: Store, name: str) -> Draft:
    live = store.load()
    return Draft(name, live.model, live.catalogue.articles(), live.index, live.judge, live.people, live.flows)


def test_a_live_index_is_never_written_over(store: Store) -> None:
    before = contents(store.folder)

    with pytest.raises(ValueError, match="is live"):
        store.write(draft(store, store.live_name()))

    assert contents(store.folder) == before


def test_nothing_is_left_of_an_index_that_is_not_written_to_its_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(store.folder)

    def stop(_: object, folder: Path) -> None:
        (folder / "articles.sqlite").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(Catalogue, "write", stop)

    with pytest.raises(KeyboardInterrupt):
        store.write(draft(store, "other"))

    assert contents(store.folder) == before
