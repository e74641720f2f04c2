"""What speaks for each article, and what speaks for trusting the best one: numbers that a `Judge` weighs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve

from knowledge.index import Index
from knowledge.lexicon import Numbers
from knowledge.rows import Mask, Places

# What speaks for one article.
FOR_ARTICLE = (
    "nearest",  # cosine of its nearest wording
    "near_three",  # mean of its three nearest
    "near_ten",
    "leaning",  # how the wordings around the question together lean to it
    "centre",  # cosine of the middle of its wordings
    "passage",  # cosine of its nearest sentence
    "passage_words",
    "words",  # words shared with one wording
    "chars",  # groups of letters shared with one wording
    "chars_three",
)
# What speaks for the question being about anything known at all.
FOR_SCOPE = ("nearest", "near_all", "centre", "words", "chars", "known", "passage", "nothing", "nothing_most")
# What speaks for the best article being right, or for the right one being among the best three.
FOR_BEST = ("score", "lead", "lead_of_three", "share", "spread", *FOR_ARTICLE, *(f"scope_{name}" for name in FOR_SCOPE))

_SHORTLIST = 256  # wordings compared closely with the question
_BY_WORDS = 64  # of them found by their words
_PASSAGES = 96
_NEAR_ALL = 10
_NARROW = 2.0  # how fast a wording's say in the leanings fades with its distance
_HELD = 0.2  # how far the leanings are held back from following single wordings


@dataclass(frozen=True, slots=True)
class Evidence:
    """`owners` are the places of those worth looking at; `speaks` has a row of FOR_ARTICLE for each."""

    owners: NDArray[np.int64]
    speaks: Numbers
    scope: Numbers  # FOR_SCOPE


def gather(index: Index, text: str, vector: Numbers, may_offer: Mask) -> Evidence:
    """About the articles that may be offered and that anything speaks for: none of them when none may be."""
    asked = index.lexicon.words([text])
    words, chars = asked.toarray()[0], index.lexicon.chars([text]).toarray()[0]
    rows, vectors, meaning = _shortlist(index, vector, asked, may_offer)
    said, said_meaning, said_words = _said(index, vector, words, may_offer)
    row_owner = index.wordings.owner[rows].astype(np.int64)
    owners = np.union1d(row_owner, said)
    shared_words = index.wordings.words[rows] @ words
    shared_chars = index.wordings.chars[rows] @ chars
    least = float(meaning[-1]) if len(meaning) else 0.0
    centre = index.centres_of(owners) @ vector
    speaks = np.zeros((len(owners), len(FOR_ARTICLE)), dtype=np.float32)
    speaks[:, 5] = _best_of(owners, said, said_meaning)
    speaks[:, 6] = _best_of(owners, said, said_words)
    speaks[:, 7] = _best_of(owners, row_owner, shared_words)
    speaks[:, 0] = _mean_of_best(owners, row_owner, meaning, 1, least)
    speaks[:, 1] = _mean_of_best(owners, row_owner, meaning, 3, least)
    speaks[:, 2] = _mean_of_best(owners, row_owner, meaning, 10, least)
    speaks[:, 3] = _leaning(vectors, meaning, np.searchsorted(owners, row_owner), len(owners))
    speaks[:, 4] = centre
    speaks[:, 8] = _mean_of_best(owners, row_owner, shared_chars, 1, 0)
    speaks[:, 9] = _mean_of_best(owners, row_owner, shared_chars, 3, 0)
    nothing = np.sort(index.nothing @ vector)[::-1] if len(index.nothing) else np.zeros(1, dtype=np.float32)
    scope = (
        *((meaning[0], meaning[:_NEAR_ALL].mean()) if len(meaning) else (0.0, 0.0)),
        centre.max(initial=0),
        shared_words.max(initial=0),
        shared_chars.max(initial=0),
        index.lexicon.known_share(text),
        said_meaning.max(initial=0),
        nothing[:3].mean(),
        nothing[0],
    )
    index.let_go()
    return Evidence(owners, speaks, np.asarray(scope, dtype=np.float32))


def for_best(evidence: Evidence, scores: Numbers) -> Numbers:
    """FOR_BEST of the article with the highest score; there is at least one."""
    order = np.argsort(-scores)
    best = order[0]
    ranked = np.concatenate([scores[order], np.full(3, scores.min() - 5, dtype=np.float32)])
    shares = np.exp(scores - scores[best])
    shares = shares / shares.sum()
    values = (
        ranked[0],
        ranked[0] - ranked[1],
        ranked[0] - ranked[3],
        shares[best],
        -(shares * np.log(np.maximum(shares, 1e-9))).sum(),
        *evidence.speaks[best],
        *evidence.scope,
    )
    return np.asarray(values, dtype=np.float32)


def _shortlist(
    index: Index, vector: Numbers, words: sparse.csr_matrix, may_offer: Mask
) -> tuple[Places, Numbers, Numbers]:
    """The wordings nearest in meaning and those that share most words, their vectors and cosines, highest first."""
    allowed = index.allowed_rows(index.wordings, may_offer)
    near = index.wordings.nearest(vector, _SHORTLIST - _BY_WORDS, allowed)
    rows = np.union1d(near, index.wordings.sharing_words(words, _BY_WORDS, allowed))
    vectors = index.wordings.vectors_of(rows)
    meaning = vectors @ vector
    order = np.argsort(-meaning)
    return rows[order], vectors[order], meaning[order]


def _said(index: Index, vector: Numbers, words: Numbers, may_offer: Mask) -> tuple[Places, Numbers, Numbers]:
    """The sentences nearest in meaning: whose they are, their cosines, and the words they share."""
    if index.passages is None:
        nobody = np.zeros(0, dtype=np.float32)
        return nobody.astype(np.int64), nobody, nobody
    rows = index.passages.nearest(vector, _PASSAGES, index.allowed_rows(index.passages, may_offer))
    cosines = index.passages.vectors_of(rows) @ vector
    return index.passages.owner[rows].astype(np.int64), cosines, index.passages.words[rows] @ words


def _leaning(vectors: Numbers, meaning: Numbers, owner: Places, owners: int) -> Numbers:
    """Kernel ridge regression of "is this owner's" among the wordings around the question: near wordings of rivals
    push where they would mislead. `owner` is the number of each wording's, below `owners`."""
    if not len(vectors):
        return np.zeros(owners, dtype=np.float32)
    near = _nearness(vectors @ vectors.T)
    near[np.diag_indices_from(near)] += _HELD
    # A symmetric system: solving it for the question once is the same as solving it for every owner.
    pull = cho_solve(cho_factor(near, overwrite_a=True, check_finite=False), _nearness(meaning), check_finite=False)
    return np.bincount(owner, weights=pull, minlength=owners).astype(np.float32)


def _nearness(cosines: Numbers) -> Numbers:
    nearness: Numbers = _NARROW * (cosines - 1)
    np.exp(nearness, out=nearness)
    return nearness


def _best_of(owners: Places, owner: Places, values: Numbers) -> Numbers:
    best = np.zeros(len(owners), dtype=np.float32)
    np.maximum.at(best, np.searchsorted(owners, owner), values)
    return best


def _mean_of_best(owners: Places, owner: Places, values: Numbers, count: int, least: float) -> Numbers:
    """The mean of each owner's `count` highest values; an owner with fewer of them has `least` for the others."""
    order = np.lexsort((-values, owner))
    place = np.searchsorted(owners, owner[order])
    begins = np.searchsorted(place, np.arange(len(owners)))
    rank = np.arange(len(order)) - begins[place]
    counts = rank < count
    sums = np.bincount(place[counts], weights=values[order][counts], minlength=len(owners))
    there = np.bincount(place[counts], minlength=len(owners))
    return np.asarray((sums + (count - there) * least) / count, dtype=np.float32)
