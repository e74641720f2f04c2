"""What sets owners apart is learned from their wordings' vectors, in a few steps that are always the same."""

import numpy as np
import pytest

from knowledge import classifier as classifier_module
from knowledge.classifier import Classifier
from knowledge.index import Index
from knowledge.lexicon import Numbers
from knowledge.rows import Owner
from knowledge.samples import Strangers
from tests.knowledge.small_world import unit_vectors

EVERY = np.arange(3)


def alike_but_for_one_number(count: int = 60) -> tuple[Numbers, Owner]:
    """Vectors of three owners that differ far more within an owner than between owners."""
    owner = np.arange(count, dtype=np.int32) % 3
    vectors = unit_vectors(count, 24)
    vectors[:, :3] = 0.25 * np.eye(3, dtype=np.float32)[owner]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32), owner


def test_it_learns_what_the_nearest_wording_does_not_tell() -> None:
    vectors, owner = alike_but_for_one_number(120)
    known, asked = slice(0, 90), slice(90, 120)
    learned = Classifier.learn(vectors[known], owner[known], 3)

    by_classifier = np.asarray([learned.lean(vector, EVERY).argmax() for vector in vectors[asked]])
    by_nearest = owner[known][(vectors[asked] @ vectors[known].T).argmax(axis=1)]

    assert (by_classifier == owner[asked]).mean() > (by_nearest == owner[asked]).mean() + 0.2


def test_it_is_the_same_each_time_and_another_with_another_seed() -> None:
    vectors, owner = alike_but_for_one_number()

    once, again = (Classifier.learn(vectors, owner, 3) for _ in range(2))

    assert np.array_equal(once.weights, again.weights)
    assert not np.array_equal(once.weights, Classifier.learn(vectors, owner, 3, seed=1).weights)


def test_nothing_leans_most_to_an_owner_without_a_wording() -> None:
    vectors, owner = alike_but_for_one_number()

    learned = Classifier.learn(vectors[owner < 2], owner[owner < 2], 3)

    assert all(learned.lean(vector, EVERY).argmax() != 2 for vector in vectors[owner < 2])


def test_only_the_owners_asked_about_are_told_of() -> None:
    vectors, owner = alike_but_for_one_number()
    learned = Classifier.learn(vectors, owner, 3)

    some = learned.lean(vectors[0], np.asarray([2, 0]))

    assert some == pytest.approx(learned.lean(vectors[0], EVERY)[[2, 0]])


def test_too_many_owners_are_not_learned_and_nothing_leans_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier_module, "OWNERS_AT_MOST", 2)
    vectors, owner = alike_but_for_one_number()

    learned = Classifier.learn(vectors, owner, 3)

    assert learned.weights.size == 0
    assert learned.lean(vectors[0], EVERY).tolist() == [0, 0, 0]


def test_a_text_of_nobody_is_not_judged_by_who_knows_whose_it_is() -> None:
    """Who has learned its owner knows that it is none of the others'; who has not is as unsure as of any text."""
    vectors, owner = alike_but_for_one_number()
    order = np.argsort(owner, kind="stable")
    vectors, owner = vectors[order], owner[order]
    wordings = [[f"wording {row}" for row in np.flatnonzero(owner == each)] for each in range(3)]
    index = Index.of(wordings, vectors, vectors[:0])
    strangers = Strangers(index, range(3))
    others = np.asarray([0, 1])
    of_two = vectors[owner == 2]

    knowing = [index.classifier.lean(vector, others).max() for vector in of_two]
    unknowing = [strangers.beside(index, 2).classifier.lean(vector, others).max() for vector in of_two]

    assert np.mean(unknowing) > np.mean(knowing) + 1
    assert strangers.beside(index, 0).classifier is not strangers.beside(index, 2).classifier


def test_one_owner_alone_is_learned_without_anything_to_tell_it_from() -> None:
    vectors, owner = alike_but_for_one_number()

    learned = Classifier.learn(vectors[owner == 0], owner[owner == 0], 1)

    assert np.isfinite(learned.lean(vectors[0], np.asarray([0]))).all()
