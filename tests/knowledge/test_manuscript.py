"""Editing an article's file: one line more, and nothing else."""

from pathlib import Path

import pytest

from knowledge.article import read_article
from knowledge.manuscript import id_for, outline, with_question
from knowledge.source import Broken
from knowledge.topics import TOPICS

FIELDS = (
    "id: a\nquestions:\n  - my sim asks\n  # not a question\n  - >-\n    a long one:\n    # more of it\n\near: Say.\n"
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_question_is_one_quoted_line_after_the_last(newline: str) -> None:
    text = f"---\n{FIELDS}---\nBody\n- a list\n".replace("\n", newline)

    edited = with_question(text, 'the "puk": what now?')

    added = f'  - "the \\"puk\\": what now?"{newline}'
    assert edited.replace(added, "", 1) == text
    assert edited.index(added) == text.index(f"{newline}ear:")


def test_the_questions_may_be_the_last_field() -> None:
    assert with_question("---\nid: a\nquestions:\n- one\n# end\n---\nBody\n", "two") == (
        '---\nid: a\nquestions:\n- one\n- "two"\n# end\n---\nBody\n'
    )


@pytest.mark.parametrize("questions", ["questions: [one, two]", "questions:", "id: b"])
def test_other_ways_to_write_the_questions_are_left_to_people(questions: str) -> None:
    with pytest.raises(ValueError, match="question"):
        with_question(f"---\n{questions}\n---\nBody\n", "three")


def test_every_article_of_the_house_can_take_a_question(tmp_path: Path) -> None:
    for file in Path("knowledge/articles").glob("*.md"):
        copy = tmp_path / file.name
        copy.write_text(with_question(file.read_text(encoding="utf-8"), "is this: new? # yes"), encoding="utf-8")

        assert read_article(copy).questions == (*read_article(file).questions, "is this: new? # yes")


def test_an_outline_is_refused_until_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "satellite.md"
    file.write_text(outline("satellite", "en", ["do you have: satellite?"], "3 customers\nasked.", TOPICS))

    with pytest.raises(Broken) as broken:
        read_article(file)

    told = str(broken.value)
    for name in ("topic", "title", "label", "owner", "reviewed", "ear", "if_not_helped"):
        assert f"{name!r} is missing" in told


def test_an_id_is_made_of_the_first_words() -> None:
    assert id_for("Don't you offer satellite internet at my house?") == "dont-you-offer-satellite-internet-at"
    assert id_for("???") == "article"
