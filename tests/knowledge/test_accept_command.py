"""The command that accepts and rejects: what it remembers, and how it ends."""

import getpass
import json
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowledge import build, learn, work_list
from knowledge.comparison import COMPARISON, Comparison, Moved
from knowledge.gate import Override, Show
from knowledge.learn import main
from knowledge.rulings import Rulings
from knowledge.shelf import Shelf
from settings import Settings
from tests.knowledge.proposed import BUFFERING, FIGHT, learning, refuse
from tests.knowledge.told import fate, helped

House = tuple[Settings, Path]


@pytest.fixture
def own_sigterm() -> Iterator[Callable[..., None]]:
    """This process's answer to SIGTERM, so that one that is not caught does not end the tests."""

    def told(*_: object) -> None:
        raise AssertionError("SIGTERM was left to the process")

    before = signal.signal(signal.SIGTERM, told)
    yield told
    signal.signal(signal.SIGTERM, before)


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
        publish=lambda settings, folder, override: refuse(folder),
    )

    assert code == build.REFUSED == 3
    assert "right article first 90.0% -> 80.0%" in capsys.readouterr().err
    assert Rulings(Shelf.folder_of(settings)).all() == []


def test_what_the_gate_saw_is_written_where_it_is_asked_for(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = Comparison((Moved("right article first", "90.0%", "80.0%", "TOO MUCH WORSE"),))

    def refuse_after_showing(_: Settings, articles: Path, *, show: Show, **__: object) -> None:
        show(compared)
        refuse(articles)

    monkeypatch.setattr(learn, "build", refuse_after_showing)
    file = tmp_path / "compared.json"
    asked = ["accept", BUFFERING.id, "--articles", str(house[1]), f"--compared={file}"]

    main(asked, settings=house[0], learn=learning(BUFFERING))

    assert COMPARISON.validate_json(file.read_bytes()) == compared


def test_told_to_stop_it_ends_in_order_and_leaves_nothing_behind(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_sigterm: Callable[..., None]
) -> None:
    settings, articles = house
    before = (articles / "slow-internet.md").read_bytes()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    there = set(tmp_path.iterdir())

    with pytest.raises(SystemExit) as ended:
        main(
            ["accept", BUFFERING.id, "--articles", str(articles)],
            settings=settings,
            learn=learning(BUFFERING),
            publish=lambda *_: signal.raise_signal(signal.SIGTERM),
        )

    assert ended.value.code == 128 + signal.SIGTERM
    assert (articles / "slow-internet.md").read_bytes() == before
    assert set(tmp_path.iterdir()) == there
    assert Rulings(Shelf.folder_of(settings)).all() == []
    assert signal.getsignal(signal.SIGTERM) is own_sigterm


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
