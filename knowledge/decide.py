"""Answer, ask back or hand over: pure, given the index, the judge, the question and its context."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from knowledge.article import Article
from knowledge.decision import Answer, AskBack, Choice, Context, Decision, HandOver
from knowledge.evidence import gather
from knowledge.index import Index, Mask
from knowledge.judge import Judge, Ranking
from knowledge.lexicon import Numbers
from knowledge.topics import is_about_another_product
from knowledge.words import Words, plain

_CHOICES_AT_MOST = 3
_SHARE_AT_LEAST = 0.05  # a third choice less likely than this only takes the customer's time
_GENERAL = "general"


@dataclass(frozen=True, slots=True)
class Question:
    """A customer's words as `ask` cleans them, and their vector."""

    text: str
    vector: Numbers


def for_a_person(said: str, context: Context) -> HandOver | None:
    """Safety, a wish for a person, a legal threat: decided by words alone, before anything is looked up."""
    rule = Words.of(context.language).for_a_person(said)
    return HandOver(rule.reason, rule.hints.category, 1.0, rule.hints) if rule else None


def nothing_said() -> HandOver:
    """For a text without a single word."""
    return HandOver("off_topic", _GENERAL, 1.0)


def ask(said: str, language: str, longest: int = 1000) -> str:
    """The question in what was said: without greetings before it, cut where nobody's problem still continues."""
    text = " ".join(said[:longest].encode(errors="ignore").decode().split())
    without = Words.of(language).courtesies.sub("", text, count=1)
    return without if plain(without) else text if plain(text) else ""


def decide(index: Index, judge: Judge, question: Question, context: Context, today: date) -> Decision:
    likeness = index.likeness(question.text, question.vector)
    may_offer = offerable(index, context, today)
    evidence = gather(index, likeness, may_offer)
    if not may_offer.any():
        return _nothing(judge.scope.chance(evidence.scope), judge)
    ranking = judge.rank(evidence)
    best = index.articles[ranking.places[0]]
    if ranking.sure >= judge.thresholds.answer:
        return _found(best, ranking.right)
    choices = _choices(index, ranking)
    if ranking.close >= judge.thresholds.ask_back and len(choices) > 1:
        return AskBack(choices, ranking.among)
    return _nothing(ranking.in_scope, judge)


def offerable(index: Index, context: Context, today: date) -> Mask:
    """Which articles may be offered: in the customer's language, current, about their product, not offered before."""
    return np.fromiter((_may_offer(article, context, today) for article in index.articles), dtype=np.bool_)


def _may_offer(article: Article, context: Context, today: date) -> bool:
    return (
        article.language == context.language
        and article.id not in context.offered
        and article.is_current(today)
        and not is_about_another_product(article.topic, context.product)
    )


def _found(article: Article, confidence: float) -> Answer | HandOver:
    if article.hand_over.when == "always":
        return HandOver("article", article.hand_over.category, confidence, article.hand_over, article)
    return Answer(article, confidence)


def _choices(index: Index, ranking: Ranking) -> tuple[Choice, ...]:
    likely = zip(ranking.places[:_CHOICES_AT_MOST], ranking.shares, strict=False)
    places = [place for rank, (place, share) in enumerate(likely) if rank < 2 or share >= _SHARE_AT_LEAST]
    return tuple(Choice(index.articles[place].id, index.articles[place].label) for place in places)


def _nothing(in_scope: float, judge: Judge) -> HandOver:
    if in_scope < judge.thresholds.in_scope:
        return HandOver("off_topic", _GENERAL, 1 - in_scope)
    return HandOver("no_answer", _GENERAL, in_scope)
