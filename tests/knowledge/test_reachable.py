"""Whether each article is found by its own questions: on the small knowledge base, with the real model."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from knowledge import build, evaluate
from knowledge.decision import Answer, Context
from knowledge.manuscript import with_question
from knowledge.opened import Opened
from knowledge.reachable import BAR, Asked, ask_each, figures, lines
from knowledge.shelf import Shelf
from knowledge.store import Store
from settings import Settings

TODAY = date(2026, 11, 20)


def asked(opened: Opened, today: date = TODAY) -> list[Asked]:
    return [*ask_each(opened.build, opened.encoder.vector_now, {"slow internet"}, today)]


def one(article: str, question: str, place: int | None, *, taught: bool = False) -> Asked:
    return Asked(article, question, place, instead=("tv-black",), taught=taught)


def test_every_question_of_every_article_is_asked_once(shelf: Shelf) -> None:
    found = asked(shelf.opened)

    articles = shelf.live.catalogue.articles()
    expected = {
        (article.file.removesuffix(".md"), question)
        for article in articles
        if article.is_current(TODAY)
        for question in article.questions
    }
    assert {(entry.article, entry.question) for entry in found} == expected
    assert len(found) == len(expected)
    assert [entry.question for entry in found if entry.taught] == ["slow internet"]


def test_most_of_them_find_it(shelf: Shelf) -> None:
    assert figures(asked(shelf.opened))["first_three"] > 0.8


def test_an_article_that_may_not_be_offered_is_not_asked_for(shelf: Shelf) -> None:
    never = asked(shelf.opened, date(1990, 1, 1))

    limited = {article.file.removesuffix(".md") for article in shelf.live.catalogue.articles() if article.valid_from}
    assert limited
    assert limited.isdisjoint(entry.article for entry in never)


def test_a_question_does_not_find_its_article_by_itself(house: tuple[Settings, Path]) -> None:
    settings, articles = house
    astray = "my tv picture is black on the screen"
    file = articles / "puk-code.md"
    file.write_text(with_question(file.read_text(), astray))
    build.build(settings, articles, light=False)
    opened = Opened.load(Store(Shelf.folder_of(settings)))

    (found,) = [entry for entry in asked(opened) if entry.question == astray]
    decision = opened.decide_now(astray, Context())

    opened.close()
    assert (found.article, found.instead[0]) == ("puk-code", "tv-black")
    assert isinstance(decision, Answer)
    assert decision.article.id == "puk-code"


def test_the_worst_article_is_told_first_with_the_questions_that_miss_it() -> None:
    some = [
        one("puk", "a", 0),
        one("puk", "b", 2),
        one("tv", "c", 3),
        one("tv", "d", 0, taught=True),
        one("x", "e", None),
    ]

    shown = figures(some)

    assert [*shown["articles"]] == ["x", "tv", "puk"]
    assert (shown["first"], shown["first_three"], shown["not_found"]) == (0.4, 0.6, 0.4)
    assert shown["not_taught"]["questions"] == 4
    told = "\n".join(lines(shown))
    assert "5 example questions of 3 articles, each held out alone:\n  first 40.0%, among the first three 60.0%" in told
    assert "not among the first three: 40.0% (at most 3% is the bar: NOT MET)" in told
    assert "The model was taught 1 of them. The 4 others:\n  first 25.0%, among the first three 50.0%" in told
    assert "x: 1 questions, 1 not found, first 0.0%, among the first three 0.0%\n    “e” finds tv-black\ntv:" in told
    assert told.endswith("1 articles are found by all of their questions.")


def test_the_bar_is_met_where_all_are_found() -> None:
    shown = figures([one("puk", "a", 0)])

    assert shown["not_found"] <= BAR
    assert "the bar: met" in "\n".join(lines(shown))


def test_test_questions_that_an_article_has_are_known(shelf: Shelf) -> None:
    texts = (
        "MY INTERNET is really slow tonight!",
        "why is my broadband so slow in the evenings",
        "do you sell fax paper",
    )

    known = evaluate.known_to(shelf.opened, Store(shelf.folder), [{"text": text} for text in texts])

    assert (set(known.equal), set(known.near)) == ({texts[0]}, {texts[1]})


def test_a_taught_model_does_not_say_itself_what_is_known(shelf: Shelf) -> None:
    taught = Opened(replace(shelf.live, model=f"{shelf.live.model}+taught"), shelf.opened.encoder)
    texts = (
        "MY INTERNET is really slow tonight!",
        "why is my broadband so slow in the evenings",
        "do you sell fax paper",
    )

    known = evaluate.known_to(taught, Store(shelf.folder), [{"text": text} for text in texts])

    assert (set(known.equal), set(known.near)) == ({texts[0]}, {texts[1]})
