"""Texts as the words and letters they are made of: evidence that needs no model and forgives misspelling."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer

Numbers = NDArray[np.float32]
Row = tuple[NDArray[np.int32], Numbers]  # places of one text, and their weights
Groups = Callable[[str], list[str]]  # the groups of words or letters in a text

PLACES = 2**18  # a word's place is its hash, so that no vocabulary has to be stored
_WORD = r"(?u)\b\w+\b"
_SINGLE = HashingVectorizer(token_pattern=_WORD).build_analyzer()
_WORDS = HashingVectorizer(token_pattern=_WORD, ngram_range=(1, 2)).build_analyzer()
_CHARS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5)).build_analyzer()
_HASHER = FeatureHasher(PLACES, input_type="string", alternate_sign=False, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Read:
    """A text as the texts of a lexicon know it."""

    words: Row  # as `Lexicon.words`
    chars: Row
    known: float  # the share of its words that any of the texts has, counted by how rare they are


@dataclass(frozen=True)
class Lexicon:
    """In how many of the texts it was made of each word, pair of words and group of letters occurs."""

    texts: int
    with_word: NDArray[np.int32]
    with_chars: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Lexicon":
        return cls(len(texts), _texts_with(_WORDS, texts), _texts_with(_CHARS, texts))

    def words(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """A row of length 1 for each text: its words and pairs of words, rare ones weighing more."""
        return _weighed(_counted(_WORDS, texts), self.rarity)

    def chars(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """A row of length 1 for each text: its groups of two to five letters within a word."""
        return _weighed(_counted(_CHARS, texts), self._chars_rarity)

    def read(self, texts: Sequence[str]) -> list[Read]:
        """Each of a few texts; all their groups are counted at once, which costs as much as one alone."""
        every = _HASHER.transform(groups(text) for text in texts for groups in (_WORDS, _CHARS, _SINGLE))
        starts, rarities = every.indptr.tolist(), (self.rarity, self._chars_rarity)
        rows = [(every.indices[begin:end], every.data[begin:end]) for begin, end in pairwise(starts)]
        return [
            Read(_weighed_row(words, rarities[0]), _weighed_row(chars, rarities[1]), self._known(single[0]))
            for words, chars, single in zip(rows[::3], rows[1::3], rows[2::3], strict=True)
        ]

    def _known(self, places: NDArray[np.int32]) -> float:
        rarity = self.rarity[places]
        return float(rarity[self.with_word[places] > 0].sum() / max(rarity.sum(), 1e-9))

    def without(self, texts: Sequence[str]) -> "Lexicon":
        """As if some of its texts had not been there."""
        return Lexicon(
            self.texts - len(texts),
            self.with_word - _texts_with(_WORDS, texts),
            self.with_chars - _texts_with(_CHARS, texts),
        )

    @cached_property
    def rarity(self) -> Numbers:
        return _rarity(self.texts, self.with_word)

    @cached_property
    def _chars_rarity(self) -> Numbers:
        return _rarity(self.texts, self.with_chars)


def _counted(groups: Groups, texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each text has each of its groups, whose place is their hash."""
    return _HASHER.transform(map(groups, texts))


def _texts_with(groups: Groups, texts: Sequence[str]) -> NDArray[np.int32]:
    return np.bincount(_counted(groups, texts).indices, minlength=PLACES).astype(np.int32)


def _rarity(texts: int, texts_with: NDArray[np.int32]) -> Numbers:
    of_count = np.log((1 + texts) / (1 + np.arange(texts_with.max(initial=0) + 1))) + 1  # most places have the same few
    return of_count.astype(np.float32)[texts_with]


def _by_rarity(said: Numbers, places: NDArray[np.int32], rarity: Numbers) -> Numbers:
    """How often each group is said, and how rare it is."""
    return np.asarray((1 + np.log(said)) * rarity[places])


def _weighed_row(counts: Row, rarity: Numbers) -> Row:
    """As `_weighed`, of one text."""
    places, said = counts
    values = _by_rarity(said, places, rarity)
    return places, np.asarray(values / max(float(np.sqrt(values @ values)), 1e-9), dtype=np.float32)


def _weighed(counts: sparse.csr_matrix, rarity: Numbers) -> sparse.csr_matrix:
    values = _by_rarity(counts.data, counts.indices, rarity)
    row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row_of, weights=values**2, minlength=counts.shape[0]))
    values = (values / np.maximum(lengths, 1e-9)[row_of]).astype(np.float32)
    return sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)
