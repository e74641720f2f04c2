"""Test questions that the articles know already."""

import numpy as np

from knowledge.overlap import overlap
from tests.knowledge.told import vector

KNOWN = ("slow internet", "tv black")


def told(*texts: str) -> tuple[set[str], set[str]]:
    found = overlap(
        texts, np.stack([vector(text) for text in texts]), KNOWN, np.stack([vector(text) for text in KNOWN])
    )
    return set(found.equal), set(found.near)


def test_the_same_words_are_equal_whatever_their_spaces_and_punctuation() -> None:
    assert told("slow internet?!", "tv  black") == ({"slow internet?!", "tv  black"}, set())


def test_what_is_meant_nearly_word_for_word_is_near() -> None:
    assert told("slow internets") == (set(), {"slow internets"})


def test_other_questions_stay() -> None:
    assert told("roaming abroad", "slow+tv internet") == (set(), set())


def test_where_nothing_is_known_nothing_is_left_out() -> None:
    assert overlap(["slow"], np.ones((1, 2), np.float32), [], np.zeros((0, 2), np.float32)).texts == frozenset()
