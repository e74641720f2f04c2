"""Wishes that mean the same are found by the model that serves, on a scale measured with labelled ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.encoder import Encoder, FullModel
from knowledge.findings import Wish
from knowledge.same_wish import WishScale, likely, matches, scale_of
from knowledge.wishes import WishList, labelled

SCALE = WishScale(sure=0.9, likely=0.5)


def vectors(*degrees: float) -> np.ndarray:
    return np.asarray([[np.cos(np.radians(one)), np.sin(np.radians(one))] for one in degrees], dtype=np.float32)


def named(*askers: int) -> list[Wish]:
    return [Wish(f"w{number}", "a wish", count) for number, count in enumerate(askers)]


def pairs(*askers: int, at: tuple[float, ...]) -> list[tuple[str, str, bool]]:
    return [(one.reference, one.to, one.is_sure) for one in matches(named(*askers), vectors(*at), SCALE)]


def test_what_is_likely_the_same_comes_nearest_first_and_the_rest_not_at_all() -> None:
    text, *others = vectors(0, 50, 80, 10)

    assert likely(text, np.asarray(others), SCALE) == [2, 0]
    assert likely(text, np.asarray([]), SCALE) == []


def test_a_later_wish_comes_to_the_nearest_earlier_one() -> None:
    assert pairs(1, 1, 1, at=(0, 90, 80)) == [("w2", "w1", True)]


def test_what_is_between_sure_and_far_is_for_a_person() -> None:
    assert pairs(1, 1, 1, at=(0, 45, 120)) == [("w1", "w0", False)]


def test_a_wish_of_many_stays_and_an_earlier_one_comes_to_it() -> None:
    assert pairs(1, 3, at=(0, 5)) == [("w0", "w1", True)]
    assert pairs(2, 3, at=(0, 5)) == []


def test_nobody_comes_to_a_wish_that_has_come_to_another() -> None:
    found = pairs(1, 1, 1, at=(0, 20, 30))

    assert ("w1", "w0", True) in found
    assert [to for _, to, _ in found] == ["w0", "w0"]


@given(st.lists(st.tuples(st.floats(0, 360), st.integers(1, 3)), max_size=12))
def test_whatever_is_asked_links_are_one_deep(wishes: list[tuple[float, int]]) -> None:
    found = pairs(*(askers for _, askers in wishes), at=tuple(at for at, _ in wishes)) if wishes else []
    sure = {reference: to for reference, to, is_sure in found if is_sure}

    assert len(found) == len({reference for reference, _, _ in found})
    assert not sure.keys() & set(sure.values())


def test_sure_is_above_every_pair_of_different_wishes() -> None:
    scale = scale_of(vectors(0, 10, 60, 66), ["a", "a", "b", "b"])

    assert scale.sure == pytest.approx(np.cos(np.radians(50)) + 0.03, abs=1e-5)
    assert scale.likely <= scale.sure


@pytest.mark.slow
async def test_of_labelled_wishes_what_is_linked_is_right_and_most_are_found() -> None:
    encoder = Encoder(FullModel())
    texts, groups = labelled()

    found = await WishList(lambda: encoder).same([Wish(str(row), text) for row, text in enumerate(texts)])

    encoder.close()
    right = [match for match in found if groups[int(match.reference)] == groups[int(match.to)]]
    joinable = len(texts) - len(set(groups))
    sure = [match for match in found if match.is_sure]
    assert len(texts) >= 60
    assert set(map(id, sure)) <= set(map(id, right))
    assert len(sure) >= 0.3 * joinable
    assert len(right) >= 0.85 * joinable
