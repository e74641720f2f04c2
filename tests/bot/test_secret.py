"""bot.secret: while the assistant asks who somebody is, what is a fact and what are words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.secret import hides, spoken_figures


@pytest.mark.parametrize(
    "text",
    [
        "10023456",
        "100 234 56",
        "it's 10023456 thanks",
        "one double oh two three four five six",
        "10023456 LF1 4AB",
        "LF1 4AB",
        "lf14ab",
        "my postcode is LF1 4AB I think, or was it?",
        "L F one four A B",
        "3 May 1984",
        "May 3rd, 1984",
        "3/5/84",
        "3 5 1984",
        "I was born on the 3rd of May 1984, is that what you want?",
        "07700 900101",
        "four zero seven one",
        "my pin is 4071",
        "493021",
        "why do you need 10023456 again and again?",
    ],
)
def test_facts_codes_and_pins_are_secrets(text: str) -> None:
    assert hides(text, expects="secret", language="en")


@pytest.mark.parametrize("text", ["480271536904", "4802 7153 6904", "it says 480271", "four eight oh two seven one"])
def test_the_code_of_a_voucher_is_a_secret_also_when_it_is_not_whole(text: str) -> None:
    assert hides(text, expects="voucher", language="en")


@pytest.mark.parametrize("text", ["where do I find it?", "no", "I bought 2 of them", "it says 1234"])
def test_words_about_a_voucher_are_words(text: str) -> None:
    assert not hides(text, expects="voucher", language="en")


@pytest.mark.parametrize(
    "text",
    [
        "I don't have it",
        "oh I don't know",
        "a person please",
        "1",
        "why do you need that?",
        "how long does it take, 10 or 20 minutes?",
        "my internet has been slow for 2 days and now it is gone",
        "no one told me where to find it",
        "",
    ],
)
def test_questions_refusals_and_choices_are_words(text: str) -> None:
    assert not hides(text, expects="secret", language="en")


@pytest.mark.parametrize("expects", ["offer", "fact"])
def test_an_account_number_is_a_secret_wherever_it_is_offered_to_look_something_up(expects: str) -> None:
    assert hides("yes, 10023456", expects=expects, language="en")
    assert not hides("yes look at it", expects=expects, language="en")


@pytest.mark.parametrize("expects", [None, "text", "digits"])
def test_where_nothing_of_the_kind_is_asked_nothing_is_taken(expects: str | None) -> None:
    assert not hides("10023456", expects=expects, language="en")


@given(st.from_regex(r"\A\d{6,12}\Z"), st.text(st.characters(categories=["L", "Zs", "Po"]), max_size=60))
def test_no_words_around_a_long_number_make_it_visible(number: str, words: str) -> None:
    assert hides(f"{words} {number} {words}", expects="secret", language="en")


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("one double oh two three four five six", "10023456"),
        ("my number is 1002 3456", "my number is 10023456"),
        ("triple five", "555"),
        ("10023456 3 May 1984", "10023456 3 May 1984"),
    ],
)
def test_spoken_digits_are_figures(said: str, figures: str) -> None:
    assert spoken_figures(said, "en") == figures
