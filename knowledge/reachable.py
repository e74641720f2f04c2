"""Whether each article is found by its own example questions, each held out alone while it is asked. Pure."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np

from knowledge.classifier import Classifier
from knowledge.decide import Question, ask, rank
from knowledge.lexicon import Numbers
from knowledge.rows import Mask
from knowledge.store import Build

FIRST = 3  # places among which an article must be to be offered at all
BAR = 0.03  # share of the questions that may not find their article there
_TURNS = 10  # a classifier is learned without a tenth of the questions at a time


@dataclass(frozen=True, slots=True)
class Asked:
    article: str  # its file without the ending
    question: str
    place: int | None  # of its article, 0 = first; None when nothing spoke for it
    instead: tuple[str, ...]  # what came first, as files
    taught: bool  # whether the model was taught this question, which makes it easier to find

    @property
    def found(self) -> bool:
        return self.place is not None and self.place < FIRST


def ask_each(
    build: Build, encode: Callable[[str], Numbers], taught: Collection[str], today: date, one_in: int = 1
) -> Iterator[Asked]:
    """Every example question of the articles that may be offered today, or one in so many of them.

    The index it is asked of knows neither its text nor its vector, nor counts its words; its classifier was learned
    without it and every tenth question beside it. It is asked as customers' messages are, without greetings, of the
    articles in its language.
    """
    articles, wordings = build.catalogue.articles(), build.index.wordings
    files = [article.file.removesuffix(".md") for article in articles]

    @cache
    def offered(language: str) -> Mask:
        return build.catalogue.offerable(language, None, (), today)

    rows = [
        (int(start) + number, place)
        for place, (article, start) in enumerate(zip(articles, wordings.starts, strict=False))
        if offered(article.language)[place]
        for number in range(len(article.questions))
    ]
    asked = rows[::one_in]

    @cache
    def classifier(turn: int) -> Classifier:
        return build.index.learn_without(np.asarray([row for row, _ in asked[turn::_TURNS]]))

    for number, (row, place) in enumerate(asked):
        article = articles[place]
        said = article.questions[row - wordings.starts[place]]
        text = ask(said, article.language)
        vector = encode(text) if text != said else wordings.vectors_of(np.asarray([row]))[0]
        index = build.index.without(np.asarray([row]), [said], classifier(number % _TURNS))
        places = rank(index, build.judge, Question(text, vector), offered(article.language)).places
        yield Asked(
            article=files[place],
            question=said,
            place=places.index(place) if place in places else None,
            instead=tuple(files[other] for other in places[:FIRST]),
            taught=said in taught,
        )


def figures(asked: Sequence[Asked]) -> dict[str, Any]:
    """In all, of the questions the model was not taught, and of each article, worst first; all as shares but counts."""
    by_file = sorted(asked, key=lambda one: one.article)
    articles = {file: [*some] for file, some in groupby(by_file, key=lambda one: one.article)}
    worst_first = sorted(articles.items(), key=lambda entry: (_counts(entry[1])["first_three"], entry[0]))
    return {
        **_counts(asked),
        "not_found": 1 - _share(one.found for one in asked),
        "not_found_at_most": BAR,
        "taught": sum(one.taught for one in asked),
        "not_taught": _counts([one for one in asked if not one.taught]),
        "articles": {
            file: _counts(some)
            | {"not_found": [{"question": one.question, "instead": one.instead} for one in some if not one.found]}
            for file, some in worst_first
        },
    }


def lines(shown: dict[str, Any]) -> Iterator[str]:
    """`figures` for reading: the articles that some of their questions do not find, and these questions."""
    yield f"{shown['questions']} example questions of {len(shown['articles'])} articles, each held out alone:"
    yield f"  {_told(shown)}"
    if shown["taught"]:
        yield f"  The model was taught {shown['taught']} of them. The {shown['not_taught']['questions']} others:"
        yield f"  {_told(shown['not_taught'])}"
    met = "met" if shown["not_found"] <= shown["not_found_at_most"] else "NOT MET"
    yield (
        f"  not among the first three: {shown['not_found']:.1%} (at most {shown['not_found_at_most']:.0%} is the bar: "
        f"{met})"
    )
    for file, some in shown["articles"].items():
        if some["not_found"]:
            yield f"{file}: {some['questions']} questions, {len(some['not_found'])} not found, {_told(some)}"
            for one in some["not_found"]:
                yield f"    “{one['question']}” finds {', '.join(one['instead']) or 'nothing'}"
    always = sum(not some["not_found"] for some in shown["articles"].values())
    yield f"{always} articles are found by all of their questions."


def _told(counts: dict[str, Any]) -> str:
    return f"first {counts['first']:.1%}, among the first three {counts['first_three']:.1%}"


def _counts(asked: Sequence[Asked]) -> dict[str, Any]:
    return {
        "questions": len(asked),
        "first": _share(one.place == 0 for one in asked),
        "first_three": _share(one.found for one in asked),
    }


def _share(truths: Iterator[bool]) -> float:
    values = [*truths]
    return sum(values) / len(values) if values else 0.0
