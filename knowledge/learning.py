"""Weights learned from examples: which of several candidates is right, and how likely something is true."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from knowledge.judge import Weights
from knowledge.lexicon import Numbers

Truth = NDArray[np.bool_]
Chances = NDArray[np.float64]

_HELD = 1e-3  # how far the weights of candidates are held near zero; of standardised numbers
_CAUTION = 0.1  # inverse of how far the weights of chances are
_FOLDS = 5
_CERTAIN = 8.0  # log odds where there is nothing to tell apart


def learn_choice(candidates: Sequence[Numbers], right: Sequence[int], weight: Sequence[float]) -> Weights:
    """Conditional logit (McFadden 1974): weights under which the right row of each array stands out from the others."""
    facts = np.concatenate(candidates).astype(float)
    mean, spread = facts.mean(axis=0), np.maximum(facts.std(axis=0), 1e-6)
    facts = (facts - mean) / spread
    starts = np.cumsum([0, *(len(rows) for rows in candidates)])
    question = np.repeat(np.arange(len(candidates)), np.diff(starts))
    chosen = starts[:-1] + np.asarray(right)
    share = np.asarray(weight, dtype=float) / np.sum(weight)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = facts @ weights
        scores -= np.maximum.reduceat(scores, starts[:-1])[question]
        likely = np.exp(scores)
        total = np.add.reduceat(likely, starts[:-1])
        expected = facts.T @ (likely / total[question] * share[question])
        value = share @ (np.log(total) - scores[chosen]) + _HELD * weights @ weights
        return float(value), expected - share @ facts[chosen] + 2 * _HELD * weights

    found = minimize(loss, np.zeros(facts.shape[1]), jac=True, method="L-BFGS-B").x / spread
    return Weights(float(-found @ mean), tuple(found.tolist()))


def learn_chance(facts: Numbers, truth: Truth, weight: Numbers) -> Weights:
    """Logistic regression on standardised numbers, written back for the numbers as they are."""
    if truth.all() or not truth.any():
        return Weights(_CERTAIN if truth.all() else -_CERTAIN, (0.0,) * facts.shape[1])
    mean, spread = facts.mean(axis=0), np.maximum(facts.std(axis=0), 1e-6)
    model = LogisticRegression(C=_CAUTION, max_iter=2000).fit((facts - mean) / spread, truth, sample_weight=weight)
    weights = model.coef_[0] / spread
    return Weights(float(model.intercept_[0] - weights @ mean), tuple(weights.tolist()))


def held_out_chances(facts: Numbers, truth: Truth, weight: Numbers, groups: NDArray[np.int64]) -> Chances:
    """The chance of each row, from weights learned without the rows of its group."""
    folds = min(_FOLDS, len(set(groups.tolist())))
    if folds < 2:
        return learn_chance(facts, truth, weight).chance(facts)
    chances = np.zeros(len(facts))
    for taught, judged in GroupKFold(folds).split(facts, truth, groups):
        chances[judged] = learn_chance(facts[taught], truth[taught], weight[taught]).chance(facts[judged])
    return chances
