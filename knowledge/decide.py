"""Answer, ask back or hand over: pure, given the index, the judge, the question and its context."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress, repeat

import numpy as np

from knowledge.article import Article
from knowledge.decision import Answer, AskBack, Choice, Context, Decision, HandOver
from knowledge.evidence import Evidence, Nearest, gather, gather_each, look_near
from knowledge.index import Index
from knowledge.judge import IN_SCOPE, Judge, Ranking
from knowledge.lexicon import Numbers
from knowledge.rows import Mask
from knowledge.words import Words, plain

_CHOICES_AT_MOST = 3
_SHARE_AT_LEAST = 0.05  # a third choice less likely than this only takes the customer's time
_GENERAL = "general"

ArticleAt = Callable[[int], Article]  # by its place


@dataclass(frozen=True, slots=True)
class Question:
    """A customer's words as `ask` cleans them, and their vector."""

    text: str
    vector: Numbers
    nearest: Nearest | None = None  # as it was looked up, together with the rest of its message


def looked_up(index: Index, texts: Sequence[str], vectors: Numbers, may_offer: Mask) -> list[Question]:
    """The texts of one message, looked up together."""
    near = look_near(index, vectors, may_offer) if may_offer.any() else repeat(None)
    return [Question(*some) for some in zip(texts, vectors, near, strict=False)]


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


def rank(index: Index, judge: Judge, question: Question, may_offer: Mask) -> Ranking:
    """Without any place when no article may be offered: then only whether it is about anything known."""
    if not may_offer.any():
        every = np.ones_like(may_offer)
        return Ranking((), (), 0.0, 0.0, judge.in_scope(gather(index, question.text, question.vector, every)))
    return judge.rank(_gather_each(index, [question], may_offer)[0])


def rank_parts(
    index: Index, judge: Judge, parts: Sequence[Question], may_offer: Mask, pointed_to: Sequence[int]
) -> list[Ranking | None]:
    """As `rank`, of each part of a message that as a whole points to these articles, one or more; None for a part too
    far from every wording of theirs: it cannot be sure of any of them."""
    near = [index.nearest(part.vector, pointed_to) >= judge.thresholds.nearest for part in parts]
    some = list(compress(parts, near))
    if not some:
        return [None] * len(parts)
    ranked = map(judge.rank, _gather_each(index, some, may_offer))
    return [next(ranked) if is_near else None for is_near in near]


def _gather_each(index: Index, questions: Sequence[Question], may_offer: Mask) -> list[Evidence]:
    vectors = np.stack([question.vector for question in questions])
    known = [question.nearest for question in questions if question.nearest]
    nearest = known if len(known) == len(questions) else None
    return gather_each(index, [question.text for question in questions], vectors, may_offer, nearest)


def decide(judge: Judge, ranking: Ranking, article_at: ArticleAt) -> Decision:
    thresholds = judge.thresholds
    if ranking.places and ranking.sure >= thresholds.answer:
        return _found(article_at(ranking.places[0]), ranking.right)
    if len(ranking.places) > 1 and ranking.close >= thresholds.ask_back:
        return AskBack(_choices(ranking, article_at), ranking.among)
    if ranking.in_scope < IN_SCOPE:
        return HandOver("off_topic", _GENERAL, 1 - ranking.in_scope)
    return HandOver("no_answer", _GENERAL, ranking.in_scope)


def _found(article: Article, confidence: float) -> Answer | HandOver:
    if article.hand_over.when == "always":
        return HandOver("article", article.hand_over.category, confidence, article.hand_over, article)
    return Answer(article, confidence)


def _choices(ranking: Ranking, article_at: ArticleAt) -> tuple[Choice, ...]:
    likely = zip(ranking.places[:_CHOICES_AT_MOST], ranking.shares, strict=False)
    articles = [
        article_at(place) for place_in, (place, share) in enumerate(likely) if place_in < 2 or share >= _SHARE_AT_LEAST
    ]
    return tuple(Choice(article.id, article.label) for article in articles)
