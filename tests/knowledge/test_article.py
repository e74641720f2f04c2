"""What makes an article file fit to be served, and what its author is told when it is not."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.article import read_article
from knowledge.draft import ARTICLES as HOUSE_ARTICLES
from knowledge.library import read_library
from knowledge.source import Broken

GOOD = (Path(__file__).with_name("articles") / "slow-internet.md").read_text()


def problems(tmp_path: Path, text: str, name: str = "slow-internet.md") -> list[str]:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(Broken) as broken:
        read_article(file)
    return [f"{problem.line}: {problem.message}" for problem in broken.value.problems]


def test_an_article_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "slow-internet.md").write_text(GOOD)

    article = read_article(tmp_path / "slow-internet.md")

    assert (article.id, article.topic, article.flow) == ("slow-internet", "broadband-slow", "slow-internet")
    assert article.reviewed == date(2026, 11, 1)
    assert len(article.questions) == 8
    assert article.hand_over.department == "fixed-access"
    assert article.screen.startswith("Restart the router:")


def test_the_house_articles_and_flows_are_in_order() -> None:
    library = read_library(HOUSE_ARTICLES)

    assert len(library.articles) >= 24
    assert len({article.topic for article in library.articles}) >= 12
    assert len(library.flows) >= 2


def test_a_problem_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "slow-internet.md").write_text(GOOD.replace("topic: broadband-slow\n", "topic: slowness\n"))

    with pytest.raises(Broken) as broken:
        read_article(tmp_path / "slow-internet.md")

    first = str(broken.value.problems[0])
    assert first.startswith(f"{tmp_path / 'slow-internet.md'}:3: topic is 'slowness'")


def test_a_missing_and_an_unknown_field_are_both_told(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD.replace("label: My internet is slow", "lable: My internet is slow"))

    assert any("'label' is missing" in problem for problem in found)
    assert any(problem.startswith("5: 'lable' is not a field") for problem in found)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  - slow internet\n", "", "7 questions, at least 8"),
        ("  - slow internet\n", "  - My internet is really slow tonight\n", "is there twice"),
        ("id: slow-internet", "id: slow", "does not agree with the file name"),
        ("language: en", "language: English", "two small letters"),
        ("reviewed: 2026-11-01", "reviewed: soon", "must be a day"),
        ("Restart the router and wait", "See https://example.org and wait", "cannot be spoken"),
        ("Restart the router and wait", "Pay £5 and wait", "'£' cannot be spoken"),
        ("Restart the router and wait", "go " * 61, "at most 60"),
        ("impact: one", "impact: huge", "hand_over.impact is 'huge'"),
        ("department: fixed-access", "department: nobody", "hand_over.department is 'nobody'"),
        ("flow: slow-internet", "valid_from: 2026-02-01\nvalid_until: 2026-01-01", "before valid_from"),
        ("title: Broadband is slow", "title: [Broadband", "not readable as YAML"),
        ("topic: broadband-slow\n", "topic: broadband-slow\ntopic: wifi\n", "'topic' is there twice"),
    ],
)
def test_what_is_not_right_is_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD

    found = problems(tmp_path, GOOD.replace(before, after, 1))

    assert any(said in problem for problem in found), found


def test_a_file_without_front_matter_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "Restart the router.") == ["1: the first line must be ---"]


def test_an_article_is_current_on_its_first_and_last_day(tmp_path: Path) -> None:
    (tmp_path / "slow-internet.md").write_text(
        GOOD.replace("flow: slow-internet", "valid_from: 2026-02-01\nvalid_until: 2026-02-03")
    )

    article = read_article(tmp_path / "slow-internet.md")

    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 3), date(2026, 2, 4)]
    assert [article.is_current(day) for day in days] == [False, True, True, False]


def test_links_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "slow-internet.md").write_text(GOOD)

    with pytest.raises(Broken, match=r"slow-internet\.md:9: there is no flow 'slow-internet'"):
        read_library(tmp_path)


def test_a_question_belongs_to_one_article(tmp_path: Path) -> None:
    text = GOOD.replace("flow: slow-internet\n", "")
    (tmp_path / "slow-internet.md").write_text(text)
    (tmp_path / "other.md").write_text(text.replace("id: slow-internet", "id: other"))

    with pytest.raises(Broken, match="is also a question of 'other'"):
        read_library(tmp_path)
