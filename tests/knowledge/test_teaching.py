"""Which texts a model is not taught, so that they can show what the teaching is worth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.teaching import Lessons, every, fold


@given(st.integers(0, 60), st.integers(2, 6), st.integers(0, 100))
def test_one_row_in_so_many_is_chosen_evenly(count: int, one_in: int, seed: int) -> None:
    rows = np.arange(100, 100 + count)

    chosen = every(one_in, rows, seed)

    runs = [sum(begin <= row - 100 < begin + one_in for row in chosen) for begin in range(0, count, one_in)]
    assert runs[: count // one_in] == [1] * (count // one_in)
    assert set(chosen.tolist()) <= set(rows.tolist())
    assert every(one_in, rows, seed).tolist() == chosen.tolist()


def lessons(owners: int, each: int) -> Lessons:
    """The last text of each owner is no question."""
    owner = np.repeat(np.arange(owners, dtype=np.int32), each)
    askable = np.flatnonzero(np.arange(len(owner)) % each != each - 1)
    return Lessons([f"text {row}" for row in range(len(owner))], owner, (), askable)


@pytest.mark.parametrize("owners", [2, 4])
def test_of_few_owners_each_question_is_held_back_once(owners: int) -> None:
    some = lessons(owners, 9)

    held = np.concatenate([fold(some, number, 0) for number in range(4)])

    assert sorted(held.tolist()) == some.askable.tolist()


def test_of_many_owners_some_are_unknown_to_the_model_of_a_fold() -> None:
    some = lessons(40, 9)

    for number in range(4):
        held = set(fold(some, number, 0).tolist())
        unknown = [owner for owner in range(40) if set(np.flatnonzero(some.owner == owner).tolist()) <= held]
        assert len(unknown) in (2, 3)
        assert all(owner % 16 == number * 4 for owner in unknown)
        assert set(some.askable.tolist()) & held
