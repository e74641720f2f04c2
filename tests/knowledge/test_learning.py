"""Weights learned from examples: what tells right from wrong weighs, and nobody is judged by themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.learning import held_out_chances, learn_chance, learn_choice
from knowledge.lexicon import Numbers

TELLS, HINTS, NOISE = range(3)  # places of the numbers below


def choices(count: int = 80, seed: int = 0) -> tuple[list[Numbers], list[int]]:
    """Of two to five candidates: the first number tells which is right, the second hints at it, the third is noise."""
    chance = np.random.default_rng(seed)
    candidates, right = [], []
    for _ in range(count):
        rows = chance.normal(size=(chance.integers(2, 6), 3)).astype(np.float32)
        chosen = int(chance.integers(len(rows)))
        rows[chosen] += (2.0, 0.4, 0.0)
        candidates.append(rows)
        right.append(chosen)
    return candidates, right


def test_what_tells_right_from_wrong_weighs_most() -> None:
    candidates, right = choices(300)

    weights = learn_choice(candidates, right, [1.0] * len(right)).weights

    assert weights[TELLS] > weights[HINTS] > abs(weights[NOISE])


def test_a_number_that_is_higher_for_wrong_ones_weighs_against() -> None:
    candidates, right = choices()

    weights = learn_choice([-rows for rows in candidates], right, [1.0] * len(right)).weights

    assert weights[TELLS] < 0


def test_the_right_one_gets_the_highest_score() -> None:
    candidates, right = choices()

    weights = learn_choice(candidates, right, [1.0] * len(right))

    others, other_right = choices(seed=1)
    first = [int(weights.score(rows).argmax()) == chosen for rows, chosen in zip(others, other_right, strict=True)]
    assert np.mean(first) > 0.7


@settings(max_examples=10)
@given(st.lists(st.integers(-50, 50), min_size=3, max_size=3))
def test_a_constant_added_to_a_number_changes_no_score(constants: list[int]) -> None:
    candidates, right = choices(40)
    moved = [rows + np.asarray(constants, dtype=np.float32) for rows in candidates]

    before, after = (learn_choice(some, right, [1.0] * len(right)) for some in (candidates, moved))

    assert after.weights == pytest.approx(before.weights, abs=1e-2)
    assert after.score(moved[0]) == pytest.approx(before.score(candidates[0]), abs=5e-2)


def test_of_examples_that_contradict_the_heavier_ones_decide() -> None:
    candidates = [np.asarray([[1.0], [0.0]], dtype=np.float32)] * 20
    right = [0, 1] * 10

    weights = learn_choice(candidates, right, [5.0, 1.0] * 10).weights

    assert weights[0] > 0


def test_a_number_that_is_always_the_same_does_no_harm() -> None:
    candidates, right = choices()
    same = [np.column_stack([rows, np.ones(len(rows), dtype=np.float32)]) for rows in candidates]

    weights = learn_choice(same, right, [1.0] * len(right)).weights

    assert np.isfinite(weights).all()
    assert weights[3] == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("truth", "low", "high"), [(True, 0.99, 1.0), (False, 0.0, 0.01)])
def test_where_there_is_nothing_to_tell_apart_the_chance_is_certain(truth: bool, low: float, high: float) -> None:
    facts = np.arange(20, dtype=np.float32).reshape(10, 2)

    weights = learn_chance(facts, np.full(10, truth), np.ones(10, dtype=np.float32))

    assert ((weights.chance(facts * 100) >= low) & (weights.chance(facts * 100) <= high)).all()


def test_numbers_that_say_nothing_give_the_share_of_what_is_true() -> None:
    facts, truth = np.ones((40, 2), dtype=np.float32), np.arange(40) < 10

    weights = learn_chance(facts, truth, np.ones(40, dtype=np.float32))

    assert weights.chance(facts) == pytest.approx(np.full(40, 0.25), abs=0.01)


def test_weight_moves_the_chance_as_more_examples_would() -> None:
    facts, truth = np.ones((40, 1), dtype=np.float32), np.arange(40) < 10

    weights = learn_chance(facts, truth, np.where(truth, 3, 1).astype(np.float32))

    assert weights.chance(facts[:1]) == pytest.approx([0.5], abs=0.01)


def test_a_truth_of_no_weight_at_all_is_survived() -> None:
    facts, truth = np.arange(40, dtype=np.float32)[:, None], np.arange(40) >= 20

    weights = learn_chance(facts, truth, truth.astype(np.float32))

    assert (weights.chance(facts[20:]) > 0.9).all()


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.integers(0, 11))
def test_no_group_is_judged_by_what_it_says_itself(seed: int, group: int) -> None:
    """Telling the opposite about a group changes what is thought of others, never of itself."""
    chance = np.random.default_rng(seed)
    groups = np.arange(60) % 12
    facts, truth = chance.normal(size=(60, 3)).astype(np.float32), chance.random(60) < 0.5
    own, weight = groups == group, np.ones(60, dtype=np.float32)

    before = held_out_chances(facts, truth, weight, groups)
    after = held_out_chances(facts, truth ^ own, weight, groups)

    assert after[own] == pytest.approx(before[own], abs=1e-9)
    assert not np.allclose(after, before)


def test_what_is_true_of_one_group_only_cannot_be_foreseen() -> None:
    groups = np.repeat(np.arange(10), 6)
    facts = np.eye(10, dtype=np.float32)[groups]  # a number of its own for each group
    truth = groups == 3

    chances = held_out_chances(facts, truth, np.ones(60, dtype=np.float32), groups)

    assert chances[truth].max() < 0.5


def test_a_single_group_has_nobody_else_to_be_judged_by() -> None:
    facts, truth = np.arange(8, dtype=np.float32)[:, None], np.arange(8) > 3

    chances = held_out_chances(facts, truth, np.ones(8, dtype=np.float32), np.zeros(8, dtype=np.int64))

    assert chances[7] > chances[0]
