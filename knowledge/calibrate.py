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
Chances = NDArray[np.float64]

NEVER = 1.01  # a threshold no chance reaches
EXPECTED_OUT_OF_SCOPE = 0.2  # of what customers ask: half telecom questions without an article, half off topic
_BOUND = 1.2816  # one-sided 90 % confidence
_FOLDS = 5
_CHOICES = 3  # articles a customer may be asked to choose from
_RIVALS = 8  # articles beside the right one that each question teaches the ranking with
_OFF_TOPIC_ANSWERED = 0.01  # at most that share of off-topic texts may ever get an answer
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


@dataclass(frozen=True, slots=True)
class _HeldOut:
    """How each sample is judged by what the others taught."""

    rank: NDArray[np.int64]  # articles ranked before the right one
    sure: Chances  # `Ranking.sure` and `Ranking.close`
    close: Chances
    weight: Numbers
    groups: NDArray[np.int64]
    with_article: Truth
    off_topic: Truth


def calibrate(samples: Sequence[Sample], target_precision: float) -> tuple[Judge, Measured]:
    """`samples` hold questions with their article, the same without it, and off-topic texts."""
    article = _learn_articles(samples)
    scored = [article.score(sample.evidence.speaks) for sample in samples]
    best = np.stack([for_best(sample.evidence, scores) for sample, scores in zip(samples, scored, strict=True)])
    facts = np.stack([sample.evidence.scope for sample in samples])
    rank = np.asarray([_rank(sample, scores) for sample, scores in zip(samples, scored, strict=True)])
    off_topic = np.asarray([sample.off_topic for sample in samples])
    weight, groups, scope_weight = _weights(samples), _groups(samples), _balanced(off_topic)
    in_scope = _held_out(facts, ~off_topic, scope_weight, groups)
    held_out = _HeldOut(
        rank=rank,
        sure=_held_out(best, rank == 0, weight, groups) * in_scope,
        close=_held_out(best, rank < _CHOICES, weight, groups) * in_scope,
        weight=weight,
        groups=groups,
        with_article=np.asarray([sample.right is not None for sample in samples]),
        off_topic=off_topic,
    )
    thresholds, measured = _thresholds(held_out, target_precision)
    judge = Judge(
        article=article,
        right=_learn(best, rank == 0, weight),
        among=_learn(best, rank < _CHOICES, weight),
        scope=_learn(facts, ~off_topic, scope_weight),
        thresholds=thresholds,
    )
    return judge, measured


def _thresholds(seen: _HeldOut, target: float) -> tuple[Thresholds, Measured]:
    """Where answers are right often enough and off-topic texts hardly get one; and what these thresholds did."""
    lowest = _pass_threshold(seen.sure[seen.off_topic], _OFF_TOPIC_ANSWERED)
    answer, precision, at_least = _answer_threshold(seen, target=target, lowest=lowest)
    ask_back = _pass_threshold(seen.close[seen.off_topic], 1 - target)
    answered = seen.sure >= answer
    asked = ~answered & (seen.close >= ask_back)
    measured = Measured(
        questions=len(set(seen.groups[seen.with_article])),
        first=_share((seen.rank == 0)[seen.with_article]),
        first_three=_share((seen.rank < _CHOICES)[seen.with_article]),
        answered=_share(answered[seen.with_article]),
        precision=precision,
        precision_at_least=at_least,
        promised=at_least >= target,
        asked_back=_share(asked[seen.with_article]),
        among_choices=_share((seen.rank < _CHOICES)[seen.with_article & asked]),
        off_topic_answered=_share(answered[seen.off_topic]),
        off_topic_asked_back=_share(asked[seen.off_topic]),
    )
    return Thresholds(answer=answer, ask_back=ask_back, in_scope=_MORE_LIKELY_THAN_NOT), measured


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


def _held_out(facts: Numbers, truth: Truth, weight: Numbers, groups: NDArray[np.int64]) -> Chances:
    """The chance of each sample, from weights learned without it."""
    chances = np.zeros(len(facts))
    for taught, judged in GroupKFold(_FOLDS).split(facts, truth, groups):
        weights = _learn(facts[taught], truth[taught], weight[taught])
        chances[judged] = 1 / (1 + np.exp(-weights.score(facts[judged])))
    return chances


def _answer_threshold(seen: _HeldOut, *, target: float, lowest: float) -> tuple[float, float, float]:
    """The lowest sureness from which on answers are right often enough, with the precision and its lower bound there.

    When the bound is never reached, the sureness where it is highest: fewer answers, as sure as the examples allow.
    """
    order = np.argsort(-seen.sure)
    order = order[seen.sure[order] >= lowest]
    if not order.size:
        return NEVER, 0.0, 0.0
    precision = (seen.weight * (seen.rank == 0))[order].cumsum() / seen.weight[order].cumsum()
    first_of_group = np.zeros(len(order))
    first_of_group[np.unique(seen.groups[order], return_index=True)[1]] = 1
    bound = _lower_bound(precision, first_of_group.cumsum())
    enough = np.flatnonzero(bound >= target)
    place = enough[-1] if enough.size else int(bound.argmax())
    return float(seen.sure[order][place]), float(precision[place]), float(bound[place])


def _lower_bound(share: Chances, count: Chances) -> Chances:
    """Wilson's lower bound of a share seen in so many trials."""
    square = _BOUND**2
    middle = share + square / (2 * count)
    spread = _BOUND * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return np.asarray((middle - spread) / (1 + square / count))


def _pass_threshold(chance: Chances, share: float) -> float:
    """The lowest chance that at most that share of these samples reaches."""
    return float(np.quantile(chance, 1 - share, method="higher")) if chance.size else 0.0


def _share(truth: Truth) -> float:
    return float(truth.mean()) if truth.size else 0.0
