"""Account numbers, postcodes, dates and numbers in every usual writing."""

from datetime import date

import pytest

from subscriber import facts

TODAY = date(2026, 11, 22)
BORN = date(1984, 5, 3)


@pytest.mark.parametrize(
    "text", ["10023456", "1002 3456", "1002-3456", "1 0 0 2 3 4 5 6", "It is 10023456.", "account 10023456, I think"]
)
def test_an_account_number_is_found_in_any_writing(text: str) -> None:
    assert facts.account_number(text) == "10023456"


def test_a_text_without_digits_holds_no_account_number() -> None:
    assert facts.account_number("no idea") == ""


@pytest.mark.parametrize(
    "text",
    [
        "3 May 1984",
        "3rd of May 1984",
        "03 may 84",
        "May 3, 1984",
        "May 3rd 1984",
        "03051984",
        "030584",
        "03/05/1984",
        "3.5.1984",
        "03 05 1984",
        "1984-05-03",
        "19840503",
        "I was born on 3 May 1984",
    ],
)
def test_a_date_of_birth_is_found_in_any_writing(text: str) -> None:
    assert facts.dates(text, "GB", today=TODAY) == {BORN}


def test_in_the_united_states_the_month_comes_first() -> None:
    assert facts.dates("05/03/1984", "US", today=TODAY) == {BORN}


@pytest.mark.parametrize(
    "text", ["", "31 February 1984", "3 May 2099", "3 Foo 1984", "0305198", "LF1 4AB", "99/99/9999"]
)
def test_what_is_no_past_date_is_none(text: str) -> None:
    assert facts.dates(text, "GB", today=TODAY) == frozenset()


@pytest.mark.parametrize("text", ["LF1 4AB", "lf14ab", " lf1-4ab ", "my postcode is LF1 4AB", "LF1 4AB."])
def test_a_postcode_is_found_in_any_writing(text: str) -> None:
    assert "LF14AB" in facts.postcodes(text, "GB")


@pytest.mark.parametrize(
    "text",
    [
        "07700 900101",
        "+44 7700 900101",
        "0044 7700 900101",
        "+44 (0)7700 900101",
        "(07700) 900-101",
        "it's 07700900101",
    ],
)
def test_a_phone_number_is_found_in_any_writing(text: str) -> None:
    assert facts.phone_number(text, "GB") == "+447700900101"


@pytest.mark.parametrize("text", ["", "12", "LF1 4AB", "hello", "+0000000000000000000"])
def test_what_is_no_phone_number_is_none(text: str) -> None:
    assert facts.phone_number(text, "GB") is None


def test_a_district_is_found_in_a_postcode_and_in_a_sentence() -> None:
    assert [facts.district(code, "GB") for code in ("LF4 2AB", "lf42ab", "LF12 3CD")] == ["LF4", "LF4", "LF12"]
    assert facts.district("80331", "DE") == "80331"
    assert facts.district_in("it is down in lf4 2ab since noon", "GB") == "LF4"
    assert facts.district_in("my phone is an X5 and my TV a 4K", "GB") is None
    assert facts.district_in("LF4 2AB or LF5 1AA", "GB") is None
    assert facts.district_in("80331", "DE") is None
