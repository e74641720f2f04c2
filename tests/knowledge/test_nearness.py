"""How near is near."""

import numpy as np
import pytest

from knowledge.nearness import NEAR, TOGETHER, Examples, Scale, centre, distinct, grouped, scale_of, strays
from tests.knowledge.told import examples, vector


def scattered(spread: float, *, articles: int = 30, each: int = 10) -> Examples:
    """Articles in random directions, their questions around them at about `spread`."""
    chance = np.random.default_rng(7)
    middles = np.repeat(chance.normal(size=(articles, 64)), each, axis=0)
    rows = middles + spread * chance.normal(size=middles.shape)
    names = tuple(f"a{number // each}" for number in range(len(rows)))
    unit = np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)
    return Examples(names, names, unit, {})


def test_questions_farther_apart_move_the_scale() -> None:
    tight, loose = scale_of(scattered(0.3)), scale_of(scattered(0.8))

    assert tight.together < loose.together
    assert tight.near > loose.near


def test_the_scale_puts_questions_back_into_their_articles() -> None:
    known = scattered(0.5)

    groups = grouped(known.vectors, scale_of(known).together)

    assert len(groups) == 30
    assert all(len({known.articles[row] for row in group}) == 1 for group in groups)


def test_a_few_questions_cannot_be_measured() -> None:
    assert scale_of(examples(slow=("slow a", "slow b"))) == Scale(TOGETHER, NEAR)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_to_compare_are_groups_by_themselves(count: int) -> None:
    assert grouped(np.ones((count, 4), dtype=np.float32), 0.5) == [[row] for row in range(count)]


def test_a_question_nearer_to_another_article_has_gone_astray() -> None:
    known = examples(slow=("slow a", "slow b", "tv a"), tv=("tv a", "tv b", "tv c"))

    assert [(stray.article, stray.nearer_to) for stray in strays(known)] == [("slow", "tv"), ("tv", "slow")]


def test_an_article_with_one_question_has_none_of_its_own_to_be_near() -> None:
    known = examples(slow=("slow a",), tv=("tv b", "tv c"))

    assert [(stray.article, stray.nearer_to) for stray in strays(known)] == [("slow", "tv")]


def test_the_centre_has_length_one() -> None:
    middle = centre(np.stack([vector("slow a"), vector("tv b")]))

    assert float(np.linalg.norm(middle)) == pytest.approx(1)


def test_texts_that_differ_in_capitals_and_spaces_are_one() -> None:
    assert distinct(["My  bill", "my bill", "TV"], 5) == ("My  bill", "TV")
    assert distinct(["a", "b", "c"], 2) == ("a", "b")
