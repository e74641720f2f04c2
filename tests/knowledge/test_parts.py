"""A long message in parts, and which of them speaks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.judge import Ranking, Thresholds
from knowledge.parts import OTHERS_AT_MOST, choose_part, nearly_sure, parts_of
from knowledge.words import Words

EN = Words.of("en")
THRESHOLDS = Thresholds(answer=0.8, ask_back=0.4)
WORDS = st.sampled_from(
    [
        "my",
        "tv",
        "is",
        "black",
        "the",
        "bill",
        "wrong",
        "also",
        "and also",
        "plus",
        "by the way",
        ".",
        ",",
        "!",
        "?",
        "\n",
        "-",
    ]
)


def ranking(place: int, sure: float = 0.9) -> Ranking:
    """That article first, every other one behind it."""
    others = tuple(other for other in range(5) if other != place)
    return Ranking((place, *others), (0.6, 0.1, 0.1, 0.1, 0.1), sure, 1.0, 1.0)


@pytest.mark.parametrize("said", ["", "tv", "my tv is black. what now?", "internet is slow and also my tv is black"])
def test_a_short_message_holds_one_thing(said: str) -> None:
    assert parts_of(said, EN) == ()


def test_sentences_are_parts() -> None:
    said = "I moved house last week. My internet is very slow! What does it cost to fix?"

    assert parts_of(said, EN) == (
        "I moved house last week",
        "My internet is very slow!",
        "What does it cost to fix?",
    )


@pytest.mark.parametrize("joining", [" and also ", ", also ", " - by the way, ", " plus "])
def test_what_also_begins_is_a_part(joining: str) -> None:
    said = f"my internet is slow every single evening{joining}the bill is wrong again"

    assert parts_of(said, EN) == ("my internet is slow every single evening", "the bill is wrong again")


def test_a_long_sentence_is_one_part() -> None:
    assert parts_of("my internet is slow every evening when the children watch films upstairs", EN) == ()


def test_of_many_parts_the_four_longest_stay_in_their_order() -> None:
    said = (
        "My tv is black. The remote control does not do anything. I see. My bill is wrong for the third time. "
        "It is cold. The engineer did not come on Friday. My broadband is slow upstairs every evening."
    )

    assert parts_of(said, EN) == (
        "The remote control does not do anything",
        "My bill is wrong for the third time",
        "The engineer did not come on Friday",
        "My broadband is slow upstairs every evening",
    )


def test_who_repeats_a_sentence_has_said_it_once() -> None:
    said = "My tv is black. My tv is black. My tv is black. The bill is wrong."

    assert parts_of(said, EN) == ("My tv is black", "The bill is wrong")


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_parts_are_what_was_said(said: str) -> None:
    parts = parts_of(said, EN)

    assert all(part in said for part in parts)
    assert len(parts) <= 4
    assert len(parts) != 1 or len(set(said.split("."))) < len(said.split("."))
    assert all(len(part.split()) >= 3 for part in parts)


def test_two_sure_parts_about_different_articles_are_two_problems_and_the_first_is_taken() -> None:
    assert choose_part(ranking(2), [ranking(1), ranking(2)], THRESHOLDS) == (0, [1])


def test_the_first_is_taken_even_when_something_else_was_said_before() -> None:
    assert choose_part(ranking(2), [ranking(0, 0.1), ranking(1), ranking(2)], THRESHOLDS) == (1, [2])


def test_no_more_other_problems_are_kept_than_can_be_told() -> None:
    speaks, others = choose_part(ranking(0), [ranking(place) for place in range(4)], THRESHOLDS)

    assert (speaks, len(others)) == (0, OTHERS_AT_MOST)


def test_two_sure_parts_about_the_same_article_are_one_problem() -> None:
    assert choose_part(ranking(1), [ranking(1), ranking(1)], THRESHOLDS) == (None, [])


def test_a_story_around_one_problem_lets_the_problem_speak() -> None:
    assert choose_part(ranking(1, 0.3), [ranking(0, 0.2), ranking(1, 0.95), ranking(3, 0.1)], THRESHOLDS) == (1, [])


def test_a_message_that_is_sure_as_a_whole_speaks_for_itself() -> None:
    assert choose_part(ranking(1, 0.9), [ranking(1, 0.99), ranking(3, 0.1)], THRESHOLDS) == (None, [])


def test_a_part_that_the_whole_does_not_point_to_at_all_does_not_speak() -> None:
    assert choose_part(ranking(1, 0.3), [ranking(77), ranking(0, 0.2)], THRESHOLDS) == (None, [])


def test_a_part_is_nearly_sure_where_the_message_points_to_its_article_too() -> None:
    strict = Thresholds(answer=0.95, ask_back=0.4)
    rankings = [ranking(1, 0.9), ranking(2, 0.5), None, ranking(77, 0.9), ranking(0, 0.97)]

    assert nearly_sure(ranking(1, 0.3), rankings, strict) == [0]
    assert nearly_sure(Ranking((), (), 0.0, 0.0, 1.0), rankings, strict) == []


def test_a_part_without_a_ranking_neither_speaks_nor_waits() -> None:
    assert choose_part(ranking(1, 0.3), [None, ranking(1)], THRESHOLDS) == (1, [])
    assert choose_part(ranking(1, 0.3), [None, None], THRESHOLDS) == (None, [])


def test_without_parts_or_without_any_article_the_message_speaks() -> None:
    nobody = Ranking((), (), 0.0, 0.0, 1.0)

    assert choose_part(ranking(1, 0.3), [], THRESHOLDS) == (None, [])
    assert choose_part(nobody, [nobody, nobody], THRESHOLDS) == (None, [])


def test_a_part_about_something_else_altogether_is_not_sure() -> None:
    off_topic = Ranking((1, 0), (0.6, 0.4), 0.99, 1.0, 0.1)

    assert choose_part(ranking(1, 0.3), [off_topic, ranking(0, 0.1)], THRESHOLDS) == (None, [])
