"""What the engine is measured beside on labelled sets: common ways to name the label of a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from knowledge.lexicon import Numbers

_K1, _B = 1.5, 0.75  # Okapi BM25 as rank_bm25 has it
_FITTED = 10.0  # inverse of how far the weights of logistic regression are held near zero

Score = Callable[[Sequence[str], Numbers], Numbers]


@dataclass(frozen=True)
class Known:
    """Examples: `label` is a place in the list of labels, -1 for what is out of scope."""

    texts: list[str]
    vectors: Numbers
    label: NDArray[np.int64]
    labels: int


def bm25(known: Known) -> Score:
    """How well the nearest example of each label fits. Examples out of scope are no help to it."""
    own = known.label >= 0
    counter = CountVectorizer(token_pattern=r"(?u)\b\w+\b")
    counts = counter.fit_transform([text for text, is_own in zip(known.texts, own, strict=True) if is_own]).tocsr()
    weights = _okapi(counts.astype(np.float32))
    label = known.label[own]

    def score(texts: Sequence[str], _: Numbers) -> Numbers:
        asked = counter.transform(texts).astype(np.float32)
        return np.concatenate([_best_of_label((row @ weights.T).toarray(), label, known.labels) for row in asked])

    return score


def nearest(known: Known) -> Score:
    """The cosine of the nearest example of each label. Examples out of scope are no help to it."""
    own = known.label >= 0
    vectors, label = known.vectors[own], known.label[own]
    return lambda _, asked: _best_of_label(asked @ vectors.T, label, known.labels)


def logistic(known: Known) -> Score:
    """The chance of each label by the vector; what is out of scope is one label more, when there are examples of it."""
    return _chances(known, lambda _, vectors: vectors)


def logistic_with_words(known: Known) -> Score:
    """The same by the vector and by words and groups of letters weighed by how rare they are."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(known.texts)
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit(known.texts)

    def facts(texts: Sequence[str], vectors: Numbers) -> Any:
        return sparse.hstack([sparse.csr_matrix(vectors), words.transform(texts), chars.transform(texts)], "csr")

    return _chances(known, facts)


def logistic_and_nearest(known: Known) -> Score:
    """The chance of each label by all of these, times the cosine of its nearest example."""
    chance, cosine = logistic_with_words(known), nearest(known)
    return lambda texts, vectors: chance(texts, vectors) * cosine(texts, vectors)


BASELINES: dict[str, Callable[[Known], Score]] = {
    "nearest example, BM25": bm25,
    "nearest example, MiniLM": nearest,
    "MiniLM + logistic regression": logistic,
    "MiniLM + TF-IDF + logistic regression": logistic_with_words,
    "the same times nearest example, MiniLM": logistic_and_nearest,
}


def _chances(known: Known, facts: Callable[[Sequence[str], Numbers], Any]) -> Score:
    model = LogisticRegression(C=_FITTED, max_iter=1000).fit(facts(known.texts, known.vectors), known.label)
    own = model.classes_ >= 0

    def score(texts: Sequence[str], vectors: Numbers) -> Numbers:
        chances = np.zeros((len(texts), known.labels), dtype=np.float32)
        chances[:, model.classes_[own]] = model.predict_proba(facts(texts, vectors))[:, own]
        return chances

    return score


def _okapi(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    texts = counts.shape[0]
    with_word = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (texts - with_word + 0.5) / (with_word + 0.5))
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    row_of = np.repeat(np.arange(texts), np.diff(counts.indptr))
    held = _K1 * (1 - _B + _B * lengths / lengths.mean())[row_of]
    values = rarity[counts.indices] * counts.data * (_K1 + 1) / (counts.data + held)
    return sparse.csr_matrix((values.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)


def _best_of_label(scores: Numbers, label: NDArray[np.int64], labels: int) -> Numbers:
    best = np.zeros((len(scores), labels), dtype=np.float32)
    for number in np.unique(label):
        best[:, number] = scores[:, label == number].max(axis=1)
    return best
