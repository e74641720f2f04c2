"""The index: what articles can be found by. The place of an article is its number in the catalogue beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from knowledge.classifier import Classifier
from knowledge.lexicon import Lexicon, Numbers
from knowledge.rows import Mask, Owner, Places, Rows, Wordings

_ROUNDED = 0.05  # a sum of vectors shorter than this is what their rounding on disk left over


@dataclass(frozen=True)
class Index:
    lexicon: Lexicon  # of the wordings
    wordings: Wordings  # example questions and label
    passages: Rows | None  # the sentences of the texts; None when there are only questions
    sums: Numbers  # of each owner's wordings' vectors
    nothing: Numbers  # vectors of texts that nothing here answers
    classifier: Classifier  # of the wordings that count
    kept: Mask | None = None  # wordings that count; None = all

    @classmethod
    def of(
        cls,
        wordings: Sequence[Sequence[str]],
        vectors: Numbers,
        nothing: Numbers,
        passages: Sequence[Sequence[str]] = (),
        passage_vectors: Numbers | None = None,
    ) -> "Index":
        """`wordings` and `passages` are the texts of each owner; the vectors are theirs in the same order, flat."""
        texts, owner = flat(wordings)
        lexicon = Lexicon.of(texts)
        rows = Wordings.of(texts, owner, vectors, lexicon)
        sentences = Rows.of(*flat(passages), passage_vectors, lexicon) if passage_vectors is not None else None
        sums = np.add.reduceat(vectors, rows.starts[:-1])
        return cls(lexicon, rows, sentences, sums, nothing, Classifier.learn(vectors, owner, len(sums)))

    @property
    def count(self) -> int:
        """How many owners there are."""
        return len(self.sums)

    def without(self, rows: Places, texts: Sequence[str], classifier: Classifier | None = None) -> "Index":
        """As if these wordings, whose texts are given, had never been written. `classifier` is one that never saw
        them; without it one is learned, in seconds."""
        kept = np.ones(len(self.wordings.owner), dtype=np.bool_)
        kept[rows] = False
        sums = self.sums.copy()
        np.subtract.at(sums, self.wordings.owner[rows], self.wordings.vectors_of(rows))
        classifier = classifier or self.learn_without(rows)
        return replace(self, lexicon=self.lexicon.without(texts), sums=sums, classifier=classifier, kept=kept)

    def learn_without(self, rows: Places) -> Classifier:
        """A classifier of all wordings but these; where there is none, because of too many owners, none."""
        if not len(self.classifier.weights):
            return self.classifier
        left = np.delete(np.arange(len(self.wordings.owner)), rows)
        return Classifier.learn(self.wordings.vectors_of(left), self.wordings.owner[left], self.count)

    def without_nothing(self, place: int) -> "Index":
        """As if one of the texts that nothing answers were not known."""
        return replace(self, nothing=np.delete(self.nothing, place, axis=0))

    def allowed_rows(self, rows: Rows, may_offer: Mask) -> Mask | None:
        """Rows of owners that may be offered, and that are kept; None when these are all."""
        allowed = None if may_offer.all() else may_offer[rows.owner]
        if rows is self.wordings and self.kept is not None:
            return self.kept if allowed is None else self.kept & allowed
        return allowed

    def nearest(self, vector: Numbers, owners: Sequence[int]) -> float:
        """The cosine of the nearest wording of these owners, whether or not it is kept; -1 when they are none."""
        starts = self.wordings.starts
        vectors = [self.wordings.vectors_of(np.arange(starts[owner], starts[owner + 1])) for owner in owners]
        return max((float((some @ vector).max(initial=-1.0)) for some in vectors), default=-1.0)

    def centres_of(self, owners: Places | int) -> Numbers:
        """The middle of each one's wordings, of length 1; hardly any length when all of them are forgotten."""
        sums = self.sums[owners]
        return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=-1, keepdims=True), _ROUNDED))

    def let_go(self) -> None:
        """After a question: see `Rows.let_go`."""
        self.wordings.let_go()
        if self.passages is not None:
            self.passages.let_go()

    def write(self, folder: Path) -> None:
        self.wordings.write(folder / "wordings")
        if self.passages is not None:
            self.passages.write(folder / "passages")
        np.savez(
            folder / "index.npz",
            texts=self.lexicon.texts,
            with_word=self.lexicon.with_word,
            with_chars=self.lexicon.with_chars,
            sums=self.sums,
            nothing=self.nothing,
            classifier_weights=self.classifier.weights,
            classifier_bias=self.classifier.bias,
        )

    @classmethod
    def read(cls, folder: Path) -> "Index":
        has_passages = (folder / "passages").exists()
        with np.load(folder / "index.npz") as saved:
            return cls(
                lexicon=Lexicon(int(saved["texts"]), saved["with_word"], saved["with_chars"]),
                wordings=Wordings.read(folder / "wordings"),
                passages=Rows.read(folder / "passages") if has_passages else None,
                sums=saved["sums"],
                nothing=saved["nothing"],
                classifier=Classifier(saved["classifier_weights"], saved["classifier_bias"]),
            )


def flat(texts_by_owner: Sequence[Sequence[str]]) -> tuple[list[str], Owner]:
    """All texts, and each one's owner."""
    texts = [text for texts in texts_by_owner for text in texts]
    owner = [place for place, texts in enumerate(texts_by_owner) for _ in texts]
    return texts, np.asarray(owner, dtype=np.int32)
