"""References that are read out, typed, and mistyped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.reference import PREFIX, check_digit, new_reference, normalise

bodies = st.integers(1_000_000, 9_999_999).map(str)


def test_a_new_reference_passes_its_own_check() -> None:
    reference = new_reference()

    assert normalise(reference) == reference
    assert len(reference) == 11


@given(bodies)
def test_it_is_understood_however_it_is_written(body: str) -> None:
    digits = f"{body}{check_digit(body)}"

    for written in (digits, f"fl{digits}", f"FL {digits[:4]} {digits[4:]}", f" fl-{digits}. "):
        assert normalise(written) == f"{PREFIX}{digits}"


@given(bodies, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_found(body: str, place: int, shift: int) -> None:
    digits = f"{body}{check_digit(body)}"

    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]

    assert normalise(wrong) is None


@pytest.mark.parametrize("written", ["", "FL-", "FL-1234567", "FL-123456789", "١٢٣٤٥٦٧٨", "hello", "FL-12a45678"])
def test_what_is_no_reference_is_none(written: str) -> None:
    assert normalise(written) is None
