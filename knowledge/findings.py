"""What is found in customers' questions and wishes, as it is told: nothing of how it is found, which takes scipy."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["example_question", "missing_article", "fighting_articles"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions of one meaning. Of contacts: one customer may have asked in several words."""

    language: str
    questions: int
    contacts: int
    without_answer: int  # contacts that got no answer, or a person; junk that no person took is not counted
    outcomes: dict[str, int]  # unanswered, not_helped, handed_over
    examples: tuple[str, ...]  # the most typical first
    nearest: str | None  # the article nearest in meaning
    nearest_title: str
    nearness: float  # cosine
    is_near: bool
    categories: dict[str, int]  # the tickets it ended in
    done: tuple[str, ...]  # what agents said in the end


@dataclass(frozen=True, slots=True)
class Stray:
    """An example question in the wrong company."""

    question: str
    article: str
    nearer_to: str  # another article


@dataclass(frozen=True, slots=True)
class Proposal:
    id: str  # the same for the same kind, articles and question, however much evidence there is
    kind: Kind
    language: str
    text: str  # in plain words, for whoever decides
    articles: tuple[str, ...]
    question: str | None  # the example question, or the most typical one that has no article
    evidence: dict[str, int]  # what was counted
    examples: tuple[str, ...]
    strays: tuple[Stray, ...] = ()  # of articles that fight: the questions to move or to reword
    alike: tuple[str, ...] = ()  # ids it would have if another of the examples were the most typical question
    by: str = ""  # the person who proposes it; empty: what customers asked does
    solution: str = ""  # what that person would have the article say
    reference: str = ""  # of the ticket it was solved in


@dataclass(frozen=True, slots=True)
class Wish:
    """`askers`: who asked for it, the first included. `reference` is escalation's."""

    reference: str
    text: str
    askers: int = 1


@dataclass(frozen=True, slots=True)
class Match:
    """A wish is the same as another one: surely, or a person should look."""

    reference: str
    to: str
    nearness: float  # cosine
    is_sure: bool
