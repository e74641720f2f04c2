"""A softmax regression over all owners of wordings: which ways of meaning set each apart from all the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.lexicon import Numbers
from knowledge.rows import Owner

OWNERS_AT_MOST = 1000  # each makes learning longer: 187 take two seconds
_SHARP = 10.0  # vectors have length 1, too little to be sure by
_HELD = 1.0  # how far the weights are held near zero, shared among all texts
_STEPS = 220
_TEXTS = 512  # seen in a step
_RATE, _MEAN, _SQUARE, _TINY = 0.02, np.float32(0.9), np.float32(0.999), np.float32(1e-8)


@dataclass(frozen=True)
class Classifier:
    weights: Numbers  # a row for each owner; none at all where there are too many of them
    bias: Numbers

    @classmethod
    def learn(cls, vectors: Numbers, owner: Owner, owners: int, seed: int = 0) -> "Classifier":
        """From texts, each of one of so many owners; what there is too much of is not learned."""
        width = vectors.shape[1]
        if owners > OWNERS_AT_MOST or not len(vectors):
            return cls(np.zeros((0, width), np.float32), np.zeros(0, np.float32))
        given = np.c_[vectors * np.float32(_SHARP), np.ones(len(vectors), np.float32)]
        held = np.full((width + 1, 1), 2 * _HELD / len(vectors), np.float32)
        held[-1] = 0
        weights, chance = np.zeros((width + 1, owners), np.float32), np.random.default_rng(seed)
        mean, square = np.zeros_like(weights), np.zeros_like(weights)  # of the slopes so far: Adam (Kingma, Ba 2014)
        for step in range(1, _STEPS + 1):
            some = chance.integers(len(vectors), size=_TEXTS)
            missed = _shares(given[some] @ weights)
            missed[np.arange(_TEXTS), owner[some]] -= 1
            slope = given[some].T @ missed / _TEXTS + held * weights
            mean += (1 - _MEAN) * (slope - mean)
            square += (1 - _SQUARE) * (slope**2 - square)
            stride = _RATE * (1 - (step - 1) / _STEPS) * np.sqrt(1 - _SQUARE**step) / (1 - _MEAN**step)
            weights -= np.float32(stride) * mean / (np.sqrt(square) + _TINY)
        return cls(np.ascontiguousarray(weights[:-1].T) * np.float32(_SHARP), weights[-1])

    def lean(self, vector: Numbers, owners: NDArray[np.int64]) -> Numbers:
        """How far it leans to each of these owners: their log odds, but for what is common to all of them."""
        if not len(self.weights):
            return np.zeros(len(owners), dtype=np.float32)
        return np.asarray(self.weights[owners] @ vector + self.bias[owners], dtype=np.float32)


def _shares(scores: Numbers) -> Numbers:
    """In each row: of the likelihood."""
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))
