"""Errors made on purpose: repeatable, about as many as asked for, and never so many that nothing is left."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.noise import misheard, mistyped

LONG = "my broadband router keeps dropping the connection every evening since the engineer was here " * 40
TEXTS = st.text(st.sampled_from("abcdefgh ORST.,!?'-0189é"), min_size=1, max_size=40).filter(lambda text: text.strip())
SHARES = st.sampled_from([0.0, 0.03, 0.1, 0.5, 1.0])
WAYS = pytest.mark.parametrize("errors", [mistyped, misheard])


def words_kept(text: str, wrong: str) -> float:
    """The share of the words of `text` that are still there, in their order."""
    before, after = text.split(), wrong.split()
    lengths = np.zeros((len(before) + 1, len(after) + 1), dtype=int)
    for place, word in enumerate(before):
        for other, heard in enumerate(after):
            better = max(lengths[place, other + 1], lengths[place + 1, other])
            lengths[place + 1, other + 1] = lengths[place, other] + 1 if word == heard else better
    return float(lengths[-1, -1] / len(before))


@given(TEXTS, SHARES, st.integers(0, 1000))
def test_the_same_text_and_seed_give_the_same_errors(text: str, share: float, seed: int) -> None:
    assert mistyped(text, share, seed) == mistyped(text, share, seed)
    assert misheard(text, share, seed) == misheard(text, share, seed)


@WAYS
def test_another_seed_gives_other_errors(errors: Callable[[str, float, int], str]) -> None:
    assert errors(LONG, 0.1, 1) != errors(LONG, 0.1, 2)


@given(TEXTS)
def test_no_share_gives_no_errors(text: str) -> None:
    assert mistyped(text, 0) == text


@pytest.mark.parametrize("share", [0.03, 0.1, 0.3])
def test_about_that_share_of_letters_is_mistyped(share: float) -> None:
    """Each error spoils one word of about 5.7 letters, or two where a swap is undone; the words left whole tell it."""
    letters = np.mean([len(word) for word in LONG.split()])

    kept = words_kept(LONG, mistyped(LONG, share))

    assert kept == pytest.approx((1 - share) ** letters, abs=0.1)


@pytest.mark.parametrize("share", [0.03, 0.1, 0.3])
def test_about_that_share_of_words_is_misheard(share: float) -> None:
    """A fifth of the errors is a filler, which leaves the word there."""
    kept = words_kept(LONG, misheard(LONG, share))

    assert kept == pytest.approx(1 - 0.8 * share, abs=0.06)


@given(TEXTS, SHARES, st.integers(0, 1000))
def test_what_is_heard_has_small_letters_and_no_punctuation(text: str, share: float, seed: int) -> None:
    heard = misheard(text, share, seed)

    if any(letter.isalnum() for letter in text):
        assert heard == heard.lower()
        assert all(letter.isalnum() or letter in " '" for letter in heard)
        assert heard == " ".join(heard.split())


@given(TEXTS, SHARES, st.integers(0, 1000))
def test_something_is_always_left(text: str, share: float, seed: int) -> None:
    assert mistyped(text, share, seed).strip()
    assert misheard(text, share, seed).strip()


@pytest.mark.parametrize("seed", range(20))
def test_even_of_two_short_words_something_is_heard(seed: int) -> None:
    assert misheard("It is", 1.0, seed).strip()
