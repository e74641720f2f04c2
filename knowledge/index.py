"""The index: what articles can be found by, as vectors and words, ready to be compared with a question."""

from collections.abc import Iterator, Sequence
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

_AT_ONCE = 256  # texts compared with the index in one go
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
    nothing: Numbers  # cosine with each text that no article answers
    known: float  # share of the question's words that occur in any wording


@dataclass(frozen=True)
class Rows:
    """Texts of articles, those of an article side by side."""

    owner: Owner  # the place of each text's article
    vectors: Numbers
    words: sparse.csr_matrix  # from each word to the texts that have it

    @classmethod
    def of(cls, texts: Sequence[str], owner: Owner, vectors: Numbers, lexicon: Lexicon) -> "Rows":
        return cls(owner, vectors, lexicon.words(texts).T.tocsr())

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The first row of each article."""
        return np.searchsorted(self.owner, np.arange(self.owner[-1] + 1))

    @cached_property
    def grid(self) -> NDArray[np.int64]:
        """The rows of each article, one line for each; filled up with one past the last row."""
        sizes = np.bincount(self.owner)
        places = np.arange(sizes.max())
        return np.where(places < sizes[:, None], self.starts[:, None] + places, len(self.owner))


@dataclass(frozen=True)
class Index:
    articles: tuple[Article, ...]
    lexicon: Lexicon  # of the wordings
    wordings: Rows  # example questions and label
    passages: Rows
    chars: sparse.csr_matrix  # from each group of letters to the wordings that have it
    pulls: Numbers  # how each wording pulls towards each article
    nothing: Numbers  # vectors of texts that are off topic

    @classmethod
    def of(
        cls, articles: Sequence[Article], *, wording_vectors: Numbers, passage_vectors: Numbers, nothing: Numbers
    ) -> "Index":
        """The vectors are those of `wordings(articles)` and `all_passages(articles)`, in that order."""
        texts, owner = wordings(articles)
        lexicon = Lexicon.of(texts)
        return cls(
            articles=tuple(articles),
            lexicon=lexicon,
            wordings=Rows.of(texts, owner, wording_vectors, lexicon),
            passages=Rows.of(*all_passages(articles), passage_vectors, lexicon),
            chars=lexicon.chars(texts).T.tocsr(),
            pulls=pulls(wording_vectors, owner, len(articles)),
            nothing=nothing,
        )

    def likeness(self, text: str, vector: Numbers) -> Likeness:
        return next(self.likenesses([text], vector[None]))

    def likenesses(self, texts: Sequence[str], vectors: Numbers) -> Iterator[Likeness]:
        """Of each text with its vector; many at once are quicker."""
        for begin in range(0, len(texts), _AT_ONCE):
            some, theirs = texts[begin : begin + _AT_ONCE], vectors[begin : begin + _AT_ONCE]
            words, chars = self.lexicon.words(some), self.lexicon.chars(some)
            meaning = theirs @ self.wordings.vectors.T
            leaning_to = leaning(meaning, self.pulls)
            words_like = (words @ self.wordings.words).toarray()
            chars_like = (chars @ self.chars).toarray()
            passages_like = theirs @ self.passages.vectors.T
            passage_words_like = (words @ self.passages.words).toarray()
            nothing_like = theirs @ self.nothing.T
            known = self.lexicon.known_shares(some)
            for place in range(len(some)):
                yield Likeness(
                    meaning=meaning[place],
                    words=words_like[place],
                    chars=chars_like[place],
                    passages=passages_like[place],
                    passage_words=passage_words_like[place],
                    leaning=leaning_to[place],
                    nothing=nothing_like[place],
                    known=float(known[place]),
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
