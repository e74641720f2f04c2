"""What speaks for each article, and what speaks for trusting the best one: numbers that a `Judge` weighs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg.blas import ssyrk
from scipy.linalg.lapack import sposv

from knowledge.index import Index
from knowledge.lexicon import PLACES, Numbers, Read, Row
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
    "classifier",  # how far what sets all articles apart leans to it
)
# What speaks for the question being about anything known at all.
FOR_SCOPE = (
    "nearest",
    "near_all",
    "centre",
    "words",
    "chars",
    "known",
    "passage",
    "nothing",
    "nothing_most",
    "classifier",
)
# What speaks for the best article being right, or for the right one being among the best three.
FOR_BEST = ("score", "lead", "lead_of_three", "share", "spread", *FOR_ARTICLE, *(f"scope_{name}" for name in FOR_SCOPE))

_NONE = np.zeros(0, dtype=np.int64)
_SHORTLIST = 256  # wordings compared closely with the question
_BY_WORDS = 64  # of them found by their words
_PASSAGES = 96
_NEAR_ALL = 10
_NARROW = 2.0  # how fast a wording's say in the leanings fades with its distance
_HELD = 0.2  # how far the leanings are held back from following single wordings


@dataclass(frozen=True, slots=True)
class Nearest:
    """What is nearest in meaning to a text."""

    wordings: Places
    sentences: Places


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A text as it was looked up."""

    vector: Numbers
    read: Read
    nearest: Nearest


@dataclass(frozen=True, slots=True)
class Evidence:
    """`owners` are the places of those worth looking at; `speaks` has a row of FOR_ARTICLE for each."""

    owners: NDArray[np.int64]
    speaks: Numbers
    scope: Numbers  # FOR_SCOPE


def gather(index: Index, text: str, vector: Numbers, may_offer: Mask) -> Evidence:
    """About the articles that may be offered and that anything speaks for: none of them when none may be."""
    return gather_each(index, [text], vector[None], may_offer)[0]


def gather_each(
    index: Index,
    texts: Sequence[str],
    vectors: Numbers,
    may_offer: Mask,
    nearest: Sequence[Nearest] | None = None,
) -> list[Evidence]:
    """The same of several texts: looked up together, which is faster than one after the other. `nearest`: as it was
    looked up with others before."""
    allowed = index.allowed_rows(index.wordings, may_offer)
    near = nearest or look_near(index, vectors, may_offer)
    looked_up = zip(vectors, index.lexicon.read(texts), near, strict=True)
    found = [_weigh(index, LookedUp(*some), allowed) for some in looked_up]
    index.let_go()
    return found


def look_near(index: Index, vectors: Numbers, may_offer: Mask) -> list[Nearest]:
    """For each vector, among what belongs to articles that may be offered: all wordings are passed through once."""
    wordings, passages = index.wordings, index.passages
    near = wordings.nearest(vectors, _SHORTLIST - _BY_WORDS, index.allowed_rows(wordings, may_offer))
    said = passages.nearest(vectors, _PASSAGES, index.allowed_rows(passages, may_offer)) if passages else repeat(_NONE)
    return [Nearest(*some) for some in zip(near, said, strict=False)]


def _weigh(index: Index, question: LookedUp, allowed: Mask | None) -> Evidence:
    vector = question.vector
    rows, vectors, meaning = _shortlist(index, question, allowed)
    said, said_meaning, said_words = _said(index, question)
    row_owner = index.wordings.owner[rows].astype(np.int64)
    owners = np.union1d(row_owner, said)
    shared_words = _shared(index.wordings.words[rows], question.read.words)
    shared_chars = _shared(index.wordings.chars[rows], question.read.chars)
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
    speaks[:, 10] = leaned = index.classifier.lean(vector, owners)
    nothing = np.sort(index.nothing @ vector)[::-1] if len(index.nothing) else np.zeros(1, dtype=np.float32)
    scope = (
        *((meaning[0], meaning[:_NEAR_ALL].mean()) if len(meaning) else (0.0, 0.0)),
        centre.max(initial=0),
        shared_words.max(initial=0),
        shared_chars.max(initial=0),
        question.read.known,
        said_meaning.max(initial=0),
        nothing[:3].mean(),
        nothing[0],
        leaned.max() if len(leaned) else 0.0,
    )
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


def _shortlist(index: Index, question: LookedUp, allowed: Mask | None) -> tuple[Places, Numbers, Numbers]:
    """The wordings nearest in meaning and those that share most words, their vectors and cosines, highest first."""
    rows = np.union1d(question.nearest.wordings, index.wordings.sharing_words(question.read.words, _BY_WORDS, allowed))
    vectors = index.wordings.vectors_of(rows)
    meaning = vectors @ question.vector
    order = np.argsort(-meaning)
    return rows[order], vectors[order], meaning[order]


def _said(index: Index, question: LookedUp) -> tuple[Places, Numbers, Numbers]:
    """The sentences nearest in meaning: whose they are, their cosines, and the words they share."""
    rows, passages = question.nearest.sentences, index.passages
    if passages is None:
        nobody = np.zeros(0, dtype=np.float32)
        return nobody.astype(np.int64), nobody, nobody
    cosines = passages.vectors_of(rows) @ question.vector
    return passages.owner[rows].astype(np.int64), cosines, _shared(passages.words[rows], question.read.words)


def _shared(rows: sparse.csr_matrix, asked: Row) -> Numbers:
    """What each row has in common with a question: the product of their weights, summed over the places of both."""
    places, weights = asked
    every = np.zeros(PLACES, dtype=np.float32)
    every[places] = weights
    return np.asarray(rows @ every)


def _leaning(vectors: Numbers, meaning: Numbers, owner: Places, owners: int) -> Numbers:
    """Kernel ridge regression of "is this owner's" among the wordings around the question: near wordings of rivals
    push where they would mislead. `owner` is the number of each wording's, below `owners`."""
    if not len(vectors):
        return np.zeros(owners, dtype=np.float32)
    # A symmetric system: half of it is enough, and solving it for the question once is as good as for every owner.
    near = _nearness(ssyrk(1.0, vectors.T, trans=1, lower=1))
    np.fill_diagonal(near, 1 + _HELD)
    _, pull, _ = sposv(near, _nearness(meaning), lower=1, overwrite_a=1)
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
