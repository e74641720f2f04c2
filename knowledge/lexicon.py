"""Texts as the words and letters they are made of: evidence that needs no model and forgives misspelling."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

Numbers = NDArray[np.float32]

_PLACES = 2**18  # a word's place is its hash, so that no vocabulary has to be stored
_SETTINGS = {"n_features": _PLACES, "alternate_sign": False, "norm": None, "dtype": np.float32}
_WORD = r"(?u)\b\w+\b"
_WORDS = HashingVectorizer(analyzer="word", token_pattern=_WORD, ngram_range=(1, 2), **_SETTINGS)
_CHARS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **_SETTINGS)
_SINGLE = HashingVectorizer(analyzer="word", token_pattern=_WORD, binary=True, **_SETTINGS)


@dataclass(frozen=True)
class Lexicon:
    """How rare words and letter groups are in the texts it was made of."""

    words_rarity: Numbers
    chars_rarity: Numbers

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Lexicon":
        return cls(_rarity(_WORDS.transform(texts)), _rarity(_CHARS.transform(texts)))

    def words(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """A row of length 1 for each text: its words and pairs of words, rare ones weighing more."""
        return _weighed(_WORDS.transform(texts), self.words_rarity)

    def chars(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """A row of length 1 for each text: its groups of two to five letters within a word."""
        return _weighed(_CHARS.transform(texts), self.chars_rarity)

    def known_shares(self, texts: Sequence[str]) -> Numbers:
        """For each text the share of its words that the lexicon has seen, counted by how rare they are."""
        found = _SINGLE.transform(texts)
        rarity = self.words_rarity[found.indices]
        row_of = np.repeat(np.arange(len(texts)), np.diff(found.indptr))
        whole = np.bincount(row_of, weights=rarity, minlength=len(texts))
        known = np.bincount(row_of, weights=rarity * (rarity < self._never_seen), minlength=len(texts))
        return np.asarray(known / np.maximum(whole, 1e-9), dtype=np.float32)

    @cached_property
    def _never_seen(self) -> float:
        return float(self.words_rarity.max())


def _rarity(counts: sparse.csr_matrix) -> Numbers:
    texts_with = np.bincount(counts.indices, minlength=_PLACES)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + texts_with)) + 1, dtype=np.float32)


def _weighed(counts: sparse.csr_matrix, rarity: Numbers) -> sparse.csr_matrix:
    values = (1 + np.log(counts.data)) * rarity[counts.indices]
    row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row_of, weights=values**2, minlength=counts.shape[0]))
    values = (values / np.maximum(lengths, 1e-9)[row_of]).astype(np.float32)
    return sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)
