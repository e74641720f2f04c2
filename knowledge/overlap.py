"""Test questions that the articles know word for word, or nearly: they show nothing, and are left out. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.lexicon import Numbers
from knowledge.words import plain

NEARER_THAN = 0.95  # cosine from which two texts are the same question in the same words
_LIKELY = 0.85  # cosine in one model from which a pair may be that near in another
_LOOKED_AT = 3  # known texts, for each text


@dataclass(frozen=True, slots=True)
class Overlap:
    equal: frozenset[str]  # the texts as they are in the test
    near: frozenset[str]

    @property
    def texts(self) -> frozenset[str]:
        return self.equal | self.near


def overlap(texts: Sequence[str], vectors: Numbers, known: Sequence[str], known_vectors: Numbers) -> Overlap:
    """`texts` that equal a known one but for capitals and punctuation, and others nearer than `NEARER_THAN` to one.

    The vectors are of length 1, a row for each text.
    """
    if not texts or not known:
        return Overlap(frozenset(), frozenset())
    equal = _equal(texts, known)
    nearest = (vectors @ known_vectors.T).max(axis=1)
    near = {text for text, cosine in zip(texts, nearest, strict=True) if cosine > NEARER_THAN}
    return Overlap(equal, frozenset(near - equal))


def likely_pairs(vectors: Numbers, known_vectors: Numbers) -> list[tuple[int, int]]:
    """The rows of texts that another model may find near, and of the known ones nearest to each."""
    cosines = vectors @ known_vectors.T
    return [
        (row, int(other))
        for row, nearest in enumerate(np.argsort(-cosines, axis=1)[:, :_LOOKED_AT])
        for other in nearest
        if cosines[row, other] > _LIKELY
    ]


def overlap_of_pairs(
    texts: Sequence[str], known: Sequence[str], pairs: Sequence[tuple[int, int]], vector: Callable[[str], Numbers]
) -> Overlap:
    """The same where only these pairs are near; `vector` embeds one text."""
    equal = _equal(texts, known)
    near = {
        texts[row]
        for row, other in pairs
        if texts[row] not in equal and vector(texts[row]) @ vector(known[other]) > NEARER_THAN
    }
    return Overlap(equal, frozenset(near))


def _equal(texts: Sequence[str], known: Sequence[str]) -> frozenset[str]:
    words = {plain(text) for text in known}
    return frozenset(text for text in texts if plain(text) in words)
