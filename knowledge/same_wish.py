"""Which wishes mean the same: how near two must be is measured on labelled wishes, by the model that is live. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.findings import Match, Wish
from knowledge.lexicon import Numbers

_MARGIN = 0.03  # above the nearest pair of different wishes: those that were labelled are not all there are
_HALF = 0.5  # of what a person is shown, at least so much is right
_STEPS = np.arange(0.2, 1.0, 0.01)


@dataclass(frozen=True, slots=True)
class WishScale:
    sure: float  # cosine from which two wishes are the same
    likely: float  # from which a person is asked


def scale_of(vectors: Numbers, groups: Sequence[str]) -> WishScale:
    """`groups`: of each row, the wish that it means.

    `sure` is above every pair of different wishes; `likely` the least from which half the pairs or more are the same.
    """
    rows, columns = np.triu_indices(len(groups), 1)
    likeness = np.asarray((vectors @ vectors.T)[rows, columns], dtype=np.float64)
    names = np.asarray(groups)
    same = names[rows] == names[columns]
    sure = float(likeness[~same].max(initial=0.0)) + _MARGIN
    good = (step for step in _STEPS if _precision(likeness, same, float(step)) >= _HALF)
    return WishScale(sure, min(float(next(good, sure)), sure))


def matches(wishes: Sequence[Wish], vectors: Numbers, scale: WishScale) -> list[Match]:
    """Each wish that one person asked for, with the one before it that is nearest; the surest first.

    `wishes` are in the order they came. One that many ask for already stays what it is, and others come to it.
    """
    found: list[Match] = []
    away: set[int] = set()  # surely the same as another one: nobody comes to it
    for row, wish in enumerate(wishes):
        if wish.askers > 1:
            continue
        others = [other for other in range(len(wishes)) if other not in away and _is_before(wishes, other, row)]
        if not others:
            continue
        likeness = vectors[others] @ vectors[row]
        nearest = int(np.argmax(likeness))
        nearness = float(likeness[nearest])
        if nearness < scale.likely:
            continue
        is_sure = nearness >= scale.sure
        found.append(Match(wish.reference, wishes[others[nearest]].reference, round(nearness, 3), is_sure))
        if is_sure:
            away.add(row)
    return sorted(found, key=lambda match: -match.nearness)


def likely(vector: Numbers, others: Numbers, scale: WishScale) -> list[int]:
    """Rows of the others that a person should look at, the nearest first."""
    if not len(others):
        return []
    likeness = others @ vector
    return [int(row) for row in np.argsort(-likeness, kind="stable") if likeness[row] >= scale.likely]


def _is_before(wishes: Sequence[Wish], other: int, row: int) -> bool:
    return other != row and (other < row or wishes[other].askers > 1)


def _precision(likeness: NDArray[np.float64], same: NDArray[np.bool_], step: float) -> float:
    hit = likeness >= step
    return float(same[hit].mean()) if hit.any() else 1.0
