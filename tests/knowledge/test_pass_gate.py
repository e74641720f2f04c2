"""A build at the gate: two indexes asked the same questions, and what is recorded of an override."""

import json
import shutil
from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from knowledge.gate import Override, Refused, Verdict, pass_gate, stop
from knowledge.shelf import Shelf
from knowledge.store import Store
from settings import Settings


@pytest.fixture
def questions(shelf: Shelf, tmp_path: Path) -> Path:
    """The articles' own questions in other words, often enough to show something."""
    lines = [
        {"text": f"{question} and I have waited {days} days for you to do something", "articles": [article.id]}
        for article in shelf.live.catalogue.articles()
        if article.language == "en" and article.valid_until is None
        for question in article.questions[:4]
        for days in range(2, 8)
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


@pytest.fixture
def store(house: tuple[Settings, Path]) -> Store:
    """Beside the live build one in which every article has the place of another."""
    store = Store(Shelf.folder_of(house[0]))
    shutil.copytree(store.folder / store.live_name(), store.folder / "mixed")
    articles = store.load().catalogue.articles()
    for file in ("articles.sqlite", "catalogue.npz"):
        (store.folder / "mixed" / file).unlink()
    Catalogue.write([*articles[1:], articles[0]], store.folder / "mixed")
    return store


@pytest.mark.slow
def test_a_worse_index_is_refused_with_what_changed(store: Store, questions: Path) -> None:
    told: list[str] = []

    with pytest.raises(Refused, match=r"right article first .* -> .*--override NAME --because REASON"):
        pass_gate(store, "mixed", None, told.append, questions)

    assert "Before and after, on our own questions:" in told
    assert any(line.endswith("TOO MUCH WORSE") for line in told)
    assert not (store.folder / "overrides.jsonl").exists()


def test_somebody_may_answer_for_a_worse_index_by_name(tmp_path: Path) -> None:
    told: list[str] = []
    verdict = Verdict(lines=(), broken=("right article first 90.0% -> 80.0%",))

    stop(Store(tmp_path), "mixed", verdict, Override("Ann", "launch day"), told.append)

    (line,) = (tmp_path / "overrides.jsonl").read_text().splitlines()
    kept = json.loads(line)
    assert (kept["name"], kept["reason"], kept["index"]) == ("Ann", "launch day", "mixed")
    assert kept["broken"] == ["right article first 90.0% -> 80.0%"]
    assert told == [
        "Published by Ann although: right article first 90.0% -> 80.0%. Recorded in overrides.jsonl.",
    ]


def test_where_there_are_too_few_questions_nothing_is_compared(store: Store) -> None:
    told: list[str] = []

    pass_gate(store, "mixed", None, told.append)

    assert told == ["Too few of the questions in data/eval are about these articles: nothing to compare."]
