"""Learns from held-back questions how far to trust the evidence, and measures the thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from knowledge.evidence import for_best
from knowledge.judge import Judge, Thresholds, Weights
from knowledge.lexicon import Numbers
from knowledge.samples import Sample

Truth = NDArray[np.bool_]

NEVER = 1.01  # a threshold no chance reaches
EXPECTED_OUT_OF_SCOPE = 0.2  # of what customers ask: half telecom questions without an article, half off topic
_BOUND = 1.2816  # one-sided 90 % confidence
_FOLDS = 5
_RIVALS = 8  # articles beside the right one that each question teaches the ranking with
_MORE_LIKELY_THAN_NOT = 0.5


@dataclass(frozen=True, slots=True)
class Measured:
    """What the thresholds did on questions held back, all as shares."""

    questions: int
    first: float  # right article ranked first
    first_three: float
    answered: float  # of questions with an article
    precision: float  # of all answers given, in the expected mix
    precision_at_least: float  # with 90 % confidence
    promised: bool  # whether the bound reaches the target
    asked_back: float  # of questions with an article
    among_choices: float  # right article among the choices, when asked back
    off_topic_answered: float
    off_topic_asked_back: float


def calibrate(samples: Sequence[Sample], target_precision: float) -> tuple[Judge, Measured]:
    """`samples` hold questions with their article, the same without it, and off-topic texts."""
    article = _learn_articles(samples)
    scored = [article.score(sample.evidence.speaks) for sample in samples]
    best = np.stack([for_best(sample.evidence, scores) for sample, scores in zip(samples, scored, strict=True)])
    rank = np.asarray([_rank(sample, scores) for sample, scores in zip(samples, scored, strict=True)])
    weight, groups = _weights(samples), _groups(samples)
    right, among, scope = rank == 0, rank < 3, np.asarray([not sample.off_topic for sample in samples])
    chance_right = _held_out(best, right, weight, groups)
    chance_among = _held_out(best, among, weight, groups)
    off_topic = ~scope
    answer, precision, at_least = _answer_threshold(chance_right, right, weight, groups, target_precision)
    ask_back = max(_pass_threshold(chance_among[off_topic], 1 - target_precision), _MORE_LIKELY_THAN_NOT)
    scope_facts = np.stack([sample.evidence.scope for sample in samples])
    judge = Judge(
        article=article,
        right=_learn(best, right, weight),
        among=_learn(best, among, weight),
        scope=_learn(scope_facts, scope, _balanced(scope)),
        thresholds=Thresholds(answer=answer, ask_back=ask_back, in_scope=_MORE_LIKELY_THAN_NOT),
    )
    with_article = np.asarray([sample.right is not None for sample in samples])
    answered = chance_right >= answer
    asked = ~answered & (chance_among >= ask_back)
    measured = Measured(
        questions=len(set(groups[with_article])),
        first=_share(right[with_article]),
        first_three=_share(among[with_article]),
        answered=_share(answered[with_article]),
        precision=precision,
        precision_at_least=at_least,
        promised=at_least >= target_precision,
        asked_back=_share(asked[with_article]),
        among_choices=_share(among[with_article & asked]),
        off_topic_answered=_share(answered[off_topic]),
        off_topic_asked_back=_share(asked[off_topic]),
    )
    return judge, measured


def _learn_articles(samples: Sequence[Sample]) -> Weights:
    """Weights by which the right article stands out from its nearest rivals."""
    facts: list[Numbers] = []
    truth: list[bool] = []
    for sample in samples:
        if sample.right is None:
            continue
        speaks = sample.evidence.speaks
        is_right = sample.evidence.articles == sample.right
        rivals = [place for place in np.argsort(-speaks[:, 0]) if not is_right[place]][:_RIVALS]
        facts += [speaks[is_right][0], *speaks[rivals]]
        truth += [True, *[False] * len(rivals)]
    is_true = np.asarray(truth)
    return _learn(np.stack(facts), is_true, _balanced(is_true))


def _rank(sample: Sample, scores: Numbers) -> int:
    """How many articles are ranked before the right one; very many when none is right."""
    if sample.right is None:
        return 1_000_000
    own = scores[sample.evidence.articles == sample.right][0]
    return int((scores > own).sum())


def _weights(samples: Sequence[Sample]) -> Numbers:
    """Each kind of sample counts as much as customers are expected to ask its like."""
    kinds = np.asarray([2 if sample.off_topic else int(sample.right is None) for sample in samples])
    shares = (1 - EXPECTED_OUT_OF_SCOPE, EXPECTED_OUT_OF_SCOPE / 2, EXPECTED_OUT_OF_SCOPE / 2)
    counts = np.bincount(kinds, minlength=3)
    return np.asarray([shares[kind] / counts[kind] for kind in kinds], dtype=np.float32) * len(samples)


def _balanced(truth: Truth) -> Numbers:
    shares = np.bincount(truth.astype(int), minlength=2)
    return np.asarray(len(truth) / np.maximum(shares, 1)[truth.astype(int)] / 2, dtype=np.float32)


def _groups(samples: Sequence[Sample]) -> NDArray[np.int64]:
    """Samples of the same question belong together: none of them is judged by what the others taught."""
    numbers: dict[str, int] = {}
    return np.asarray([numbers.setdefault(sample.text, len(numbers)) for sample in samples])


def _learn(facts: Numbers, truth: Truth, weight: Numbers) -> Weights:
    """Logistic regression on standardised numbers, written back for the numbers as they are."""
    if truth.all() or not truth.any():
        return Weights(bias=8.0 if truth.all() else -8.0, weights=(0.0,) * facts.shape[1])
    mean, spread = facts.mean(axis=0), np.maximum(facts.std(axis=0), 1e-6)
    model = LogisticRegression(max_iter=1000).fit((facts - mean) / spread, truth, sample_weight=weight)
    weights = model.coef_[0] / spread
    return Weights(float(model.intercept_[0] - weights @ mean), tuple(float(value) for value in weights))


def _held_out(facts: Numbers, truth: Truth, weight: Numbers, groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """The chance of each sample, from weights learned without it."""
    chances = np.zeros(len(facts))
    for taught, judged in GroupKFold(_FOLDS).split(facts, truth, groups):
        weights = _learn(facts[taught], truth[taught], weight[taught])
        chances[judged] = 1 / (1 + np.exp(-weights.score(facts[judged])))
    return chances


def _answer_threshold(
    chance: NDArray[np.float64], right: Truth, weight: Numbers, groups: NDArray[np.int64], target: float
) -> tuple[float, float, float]:
    """The lowest chance from which on answers are right often enough, with the precision and its lower bound there.

    When the bound is never reached, the chance where it is highest: fewer answers, as sure as the examples allow.
    """
    order = np.argsort(-chance)
    precision = (weight * right)[order].cumsum() / weight[order].cumsum()
    first_of_group = np.zeros(len(order))
    first_of_group[np.unique(groups[order], return_index=True)[1]] = 1
    bound = _lower_bound(precision, first_of_group.cumsum())
    enough = np.flatnonzero(bound >= target)
    place = enough[-1] if enough.size else int(bound.argmax())
    return float(chance[order][place]), float(precision[place]), float(bound[place])


def _lower_bound(share: NDArray[np.float64], count: NDArray[np.float64]) -> NDArray[np.float64]:
    """Wilson's lower bound of a share seen in so many trials."""
    square = _BOUND**2
    middle = share + square / (2 * count)
    spread = _BOUND * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return np.asarray((middle - spread) / (1 + square / count))


def _pass_threshold(chance: NDArray[np.float64], share: float) -> float:
    """The lowest chance that at most that share of these samples reaches."""
    return float(np.quantile(chance, 1 - share, method="higher")) if chance.size else 0.0


def _share(truth: Truth) -> float:
    return float(truth.mean()) if truth.size else 0.0
