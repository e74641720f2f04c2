"""The index: what articles can be found by, as vectors and words, ready to be compared with a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.article import Article
from knowledge.lexicon import Lexicon, Numbers
from knowledge.passages import passages

Mask = NDArray[np.bool_]
Owner = NDArray[np.int32]

_NARROW = 2.0  # how fast a wording's say in the leanings fades with its distance
_HELD = 0.2  # how far the leanings are held back from following single wordings


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a question every row of the index is."""

    meaning: Numbers  # cosine with each wording's vector
    words: Numbers
    chars: Numbers
    passages: Numbers  # cosine with each passage's vector
    passage_words: Numbers
    leaning: Numbers  # towards each article, by all wordings together
    known: float  # share of the question's words that occur in any wording


@dataclass(frozen=True)
class Rows:
    """Texts of articles, those of an article side by side."""

    owner: Owner  # the place of each text's article
    vectors: Numbers
    words: sparse.csr_matrix
    chars: sparse.csr_matrix

    @classmethod
    def of(cls, texts: Sequence[str], owner: Owner, vectors: Numbers, lexicon: Lexicon) -> "Rows":
        return cls(owner, vectors, lexicon.words(texts), lexicon.chars(texts))

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The first row of each article."""
        return np.searchsorted(self.owner, np.arange(self.owner[-1] + 1))


@dataclass(frozen=True)
class Index:
    articles: tuple[Article, ...]
    lexicon: Lexicon  # of the wordings
    wordings: Rows  # example questions and label
    passages: Rows
    pulls: Numbers  # how each wording pulls towards each article

    @classmethod
    def of(cls, articles: Sequence[Article], wording_vectors: Numbers, passage_vectors: Numbers) -> "Index":
        """The vectors are those of `wordings(articles)` and `all_passages(articles)`, in that order."""
        texts, owner = wordings(articles)
        lexicon = Lexicon.of(texts)
        return cls(
            articles=tuple(articles),
            lexicon=lexicon,
            wordings=Rows.of(texts, owner, wording_vectors, lexicon),
            passages=Rows.of(*all_passages(articles), passage_vectors, lexicon),
            pulls=pulls(wording_vectors, owner, len(articles)),
        )

    @cached_property
    def _never_seen(self) -> float:
        return float(self.lexicon.words_rarity.max())

    def likeness(self, text: str, vector: Numbers) -> Likeness:
        words, chars = self.lexicon.words([text]), self.lexicon.chars([text])
        meaning = self.wordings.vectors @ vector
        return Likeness(
            meaning=meaning,
            words=_products(self.wordings.words, words),
            chars=_products(self.wordings.chars, chars),
            passages=self.passages.vectors @ vector,
            passage_words=_products(self.passages.words, words),
            leaning=leaning(meaning, self.pulls),
            known=self.lexicon.known_share(text, self._never_seen),
        )


def wordings(articles: Sequence[Article]) -> tuple[list[str], Owner]:
    """Every way an article is asked for, and the article's place for each of them."""
    return _rows([(*article.questions, article.label) for article in articles])


def all_passages(articles: Sequence[Article]) -> tuple[list[str], Owner]:
    """Everything the articles say, and the article's place for each sentence."""
    return _rows([passages(article) for article in articles])


def pulls(vectors: Numbers, owner: Owner, count: int, rows: Mask | None = None) -> Numbers:
    """Kernel ridge regression of "is this article's": near wordings of rivals push where they would mislead.

    `rows` leaves wordings out: these pull nowhere.
    """
    used = np.flatnonzero(rows) if rows is not None else np.arange(len(vectors))
    target = np.zeros((len(used), count), dtype=np.float32)
    target[np.arange(len(used)), owner[used]] = 1
    near = _nearness(vectors[used] @ vectors[used].T) + _HELD * np.eye(len(used), dtype=np.float32)
    pulling = np.zeros((len(vectors), count), dtype=np.float32)
    pulling[used] = np.linalg.solve(near, target)
    return pulling


def leaning(meaning: Numbers, pulling: Numbers) -> Numbers:
    return np.asarray(_nearness(meaning) @ pulling, dtype=np.float32)


def _nearness(cosines: Numbers) -> Numbers:
    return np.asarray(np.exp(_NARROW * (cosines - 1)), dtype=np.float32)


def _rows(texts_by_article: Sequence[Sequence[str]]) -> tuple[list[str], Owner]:
    texts = [text for texts in texts_by_article for text in texts]
    owner = [place for place, texts in enumerate(texts_by_article) for _ in texts]
    return texts, np.asarray(owner, dtype=np.int32)


def _products(rows: sparse.csr_matrix, question: sparse.csr_matrix) -> Numbers:
    """The product of each row with the question."""
    dense = np.zeros(rows.shape[1], dtype=np.float32)
    dense[question.indices] = question.data
    return np.asarray(rows @ dense, dtype=np.float32)
