"""knowledge.parts: two clauses with a subject and a verb each are two problems, however short the message is."""

import pytest

from knowledge.parts import parts_of
from knowledge.words import Words

EN = Words.of("en")


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("my tv has no picture and I was charged twice", ("my tv has no picture", "I was charged twice")),
        ("I was charged twice and my tv has no picture", ("I was charged twice", "my tv has no picture")),
        ("my tv is black and my bill is wrong", ("my tv is black", "my bill is wrong")),
        ("My wifi keeps dropping, and my bill is too high", ("My wifi keeps dropping", "my bill is too high")),
        ("my mobile has no signal and you charged me twice", ("my mobile has no signal", "you charged me twice")),
        ("I can't log in and my bill is wrong", ("I can't log in", "my bill is wrong")),
        ("I can't log in and I was charged twice", ("I can't log in", "I was charged twice")),
        ("my phone won't charge and also my internet is slow", ("my phone won't charge", "my internet is slow")),
        ("my sim isn't recognised also my bill is wrong", ("my sim isn't recognised", "my bill is wrong")),
        ("the broadband is down and I've been billed again", ("the broadband is down", "I've been billed again")),
        (
            "there's no sound on the telly and I was double charged",
            ("there's no sound on the telly", "I was double charged"),
        ),
        ("our landline is dead and my refund hasn't arrived", ("our landline is dead", "my refund hasn't arrived")),
        (
            "my tv is black since the storm and my bill went up and my sim doesn't work",
            ("my tv is black since the storm", "my bill went up", "my sim doesn't work"),
        ),
    ],
)
def test_two_clauses_with_subjects_of_their_own_are_two_problems(said: str, parts: tuple[str, ...]) -> None:
    assert parts_of(said, EN) == parts


@pytest.mark.parametrize(
    "said",
    [
        "my phone has no signal and no data",
        "I paid and it still says overdue",
        "wifi and tv don't work",
        "my wifi and my tv don't work",
        "my tv has no picture and no sound",
        "my tv is black and the tv says no signal",
        "my tv is black and it was fine yesterday",
        "my phone is broken and I need a new one",
        "my internet is down and I work from home",
        "my card was declined and I can't pay my bill",
        "I restarted the router and my internet is still slow",
        "I have paid my bill and my phone is barred",
        "I changed my plan and my bill is higher",
        "my son and my daughter have no signal",
        "my broadband is slow and keeps dropping",
        "the router light is red and the internet doesn't work",
        "the engineer came and he said it is fine",
        "how do I cancel and get a refund",
    ],
)
def test_one_problem_in_more_words_is_one(said: str) -> None:
    assert parts_of(said, EN) == ()
