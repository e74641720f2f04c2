"""Learns from questions held back how far to trust the evidence, and measures the thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.evidence import FOR_SCOPE, for_best
from knowledge.judge import IN_SCOPE, Judge, Thresholds, Weights
from knowledge.learning import Chances, Truth, held_out_chances, learn_chance, learn_choice
from knowledge.lexicon import Numbers
from knowledge.samples import Sample

NEVER = 1.01  # a threshold no chance reaches
EXPECTED_OUT_OF_SCOPE = 0.2  # of what customers ask
_CONFIDENCE = 1.2816  # one-sided 90 %
_CHOICES = 3  # articles a customer may be asked to choose from
_OFF_TOPIC_ANSWERED = 0.01  # at most that share of off-topic texts may ever get an answer
_OFF_TOPIC_ASKED_BACK = 0.12
_FARTHER = 0.01  # of the sure questions held back, those that may be farther from the nearest wording than a part is
_OFF_TOPIC_AT_LEAST = 100  # fewer cannot show such shares: the precision alone decides then
IN_SCOPE_AT_LEAST = (IN_SCOPE, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_NOBODY = 1_000_000


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
class HeldOut:
    """How each sample is judged by what the others taught."""

    rank: NDArray[np.int64]  # articles ranked before the right one
    sure: Chances  # `Ranking.sure` and `Ranking.close`
    close: Chances
    weight: Numbers
    groups: NDArray[np.int64]
    with_article: Truth
    off_topic: Truth


def calibrate(
    samples: Sequence[Sample],
    target_precision: float,
    expected_out_of_scope: float = EXPECTED_OUT_OF_SCOPE,
    in_scope_at_least: Sequence[float] = IN_SCOPE_AT_LEAST,
    off_topic_answered: float = _OFF_TOPIC_ANSWERED,
) -> tuple[Judge, Measured, HeldOut]:
    """`samples` hold questions with their article, and others: the same without it, texts about nothing known.

    `in_scope_at_least`: how likely in scope a question may have to be to be answered; the best of them is taken.
    `off_topic_answered`: at most that share of the texts about nothing known gets an answer.
    """
    weight, groups = _weights(samples, expected_out_of_scope), np.asarray([sample.group for sample in samples])
    article = _learn_articles(samples, weight)
    scored = [article.score(sample.evidence.speaks) for sample in samples]
    best = np.stack([for_best(sample.evidence, scores) for sample, scores in zip(samples, scored, strict=True)])
    facts = np.stack([sample.evidence.scope for sample in samples])
    rank = np.asarray([_rank(sample, scores) for sample, scores in zip(samples, scored, strict=True)])
    off_topic = np.asarray([sample.off_topic for sample in samples])
    scope_weight = _as_expected(off_topic, expected_out_of_scope)
    judged = HeldOut(
        rank=rank,
        sure=held_out_chances(best, rank == 0, weight, groups),
        close=held_out_chances(best, rank < _CHOICES, weight, groups),
        weight=weight,
        groups=groups,
        with_article=np.asarray([sample.right is not None for sample in samples]),
        off_topic=off_topic,
    )
    in_scope = held_out_chances(facts, ~off_topic, scope_weight, groups)
    held_out, thresholds, measured = _best(judged, in_scope, target_precision, in_scope_at_least, off_topic_answered)
    sure = held_out.sure >= thresholds.answer
    if sure.any():
        nearest = facts[sure, FOR_SCOPE.index("nearest")]
        thresholds = replace(thresholds, nearest=float(np.quantile(nearest, _FARTHER)))
    judge = Judge(
        article=article,
        right=learn_chance(best, rank == 0, weight),
        among=learn_chance(best, rank < _CHOICES, weight),
        scope=learn_chance(facts, ~off_topic, scope_weight),
        thresholds=thresholds,
    )
    return judge, measured, held_out


def answer_threshold(seen: HeldOut, target: float, lowest: float = 0.0) -> tuple[float, float, float]:
    """The lowest sureness from which on answers are right often enough, with the precision and its lower bound there.

    When the bound is never reached, the sureness where it is highest: fewer answers, as sure as the examples allow.
    """
    order = np.argsort(-seen.sure, kind="stable")
    order = order[seen.sure[order] >= lowest]
    if not order.size:
        return NEVER, 0.0, 0.0
    weight, right = seen.weight[order].astype(float), (seen.rank == 0)[order]
    precision = (weight * right).cumsum() / np.maximum(weight.cumsum(), 1e-9)
    first_of_group = np.zeros(len(order))
    first_of_group[np.unique(seen.groups[order], return_index=True)[1]] = 1
    bound = _lower_bound(precision, np.minimum(first_of_group.cumsum(), _effective(weight, right, precision)))
    last = np.flatnonzero(np.diff(seen.sure[order], append=-1.0))  # those equally sure are answered together
    enough = last[bound[last] >= target]
    place = enough[-1] if enough.size else last[bound[last].argmax()]
    return float(seen.sure[order][place]), float(precision[place]), float(bound[place])


def _best(
    judged: HeldOut,
    in_scope: Chances,
    target: float,
    in_scope_at_least: Sequence[float],
    off_topic_answered: float = _OFF_TOPIC_ANSWERED,
) -> tuple[HeldOut, Thresholds, Measured]:
    """What is answered must be likely enough in scope and right: of all such pairs, the one that answers most.

    The stricter the first is, the less the second has to keep off-topic texts away.
    """
    found = []
    for at_least in in_scope_at_least:
        seen = replace(judged, sure=judged.sure * (in_scope >= at_least))
        thresholds, measured = _thresholds(seen, target, off_topic_answered)
        found.append((seen, replace(thresholds, in_scope=at_least), measured))
    return max(found, key=lambda one: (one[2].promised, one[2].answered))


def _thresholds(seen: HeldOut, target: float, off_topic_answered: float) -> tuple[Thresholds, Measured]:
    """Where answers are right often enough and off-topic texts hardly get one; and what these thresholds did."""
    lowest = _pass_threshold(seen.sure[seen.off_topic], off_topic_answered)
    answer, precision, at_least = answer_threshold(seen, target, lowest)
    ask_back = _pass_threshold(seen.close[seen.off_topic], _OFF_TOPIC_ASKED_BACK)
    answered = seen.sure >= answer
    asked = ~answered & (seen.close >= ask_back)
    measured = Measured(
        questions=len(set(seen.groups[seen.with_article].tolist())),
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
    return Thresholds(answer=answer, ask_back=ask_back), measured


def _learn_articles(samples: Sequence[Sample], weight: Numbers) -> Weights:
    """Weights by which the right article stands out from the others, where it is among those looked at."""
    taught = [
        (sample.evidence.speaks, int(np.flatnonzero(sample.evidence.owners == sample.right)[0]), float(heavy))
        for sample, heavy in zip(samples, weight, strict=True)
        if sample.right is not None and sample.right in sample.evidence.owners
    ]
    if not taught:
        raise ValueError("too few examples to measure by: no label has two examples")
    candidates, right, heavy = zip(*taught, strict=True)
    return learn_choice(candidates, right, heavy)


def _rank(sample: Sample, scores: Numbers) -> int:
    """How many articles are ranked before the right one; very many when none is right or it was not looked at."""
    own = scores[sample.evidence.owners == (-1 if sample.right is None else sample.right)]
    return int((scores > own.max()).sum()) if own.size else _NOBODY


def _weights(samples: Sequence[Sample], expected_out_of_scope: float) -> Numbers:
    """Each kind of sample counts as much as customers are expected to ask its like."""
    kinds = np.asarray([2 if sample.off_topic else int(sample.right is None) for sample in samples])
    counts = np.bincount(kinds, minlength=3)
    others = (counts[1:] > 0).sum()
    out = expected_out_of_scope / others if others else 0.0
    shares = np.asarray([1 - expected_out_of_scope if others else 1.0, out, out])
    return np.asarray((shares / np.maximum(counts, 1))[kinds] * len(samples), dtype=np.float32)


def _as_expected(off_topic: Truth, expected_out_of_scope: float) -> Numbers:
    """Texts about nothing known count together as much as customers are expected to write."""
    shares = np.asarray([1 - expected_out_of_scope, expected_out_of_scope])
    counts = np.maximum(np.bincount(off_topic.astype(int), minlength=2), 1)
    return np.asarray((shares / counts)[off_topic.astype(int)] * len(off_topic), dtype=np.float32)


def _lower_bound(share: Chances, count: Chances) -> Chances:
    """Wilson's lower bound of a share seen in so many trials."""
    square = _CONFIDENCE**2
    middle = share + square / (2 * count)
    spread = _CONFIDENCE * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return np.asarray((middle - spread) / (1 + square / count))


def _effective(weight: Chances, right: Truth, share: Chances) -> Chances:
    """How many equally weighed trials the first one, two, three ... are worth.

    By Kish's rule; or fewer, when it is the heavy ones that are wrong: by the linearised variance of a weighed share,
    sum(w^2 (y - p)^2) / (sum w)^2.
    """
    total, squares = weight.cumsum(), weight**2
    spread = (squares * right).cumsum() * (1 - share) ** 2 + (squares * ~right).cumsum() * share**2
    by_spread = np.where(spread > 0, share * (1 - share) / np.maximum(spread, 1e-12), np.inf)
    worth = total**2 * np.minimum(by_spread, 1 / np.maximum(squares.cumsum(), 1e-12))
    return np.asarray(np.maximum(worth, 1e-9))


def _pass_threshold(chance: Chances, share: float) -> float:
    """The lowest chance that at most that share of these samples reaches; any but none when they are too few."""
    if chance.size < _OFF_TOPIC_AT_LEAST:
        return float(np.nextafter(0.0, 1.0))
    return float(np.nextafter(np.sort(chance)[-1 - int(share * chance.size)], 2.0))


def _share(truth: Truth) -> float:
    return float(truth.mean()) if truth.size else 0.0
