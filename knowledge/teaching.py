"""A model taught on example questions, and questions it was not taught, to measure what the teaching is worth."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import FullModel
from knowledge.index import Index
from knowledge.rows import Owner, Places
from knowledge.samples import Encode, Part
from knowledge.tuning import NOBODY, Course, tune

NONE: Places = np.zeros(0, dtype=np.int64)
_CROSSED_UP_TO = 3000  # texts; more are split once instead of four times, because teaching takes minutes
FOLDS = 4
_LEFT_OUT = 4  # of the owners one in so many is unknown to the model of a fold, as what customers ask may be


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a model is taught: texts, each with its owner, and texts that belong to nobody."""

    texts: Sequence[str]
    owner: Owner
    nothing: Sequence[str]
    askable: Places  # rows that are questions; the others are never held back


MakeIndex = Callable[[Encode], Index]
Say = Callable[[str], None]


def teach(
    name: str, lessons: Lessons, make_index: MakeIndex, course: Course, say: Say
) -> tuple[FullModel, list[tuple[Part, Encode]]]:
    """The taught model; and parts of the questions, each beside an index and an encoder that never saw them.

    Up to 3,000 texts the questions are held back in turn, and the model is taught once more on all of them. Above,
    a fifth is held back and what was taught on the others is the model.
    """
    if len(lessons.texts) > _CROSSED_UP_TO:
        held = every(5, lessons.askable, course.seed)
        model = taught(name, lessons, course, say, held)
        return model, [(_part(model.encode, lessons, held, make_index), model.encode)]
    measured: list[tuple[Part, Encode]] = []
    for number in range(FOLDS):
        say(f"Teaching for measuring, {number + 1} of {FOLDS} ...")
        held = fold(lessons, number, course.seed)
        encode = taught(name, lessons, course, say, held).encode
        measured.append((_part(encode, lessons, held, make_index), encode))
    say("Teaching on all questions ...")
    return taught(name, lessons, course, say), measured


def taught(name: str, lessons: Lessons, course: Course, say: Say, held: Places = NONE) -> FullModel:
    """The model taught on all texts but those held back."""
    model = FullModel(name)
    kept = np.ones(len(lessons.texts), dtype=np.bool_)
    kept[held] = False
    texts = [text for text, keep in zip(lessons.texts, kept, strict=True) if keep]
    owner = np.concatenate([lessons.owner[kept], np.full(len(lessons.nothing), NOBODY, dtype=np.int32)])
    tune(model, [*texts, *lessons.nothing], owner, course, say)
    return model


def _part(encode: Encode, lessons: Lessons, held: Places, make_index: MakeIndex) -> Part:
    texts = [lessons.texts[row] for row in held]
    index = make_index(encode)
    vectors = index.wordings.vectors_of(held)
    return Part(index.without(held, texts), held, texts, vectors, lessons.owner[held])


def fold(lessons: Lessons, number: int, seed: int) -> Places:
    """A quarter of each owner's questions, and all texts of some owners."""
    left_out = np.flatnonzero(np.arange(lessons.owner.max() + 1) % (FOLDS * _LEFT_OUT) == number * _LEFT_OUT)
    chance = np.random.default_rng(seed)
    runs = [chance.permutation(FOLDS) for _ in range(0, max(len(lessons.askable), 1), FOLDS)]
    turn: NDArray[np.int64] = np.concatenate(runs)[: len(lessons.askable)]
    unknown = np.flatnonzero(np.isin(lessons.owner, left_out)) if lessons.owner.max() >= _LEFT_OUT else ()
    return np.union1d(lessons.askable[turn == number], np.asarray(unknown, dtype=np.int64))


def every(one_in: int, rows: Places, seed: int) -> Places:
    """One row in so many, evenly and by chance."""
    chance = np.random.default_rng(seed)
    runs = [chance.permutation(one_in) for _ in range(0, max(len(rows), 1), one_in)]
    chosen: Places = rows[np.concatenate(runs)[: len(rows)] == 0]
    return chosen
