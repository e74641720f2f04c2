"""What is left of a text for somebody who may not know who wrote it."""

import pytest

from escalation import policy
from escalation.masking import Mask, without_identity

WORDS = policy.load().masking


def masked(text: str, *others: str, known: str | None = None) -> str:
    return Mask.of(WORDS, [text, *others], [known]).text(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("call me on 07700 900 123 please", "call me on [number] please"),
        ("my account 10023456 is wrong", "my account [number] is wrong"),
        ("write to jo.smith@example.com.", "write to [e-mail]."),
        ("I live at LF1 2AB now", "I live at [postcode] now"),
        ("I pay 30 pounds for 500 mbit since 2024", "I pay 30 pounds for 500 mbit since 2024"),
        ("my 5g and my wifi 6", "my 5g and my wifi 6"),
    ],
)
def test_who_asked_is_taken_out_of_the_words(text: str, left: str) -> None:
    assert without_identity(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("My name is Jo Smith", "My name is [name] [name]"),
        ("my name is jo and my line is dead", "my name is [name] and my line is dead"),
        ("Hello Jane, the engineer comes", "Hello [name], the engineer comes"),
        ("Hello, my internet is slow", "Hello, my internet is slow"),
        ("I am at 12 Mill Lane, flat 3", "I am at [address], [address]"),
        ("ring 020 7946 0018 or mail jo@example.com", "ring [number] or mail [e-mail]"),
        ("ring (020) - 7946 - 0018 now", "ring [number] now"),
        ("I'm Müller-Lüdenscheid, at LF1 2AB", "I'm [name], at [postcode]"),
        ("the hub 5 is red since 9:30", "the hub 5 is red since 9:30"),
        ("I pay 30 pounds for 500 mbit since 2024", "I pay 30 pounds for 500 mbit since 2024"),
    ],
)
def test_names_numbers_and_addresses_are_masked_and_the_problem_stays(text: str, left: str) -> None:
    assert masked(text) == left


def test_a_name_that_was_given_once_is_masked_everywhere() -> None:
    assert masked("Smith is not at home, jo either", "my name is Jo Smith") == "[name] is not at home, [name] either"


def test_a_name_inside_another_word_stays() -> None:
    assert masked("the joint is broken", "my name is Jo Smith") == "the joint is broken"


def test_what_the_ticket_knows_is_masked_as_it_is_written() -> None:
    assert masked("account C-1004 of him", known="C-1004") == "account [hidden] of him"


def test_every_text_of_a_value_is_masked_and_its_shape_stays() -> None:
    mask = Mask.of(WORDS, [], ["C-1004"])

    assert mask.value({"who": ["C-1004", 7], "sure": 0.5}) == {"who": ["[hidden]", 7], "sure": 0.5}
