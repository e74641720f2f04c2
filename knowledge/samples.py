"""The index asked its own example questions, each held back first, and texts that nothing here answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.evidence import Evidence, gather
from knowledge.index import Index
from knowledge.lexicon import Numbers
from knowledge.noise import misheard, mistyped
from knowledge.rows import Mask, Places

Encode = Callable[[Sequence[str]], Numbers]

MISTYPED_SHARE = 0.03  # of the letters of the second copy of a question
MISHEARD_SHARE = 0.10  # of its words, for every other question
FOLDS = 5  # a fifth of each article's questions is held back at a time
_QUESTIONS_AT_MOST = 2000  # asked of a large knowledge base, taken evenly


@dataclass(frozen=True, slots=True)
class Sample:
    """What speaks for the articles when this text is asked."""

    group: int  # samples of the same question belong together: none is judged by what the others taught
    evidence: Evidence
    right: int | None  # the place of the right article; None when no article that may be offered is right
    off_topic: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Questions to ask an index that does not know them: their rows, texts, vectors, and right articles."""

    index: Index
    rows: Places
    texts: Sequence[str]
    vectors: Numbers
    right: NDArray[np.int32]


class Strangers:
    """Classifiers each of which never heard of some owners: by them a text is judged as if nobody had written what it
    asks for. The classifier that knows its owner knows that it is nobody else's, which no text about nothing here is.
    """

    def __init__(self, index: Index, kin: Sequence[int] | NDArray[np.int64]) -> None:
        """`kin`: owners of one number are left out together."""
        self._number = np.asarray(kin, dtype=np.int64) % FOLDS
        of_row = self._number[index.wordings.owner]
        self._classifiers = [index.learn_without(np.flatnonzero(of_row == number)) for number in range(FOLDS)]

    def beside(self, index: Index, owner: int) -> Index:
        """The index, which does not know this owner's kin by its classifier."""
        return replace(index, classifier=self._classifiers[self._number[owner]])


def parts(index: Index, texts: Sequence[str], askable: Places, seed: int = 0) -> Iterator[Part]:
    """The index without a fifth of its wordings, and these as questions, until each askable row has been one.

    `texts` are all its wordings; the rows of an article stand side by side, so each loses about as many each time.
    """
    fold = folds(len(askable), seed)
    for number in range(FOLDS):
        rows = askable[fold == number]
        if not len(rows):
            continue
        held_back = [texts[row] for row in rows]
        vectors = index.wordings.vectors_of(rows)
        yield Part(index.without(rows, held_back), rows, held_back, vectors, index.wordings.owner[rows])


def folds(count: int, seed: int) -> NDArray[np.int64]:
    """The number of the fold of each row: in every run of rows as long as there are folds, each of them once."""
    chance = np.random.default_rng(seed)
    return np.concatenate([chance.permutation(FOLDS) for _ in range(0, max(count, 1), FOLDS)])[:count]


def in_scope_samples(
    part: Part, encode: Encode, allowed: Callable[[int], tuple[Mask, Mask]], strangers: Strangers
) -> Iterator[Sample]:
    """Each question, clean and with errors: with its article on offer, and once as if nobody had written one for it.

    `allowed` gives for the place of an article those that may be offered beside it, and those about something else.
    """
    some = range(0, len(part.rows), max(1, -(-len(part.rows) * FOLDS // _QUESTIONS_AT_MOST)))
    wrong = [_with_errors(part.texts[place], number) for number, place in enumerate(some)]
    for place, noisy, vector in zip(some, wrong, encode(wrong), strict=True):
        right = int(part.right[place])
        offered, about_something_else = allowed(right)
        for text, meant in ((part.texts[place], part.vectors[place]), (noisy, vector)):
            yield Sample(int(part.rows[place]), gather(part.index, text, meant, offered), right)
        if about_something_else.any():
            unknown = strangers.beside(part.index, right)
            evidence = gather(unknown, part.texts[place], part.vectors[place], about_something_else)
            yield Sample(int(part.rows[place]), evidence, None)


def off_topic_samples(index: Index, texts: Sequence[str], vectors: Numbers, offered: Mask) -> Iterator[Sample]:
    """Texts that the index knows to be about nothing here, in the same order: each is held back while it is asked."""
    for place, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
        evidence = gather(index.without_nothing(place), text, vector, offered)
        yield Sample(-1 - place, evidence, None, off_topic=True)


def _with_errors(text: str, number: int) -> str:
    return mistyped(text, MISTYPED_SHARE) if number % 2 else misheard(text, MISHEARD_SHARE)
