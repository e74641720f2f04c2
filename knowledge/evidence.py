"""What speaks for each article, and what speaks for trusting the best one: numbers that a `Judge` weighs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Index, Likeness, Mask
from knowledge.lexicon import Numbers

# What speaks for one article.
FOR_ARTICLE = ("nearest", "near_three", "leaning", "passage", "passage_words", "words", "chars", "chars_three")
# What speaks for the best article being right, or for the right one being among the best three.
FOR_BEST = ("score", "lead", "lead_of_three", "share", "nearest", "near_three", "chars", "known", "near_all", "nothing")
# What speaks for the question being about telecom at all.
FOR_SCOPE = ("nearest", "near_all", "words", "chars", "known", "passage", "nothing")

_NEAR = 3
_NEAR_ALL = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """`articles` are the places of those that may be offered; `speaks` has a row of FOR_ARTICLE for each."""

    articles: NDArray[np.int64]
    speaks: Numbers
    scope: Numbers  # FOR_SCOPE


def gather(index: Index, likeness: Likeness, may_offer: Mask, rows: Mask | None = None) -> Evidence:
    """Of the articles that may be offered; `rows` leaves wordings out, as when an example is held back."""
    meaning, words, chars = likeness.meaning, likeness.words, likeness.chars
    if rows is not None:
        meaning, words, chars = (np.where(rows, values, 0) for values in (meaning, words, chars))
    starts = index.wordings.starts
    speaks = np.stack(
        [
            np.maximum.reduceat(meaning, starts),
            _mean_of_best(meaning, index),
            likeness.leaning,
            np.maximum.reduceat(likeness.passages, index.passages.starts),
            np.maximum.reduceat(likeness.passage_words, index.passages.starts),
            np.maximum.reduceat(words, starts),
            np.maximum.reduceat(chars, starts),
            _mean_of_best(chars, index),
        ],
        axis=1,
    )
    allowed = np.flatnonzero(may_offer)
    near_all = np.sort(meaning)[-_NEAR_ALL:].mean()
    nothing = np.sort(likeness.nothing)[-_NEAR:].mean()
    scope = (meaning.max(), near_all, words.max(), chars.max(), likeness.known, likeness.passages.max(), nothing)
    return Evidence(allowed, speaks[allowed], np.asarray(scope, dtype=np.float32))


def for_best(evidence: Evidence, scores: Numbers) -> Numbers:
    """FOR_BEST of the article with the highest score; at least one article may be offered."""
    order = np.argsort(-scores)
    best = order[0]
    ranked = np.concatenate([scores[order], np.full(3, scores.min() - 5, dtype=np.float32)])
    speaks = dict(zip(FOR_ARTICLE, evidence.speaks[best], strict=True))
    scope = dict(zip(FOR_SCOPE, evidence.scope, strict=True))
    values = (
        ranked[0],
        ranked[0] - ranked[1],
        ranked[0] - ranked[3],
        1 / np.exp(scores - scores[best]).sum(),
        speaks["nearest"],
        speaks["near_three"],
        speaks["chars"],
        scope["known"],
        scope["near_all"],
        scope["nothing"],
    )
    return np.asarray(values, dtype=np.float32)


def _mean_of_best(values: Numbers, index: Index) -> Numbers:
    """The mean of the three highest values of each article; every article has more wordings than that."""
    of_article = np.append(values, np.float32(-1))[index.wordings.grid]
    return np.asarray(np.partition(of_article, -_NEAR, axis=1)[:, -_NEAR:].mean(axis=1), dtype=np.float32)
