"""The index asked its own example questions, each held back first, and texts that no article answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from knowledge.decide import ask
from knowledge.evidence import Evidence, gather
from knowledge.index import Index, Likeness, Mask, leaning, pulls, wordings
from knowledge.lexicon import Lexicon, Numbers
from knowledge.noise import mistyped

Encode = Callable[[Sequence[str]], Numbers]

MISTYPED_SHARE = 0.02  # of the letters of the second copy of every question
_FOLDS = 5  # a fifth of each article's questions is held back at a time


@dataclass(frozen=True, slots=True)
class Sample:
    """What speaks for the articles when this text is asked."""

    text: str  # the question as written; a mistyped copy carries the original here
    evidence: Evidence
    right: int | None  # the place of the right article; None when no article that may be offered is right
    off_topic: bool = False


def in_scope_samples(index: Index, encode: Encode, seed: int = 0) -> Iterator[Sample]:
    """Each example question, clean and mistyped: once with its article on offer, once as if there were no such one."""
    texts, owner = wordings(index.articles)
    questions = _question_rows(index)
    noisy = [mistyped(texts[row], MISTYPED_SHARE, seed) for row in questions]
    said = [*(texts[row] for row in questions), *noisy]
    vectors = np.concatenate([index.wordings.vectors[questions], encode(noisy)])
    asked = list(zip([*questions, *questions], said, index.likenesses(said, vectors), strict=True))
    for rows, held_back in _folds(questions, len(texts), seed):
        lexicon = Lexicon.of([text for text, kept in zip(texts, rows, strict=True) if kept])
        pulling = pulls(index.wordings.vectors, owner, len(index.articles), rows)
        held = [(row, text, likeness) for row, text, likeness in asked if row in held_back]
        known = lexicon.known_shares([text for _, text, _ in held])
        for (row, _, likeness), share in zip(held, known, strict=True):
            unseen = replace(likeness, leaning=leaning(likeness.meaning, pulling), known=float(share))
            yield from _with_and_without(index, texts[row], int(owner[row]), unseen, rows)


def _with_and_without(index: Index, text: str, own: int, likeness: Likeness, rows: Mask) -> Iterator[Sample]:
    """With the right article on offer; and without every article of its topic, as a question nobody wrote one for."""
    language, topic = index.articles[own].language, index.articles[own].topic
    offered = np.asarray([article.language == language for article in index.articles])
    yield Sample(text, gather(index, likeness, offered, rows), own)
    other = np.asarray([article.topic != topic for article in index.articles])
    if (offered & other).any():
        yield Sample(text, gather(index, likeness, offered & other, rows & other[index.wordings.owner]), None)


def off_topic_samples(index: Index, encode: Encode, texts: Sequence[str], language: str) -> Iterator[Sample]:
    """Texts that are in the index as off topic, in the same order: each is held back there while it is asked."""
    offered = np.asarray([article.language == language for article in index.articles])
    asked = [ask(text, language) for text in texts]
    for place, likeness in enumerate(index.likenesses(asked, encode(asked))):
        unseen = replace(likeness, nothing=np.delete(likeness.nothing, place))
        yield Sample(asked[place], gather(index, unseen, offered), None, off_topic=True)


def _folds(questions: Sequence[int], count: int, seed: int) -> Iterator[tuple[Mask, frozenset[int]]]:
    """The rows that stay and those held back, so that every question is held back once.

    The questions of an article stand side by side, so that every article loses about as many of them each time.
    """
    fold: NDArray[np.int64] = np.full(count, -1)
    chance = np.random.default_rng(seed)
    numbers = [number for _ in range(0, len(questions), _FOLDS) for number in chance.permutation(_FOLDS)]
    fold[list(questions)] = numbers[: len(questions)]
    for held_back in range(_FOLDS):
        yield fold != held_back, frozenset(np.flatnonzero(fold == held_back).tolist())


def _question_rows(index: Index) -> list[int]:
    """The rows that are example questions; the label is never held back."""
    starts = index.wordings.starts.tolist()
    sizes = [len(article.questions) for article in index.articles]
    return [start + place for start, size in zip(starts, sizes, strict=True) for place in range(size)]
