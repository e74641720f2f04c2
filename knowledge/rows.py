"""Texts that owners are found by, as vectors and words: searched whole, compared in part, kept on disk."""

import mmap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge.lexicon import PLACES, Lexicon, Numbers, Row

Mask = NDArray[np.bool_]
Owner = NDArray[np.int32]
Places = NDArray[np.int64]

# Rows up to which each is compared; more are kept in half precision, and searched in cells of near neighbours, a byte
# for each number.
_EXACT_UP_TO = 100_000
_CELLS_LOOKED_INTO = 24
_ROWS_TO_LEARN_CELLS = 100_000
_COMPARED_AT_ONCE = 10_000  # rows, which need some 25 MB
_WEIGHED_AT_ONCE = 50_000  # texts
_POSTINGS_AT_MOST = 100_000  # read for one question, its rarest words first

faiss.omp_set_num_threads(1)  # one question is too little work to share between cores


@dataclass(frozen=True)
class Rows:
    """Those of an owner stand side by side. Everything but the cells is read from disk where it is needed."""

    owner: Owner
    vectors: NDArray[np.float32] | NDArray[np.float16]  # of length 1
    words: sparse.csr_matrix
    cells: faiss.Index | None

    @classmethod
    def of(cls, texts: Sequence[str], owner: Owner, vectors: Numbers, lexicon: Lexicon) -> "Rows":
        words = _in_parts(lexicon.words, texts)
        if len(texts) <= _EXACT_UP_TO:
            return Rows(owner, vectors, words, None)
        return Rows(owner, vectors.astype(np.float16), words, _in_cells(vectors))

    @cached_property
    def starts(self) -> Places:
        """The first row of each owner, and one past the last row."""
        return np.searchsorted(self.owner, np.arange(self.owner[-1] + 2))

    def nearest(self, vectors: Numbers, count: int, kept: Mask | None) -> list[Places]:
        """For each vector, up to `count` rows nearest in meaning, of those kept, nearest first; about the nearest of
        very many rows.

        All vectors are compared while a row is at hand. Where the cells looked into hold fewer of those kept than asked
        for, all of these are compared.
        """
        if self.cells is None:
            meanings = np.ascontiguousarray((self.vectors @ vectors.T).T)  # the many rows stay as they are
            if kept is None:
                return [_highest(meaning, count) for meaning in meanings]
            rows = np.flatnonzero(kept)
            return [_highest_of(rows, meaning[rows], count) for meaning in meanings]
        options = {} if kept is None else {"sel": faiss.IDSelectorBitmap(np.packbits(kept, bitorder="little"))}
        parameters = faiss.SearchParametersIVF(nprobe=_CELLS_LOOKED_INTO, **options)
        places = [found[found >= 0] for found in self.cells.search(vectors, count, params=parameters)[1]]
        return [
            found if kept is None or len(found) == count else self._compared(vector, count, np.flatnonzero(kept))
            for found, vector in zip(places, vectors, strict=True)
        ]

    def vectors_of(self, rows: Places) -> Numbers:
        return np.asarray(self.vectors[rows], dtype=np.float32)

    def _compared(self, vector: Numbers, count: int, rows: Places) -> Places:
        """The nearest of these rows, exactly, nearest first."""
        parts = [rows[begin : begin + _COMPARED_AT_ONCE] for begin in range(0, len(rows), _COMPARED_AT_ONCE)]
        meaning = [self.vectors_of(part) @ vector for part in parts]
        return _highest_of(rows, np.concatenate(meaning), count) if parts else rows

    def let_go(self) -> None:
        """After a question: give back the pages of the files that were read. With very many rows each question maps
        some 350 MB, because the system maps the pages around those read too, and keeps them at hand all the same."""
        if self.cells is not None:
            for file in self._files:
                file.madvise(mmap.MADV_DONTNEED)

    @cached_property
    def _files(self) -> list[mmap.mmap]:
        """What is read from disk; nothing where pages cannot be given back."""
        given_back = hasattr(mmap, "MADV_DONTNEED")
        return [file for array in self._arrays() if given_back and (file := _file_under(array)) is not None]

    def _arrays(self) -> tuple[NDArray[Any], ...]:
        return self.vectors, self.words.data, self.words.indices

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        np.save(folder / "owner.npy", self.owner)
        np.save(folder / "vectors.npy", self.vectors)
        _save(folder, "words", self.words)
        if self.cells is not None:
            faiss.write_index(self.cells, str(folder / "cells.index"))

    @classmethod
    def read(cls, folder: Path) -> "Rows":
        owner = np.load(folder / "owner.npy")
        cells = folder / "cells.index"
        return Rows(
            owner=owner,
            vectors=_mapped(folder / "vectors.npy"),
            words=_matrix(folder, "words", sparse.csr_matrix, len(owner)),
            cells=faiss.read_index(str(cells)) if cells.exists() else None,
        )


@dataclass(frozen=True)
class Wordings(Rows):
    """Rows that are also found by their words, and compared letter by letter."""

    chars: sparse.csr_matrix
    postings: sparse.csc_matrix  # `words`, from each word to the rows that have it

    @classmethod
    def of(cls, texts: Sequence[str], owner: Owner, vectors: Numbers, lexicon: Lexicon) -> "Wordings":
        rows = Rows.of(texts, owner, vectors, lexicon)
        chars = _in_parts(lexicon.chars, texts)
        return cls(rows.owner, rows.vectors, rows.words, rows.cells, chars, rows.words.tocsc())

    def sharing_words(self, words: Row, count: int, kept: Mask | None) -> Places:
        """The rows that share most with the words of a question, of those kept."""
        asked, weight = words
        ends = self.postings.indptr
        lengths = ends[asked + 1] - ends[asked]
        rarest_first = np.argsort(lengths)
        read = rarest_first[np.cumsum(lengths[rarest_first]) <= _POSTINGS_AT_MOST]
        some = [slice(ends[word], ends[word + 1]) for word in asked[read]]
        if not some:
            return np.zeros(0, dtype=np.int64)
        rows = np.concatenate([self.postings.indices[part] for part in some])
        shared = np.concatenate([self.postings.data[part] for part in some])
        weights = shared * np.repeat(weight[read], lengths[read])
        score = np.bincount(rows, weights=weights, minlength=len(self.owner))
        found: Places = np.flatnonzero(score > 0)
        if kept is not None:
            found = found[kept[found]]
        if len(found) <= count:
            return found
        return found[np.argpartition(-score[found], count)[:count]]

    def _arrays(self) -> tuple[NDArray[Any], ...]:
        inside = [part for matrix in (self.chars, self.postings) for part in (matrix.data, matrix.indices)]
        return (*super()._arrays(), *inside)

    def write(self, folder: Path) -> None:
        super().write(folder)
        _save(folder, "chars", self.chars)
        _save(folder, "postings", self.postings)

    @classmethod
    def read(cls, folder: Path) -> "Wordings":
        rows = Rows.read(folder)
        chars = _matrix(folder, "chars", sparse.csr_matrix, len(rows.owner))
        postings = _matrix(folder, "postings", sparse.csc_matrix, len(rows.owner))
        return cls(rows.owner, rows.vectors, rows.words, rows.cells, chars, postings)


def _in_cells(vectors: Numbers) -> faiss.Index:
    count, width = vectors.shape
    index = faiss.index_factory(width, f"IVF{int(4 * count**0.5)},SQ8", faiss.METRIC_INNER_PRODUCT)
    some = np.random.default_rng(0).choice(count, min(count, _ROWS_TO_LEARN_CELLS), replace=False)
    index.train(vectors[np.sort(some)])
    index.add(vectors)
    return index


def _highest(values: Numbers, count: int) -> Places:
    """The places of the highest values, highest first."""
    if count >= len(values):
        return np.argsort(-values)
    places = np.argpartition(values, -count)[-count:]
    return places[np.argsort(-values[places])]


def _highest_of(places: Places, values: Numbers, count: int) -> Places:
    """The same among some places, each with its value."""
    return places[_highest(values, count)]


def _in_parts(weigh: Callable[[Sequence[str]], sparse.csr_matrix], texts: Sequence[str]) -> sparse.csr_matrix:
    """What `weigh` makes of all texts, some at a time: it needs much more memory than what it makes."""
    begins = range(0, max(len(texts), 1), _WEIGHED_AT_ONCE)
    return sparse.vstack([weigh(texts[begin : begin + _WEIGHED_AT_ONCE]) for begin in begins], format="csr")


def _save(folder: Path, name: str, matrix: sparse.spmatrix) -> None:
    for part in ("data", "indices", "indptr"):
        np.save(folder / f"{name}.{part}.npy", getattr(matrix, part))


def _matrix(folder: Path, name: str, kind: type[sparse.csr_matrix], rows: int) -> sparse.csr_matrix:
    parts = tuple(_mapped(folder / f"{name}.{part}.npy") for part in ("data", "indices", "indptr"))
    return kind(parts, shape=(rows, PLACES), copy=False)


def _file_under(array: Any) -> mmap.mmap | None:
    """The mapping that an array is a view of; None for an array in memory."""
    while array is not None and not isinstance(array, mmap.mmap):
        array = getattr(array, "base", None)
    return array


def _mapped(file: Path) -> NDArray[Any]:
    return np.asarray(np.load(file, mmap_mode="r"))
