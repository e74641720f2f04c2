"""A worse index is refused: the live one serves on, unless somebody publishes it by name. With the real model."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

import settings as all_settings
from knowledge import build, evaluate
from knowledge.comparison import Comparison
from knowledge.gate import Override, Refused, pass_gate
from knowledge.library import read_library
from knowledge.store import Store
from settings import Settings

pytestmark = pytest.mark.slow

ARTICLES = Path(__file__).with_name("articles")
ASKED = (
    "since we moved house last week I wonder: {}, and what then",
    "my neighbour told me to ask you this: {}, so please",
)


def written(file: Path, lines: list[dict[str, object]]) -> Path:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Over a hundred, in other words than the articles have."""
    english = [article for article in read_library(ARTICLES).articles if article.language == "en"]
    lines: list[dict[str, object]] = [
        {"text": asked.format(question), "articles": [article.id]}
        for article in english
        for question in article.questions
        for asked in ASKED
    ]
    return written(tmp_path_factory.mktemp("questions") / "questions.jsonl", lines)


@pytest.fixture
def worse(built: Settings, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, Path]:
    """A copy of the built state; and articles of which two have each other's questions."""
    shutil.copytree(built.firstline_state, tmp_path / "state")
    articles = shutil.copytree(ARTICLES, tmp_path / "articles")
    one, other = ((articles / name).read_text() for name in ("puk-code.md", "tv-black.md"))
    for name, whole, instead in (("puk-code.md", one, other), ("tv-black.md", other, one)):
        (articles / name).write_text(whole.replace(_questions(whole), _questions(instead)))
    settings = built.model_copy(update={"firstline_state": tmp_path / "state"})
    monkeypatch.setattr(all_settings, "load", lambda: settings)
    monkeypatch.setattr(evaluate, "OFF_TOPIC", written(tmp_path / "off_topic.jsonl", [{"text": "how do I cook rice"}]))
    monkeypatch.setattr(evaluate, "PEOPLE", written(tmp_path / "people.jsonl", [{"text": "get me a human"}]))
    monkeypatch.setattr(build, "pass_gate", partial(pass_gate, questions=questions))
    monkeypatch.setattr(build, "build", partial(build.build, light=False))
    return settings, articles


def _questions(whole: str) -> str:
    return whole[whole.index("questions:") : whole.index("ear:")]


def live(settings: Settings) -> str:
    return Store(settings.firstline_state / "knowledge").live_name()


def test_a_worse_index_is_refused_and_the_live_one_serves_on(
    worse: tuple[Settings, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    settings, articles = worse
    before = live(settings)

    code = build.main(["--articles", str(articles)])

    said = capsys.readouterr().out
    assert code == build.REFUSED == 3
    assert "TOO MUCH WORSE" in said
    assert "Not published: right article first" in said
    assert live(settings) == before


def test_what_the_gate_saw_is_told_before_it_refuses(worse: tuple[Settings, Path]) -> None:
    shown: list[Comparison] = []

    with pytest.raises(Refused):
        build.build(*worse, show=shown.append)

    assert "TOO MUCH WORSE" in [figure.mark for figure in shown[0].figures]
    assert shown[0].worse


def test_a_start_of_the_product_goes_on_with_the_last_index(worse: tuple[Settings, Path]) -> None:
    settings, articles = worse
    before = live(settings)

    code = build.main(["--articles", str(articles), "--serve-on"])

    assert code == 0
    assert live(settings) == before


def test_whoever_publishes_it_all_the_same_is_recorded(worse: tuple[Settings, Path]) -> None:
    settings, articles = worse
    before = live(settings)

    code = build.main(["--articles", str(articles), "--override", "Ada", "--because", "the boxes were swapped"])

    (line,) = (settings.firstline_state / "knowledge" / "overrides.jsonl").read_text().splitlines()
    record = json.loads(line)
    assert code == 0
    assert live(settings) == record["index"] != before
    assert (record["name"], record["reason"]) == ("Ada", "the boxes were swapped")
    assert any(why.startswith("right article first") for why in record["broken"])


def test_with_too_few_questions_about_these_articles_there_is_nothing_to_compare(
    built: Settings, questions: Path, tmp_path: Path
) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(questions.read_text().splitlines()[:20]))
    store, said = Store(built.firstline_state / "knowledge"), list[str]()

    pass_gate(store, store.live_name(), None, said.append, few)

    assert said == ["Too few of the questions in data/eval are about these articles: nothing to compare."]


def test_the_first_index_has_nothing_to_be_compared_with(tmp_path: Path, questions: Path) -> None:
    said: list[str] = []

    pass_gate(Store(tmp_path), "first", None, said.append, questions)

    assert said == ["There is no index to compare with yet."]


@pytest.mark.parametrize("file", ["judge.json", "wordings/owner.npy", "wordings/cells.index"])
def test_an_index_that_cannot_be_read_stops_no_other(
    file: str, built: Settings, questions: Path, tmp_path: Path
) -> None:
    """As the one of another release may be."""
    store, said = Store(tmp_path / "knowledge"), list[str]()
    shutil.copytree(built.firstline_state / "knowledge", store.folder)
    (store.folder / store.live_name() / file).write_bytes(b"of another release")

    pass_gate(store, "next", None, said.append, questions)

    assert said == ["There is no index to compare with yet."]


def test_the_same_index_again_passes(questions: Path, worse: tuple[Settings, Path]) -> None:
    store, said = Store(worse[0].firstline_state / "knowledge"), list[str]()

    try:
        pass_gate(store, store.live_name(), Override("nobody"), said.append, questions)
    except Refused as refused:
        pytest.fail(str(refused))

    assert not (store.folder / "overrides.jsonl").exists()
    assert "  0 questions are treated worse:" in said
