"""How near is near: measured on the articles' own questions, because a cosine means something else in each model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from knowledge.findings import Stray
from knowledge.lexicon import Numbers

Labels = NDArray[np.int64]

# For fewer questions than can be measured; what all-MiniLM-L6-v2 gives on 1,809 questions of 72 articles.
TOGETHER = 0.5
NEAR = 0.7

_MEASURED_FROM = 200  # example questions
_GROUPED_AT_MOST = 1500  # of them; the comparison grows with the square
_CUTS = np.arange(0.1, 0.9, 0.05)
_OWN_GROUPS_NEARER = 0.2  # of groups of an article's own questions, those that may count as far from it
_TO_SPLIT = 6  # questions of an article of which one half is compared with the other


@dataclass(frozen=True, slots=True)
class Examples:
    """What the articles of one language are found by, row by row."""

    articles: tuple[str, ...]  # ids
    texts: tuple[str, ...]
    vectors: Numbers  # of length 1
    titles: dict[str, str]  # of each article

    @property
    def owners(self) -> Labels:
        """A number for each article."""
        return np.unique(np.asarray(self.articles), return_inverse=True)[1]

    def nearest(self, vector: Numbers) -> tuple[str, float] | None:
        """The article with the nearest question, and the cosine; None when there is no article."""
        if not self.articles:
            return None
        likeness = self.vectors @ vector
        best = int(np.argmax(likeness))
        return self.articles[best], float(likeness[best])


@dataclass(frozen=True, slots=True)
class Scale:
    together: float = TOGETHER  # average cosine distance up to which questions make one group
    near: float = NEAR  # cosine between a group's centre and an example question from which the article is near


def scale_of(examples: Examples) -> Scale:
    """`together`: the cut that best puts the example questions back into their articles, wrong company weighing twice
    as much as being parted (F0.5 over pairs). `near`: four of five groups of an article's own questions are nearer."""
    if len(examples.articles) < _MEASURED_FROM:
        return Scale()
    owners = examples.owners
    some = owners % -(-len(owners) // _GROUPED_AT_MOST) == 0  # whole articles
    tree = linkage(examples.vectors[some], method="average", metric="cosine")
    together = max(_CUTS, key=lambda cut: _regained(fcluster(tree, cut, "distance"), owners[some]))
    return Scale(float(together), _near(examples.vectors, owners))


def grouped(vectors: Numbers, together: float) -> list[list[int]]:
    """The rows of each group: agglomerative clustering, average linkage on cosine distance."""
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    labels = fcluster(linkage(vectors, method="average", metric="cosine"), together, "distance")
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]


def centre(vectors: Numbers) -> Numbers:
    """The middle of the rows, of length 1."""
    middle = vectors.mean(axis=0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), dtype=np.float32)


def strays(examples: Examples) -> Iterator[Stray]:
    """The questions of one article that lie nearer to another's than to any of its own; each to the nearest one."""
    owners = examples.owners
    for row, vector in enumerate(examples.vectors):
        likeness = examples.vectors @ vector
        likeness[row] = -1
        own = owners == owners[row]
        stranger = int(np.argmax(np.where(own, -1, likeness)))
        if likeness[stranger] > likeness[own].max():
            yield Stray(examples.texts[row], examples.articles[row], examples.articles[stranger])


def _regained(labels: Labels, owners: Labels) -> float:
    both = _pairs(np.stack([labels, owners]))
    precision, recall = both / max(_pairs(labels[None]), 1), both / max(_pairs(owners[None]), 1)
    return float(1.25 * precision * recall / max(0.25 * precision + recall, 1e-9))


def _pairs(labels: Labels) -> float:
    """How many pairs of columns are alike."""
    counts = np.unique(labels, axis=1, return_counts=True)[1].astype(float)
    return float((counts * (counts - 1) / 2).sum())


def _near(vectors: Numbers, owners: Labels) -> float:
    own: list[float] = []
    for owner in np.unique(owners):
        rows = np.flatnonzero(owners == owner)
        if len(rows) >= _TO_SPLIT:
            own.append(float((vectors[rows[1::2]] @ centre(vectors[rows[::2]])).max()))
    return float(np.quantile(own, _OWN_GROUPS_NEARER)) if own else NEAR


def distinct(texts: Sequence[str], most: int) -> tuple[str, ...]:
    """The first ones that differ in more than capitals and spaces."""
    by_words = {" ".join(text.casefold().split()): text for text in reversed(texts)}
    return tuple(dict.fromkeys(by_words[" ".join(text.casefold().split())] for text in texts))[:most]
