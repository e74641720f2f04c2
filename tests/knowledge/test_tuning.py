"""Teaching the real model: texts of one owner move together, and the same lessons give the same model."""

from functools import cache

import numpy as np
import pytest

from knowledge.encoder import FullModel
from knowledge.lexicon import Numbers
from knowledge.tuning import NOBODY, Course, tune
from tests.knowledge.some_texts import ABOUT_NOTHING, BY_LABEL

pytestmark = pytest.mark.slow  # all of it loads PyTorch and the model
COURSE = Course(rounds=1, fewest_steps=12, batch=30, seed=3)
OWNERS = ("slow", "puk", "tv")
TEXTS = [f"{before}{text}" for label in OWNERS for text in BY_LABEL[label] for before in ("", "help ", "hello ", "so ")]
OWNER = np.repeat(np.arange(3, dtype=np.int32), 20)


@cache
def vectors(seed: int | None, *, time: int = 0) -> Numbers:
    """Of the taught model; of the untaught one without a seed."""
    model = FullModel()
    if seed is not None:
        tune(model, [*TEXTS, *ABOUT_NOTHING], with_nobody(), Course(rounds=1, fewest_steps=12, batch=30, seed=seed))
    return model.encode(TEXTS)


def with_nobody() -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.asarray([*OWNER, *(NOBODY for _ in ABOUT_NOTHING)], dtype=np.int32)


def nearness(of: Numbers) -> float:
    """How near texts of one owner are to each other, as a mean cosine."""
    return float((of @ of.T)[OWNER[:, None] == OWNER[None]].mean())


def share_at_home(of: Numbers) -> float:
    """Of texts that are nearest to the middle of their own owner."""
    middles = np.stack([of[owner == OWNER].mean(axis=0) for owner in range(3)])
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    return float(((of @ middles.T).argmax(axis=1) == OWNER).mean())


def test_texts_of_one_owner_move_nearer_together_and_stay_apart_from_others() -> None:
    before, after = vectors(None), vectors(3)

    assert nearness(after) > nearness(before) + 0.1
    assert share_at_home(after) >= share_at_home(before)


def test_the_same_seed_gives_the_same_model() -> None:
    assert np.abs(vectors(3) - vectors(3, time=1)).max() < 1e-3


@pytest.mark.parametrize(
    "owner", [np.zeros(4, dtype=np.int32), np.asarray([0, 1, 2, 3]), np.asarray([0, 0, 1, NOBODY])]
)
def test_with_fewer_than_two_owners_of_two_texts_nothing_changes(
    owner: np.ndarray[tuple[int], np.dtype[np.int32]],
) -> None:
    model = FullModel()
    before = model.encode(TEXTS[:4])

    assert tune(model, TEXTS[:4], owner, COURSE) == 0

    assert np.array_equal(model.encode(TEXTS[:4]), before)
