"""The command that measures: figures as JSON, and what is wrong with a file told with its line."""

import json
from pathlib import Path

import pytest

import settings as all_settings
from knowledge import evaluate
from knowledge.encoder import FullModel
from settings import Settings
from tests.knowledge.some_texts import BY_LABEL, TEST, labelled
from tests.knowledge.test_labelled import FIGURES


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A file of examples and one of texts to test by."""
    examples, test = tmp_path / "examples.jsonl", tmp_path / "test.jsonl"
    for file, texts in ((examples, labelled(BY_LABEL)), (test, TEST)):
        file.write_text("".join(json.dumps({"text": text.text, "label": text.label}) + "\n" for text in texts))
    return examples, test


@pytest.mark.slow
def test_the_figures_of_a_labelled_set_are_printed_as_json(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FullModel, "prepare", lambda *_: False)  # a model that has no light form
    examples, test = files

    code = evaluate.main(["--examples", str(examples), "--test", str(test), "--untrained", "--json"])

    assert code == 0
    assert json.loads(capsys.readouterr().out).keys() == FIGURES


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "not JSON"),
        ('{"label": "slow"}', 'expected an object with a "text"'),
        ("[1]", "expected an object"),
    ],
)
@pytest.mark.parametrize("broken", [0, 1])
def test_a_bad_line_is_told_with_its_place(
    files: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    broken: int,
    line: str,
    said: str,
) -> None:
    file = files[broken]
    file.write_text(file.read_text().split("\n", 1)[0] + f"\n\n{line}\n")

    code = evaluate.main(["--examples", str(files[0]), "--test", str(files[1]), "--untrained", "--json"])

    written = capsys.readouterr()
    assert code == 1
    assert f"{file}:3: {said}" in written.err
    assert written.out == ""


def test_a_test_without_a_text_is_told(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    examples, test = files
    test.write_text("\n")

    code = evaluate.main(["--examples", str(examples), "--test", str(test)])

    assert code == 1
    assert f"{test}: there is no text in it" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    code = evaluate.main(["--examples", "not-there.jsonl", "--test", str(files[1])])

    assert code == 1
    assert "not-there.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--examples", "a.jsonl"],
        ["--test", "a.jsonl"],
        ["--expected-out-of-scope", "1"],
        ["--topics", "a.jsonl", "--picture", "a.png"],
        ["--reachable", "--picture", "a.png"],
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        evaluate.main(arguments)


@pytest.fixture
def topics(built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three texts that the small knowledge base answers; one of them rightly."""
    monkeypatch.setattr(all_settings, "load", lambda: built)
    lines = [
        {"text": "my sim card asks for a puk code", "topics": ["sim"], "action": "answer"},
        {"text": "my tv screen is black", "topics": ["billing"], "action": "answer"},
        {"text": "my internet is really slow tonight", "topics": [], "action": "none"},
    ]
    file = tmp_path / "topics.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


WRONG = [
    ("my tv screen is black", "tv-black", ["billing"]),
    ("my internet is really slow tonight", "slow-internet", []),
]


def test_as_json_the_wrong_answers_are_a_field(topics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate.main(["--topics", str(topics), "--wrong", "--json"])

    shown = json.loads(capsys.readouterr().out)
    assert shown["texts"] == 3
    assert [(answer["text"], answer["answer"], answer["right"]) for answer in shown["wrong"]] == WRONG


def test_the_wrong_answers_are_told_a_line_each(topics: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate.main(["--topics", str(topics), "--wrong"])

    said = capsys.readouterr().out
    assert "'my tv screen is black': tv-black, not billing\n" in said
    assert said.endswith("'my internet is really slow tonight': slow-internet, not none\n")
    assert "puk" not in said


def test_questions_with_articles_tell_their_wrong_answers_as_json_too(
    built: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(all_settings, "load", lambda: built)
    file = tmp_path / "questions.jsonl"
    text = "since we moved house last week my sim card asks for a puk code, and what then"
    for name, line in (
        ("questions", {"text": text, "articles": ["tv-black"]}),
        ("other", {"text": "how to cook rice"}),
    ):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(line))
    monkeypatch.setattr(evaluate, "OFF_TOPIC", tmp_path / "other.jsonl")
    monkeypatch.setattr(evaluate, "PEOPLE", tmp_path / "other.jsonl")

    evaluate.main(["--questions", str(file), "--wrong", "--json"])

    shown = json.loads(capsys.readouterr().out)
    assert [(answer["answer"], answer["right"]) for answer in shown["wrong"]] == [("puk-code", ["tv-black"])]
