"""actions.day_said: one day out of a customer's words, or none; never a guess between two."""

from datetime import date

import pytest

from actions.day_said import day_said, is_soonest
from tests.actions.shown import DOMAIN

TODAY = date(2026, 11, 23)  # a Monday


class Said:
    """As much of a turn as a day is read out of."""

    class tools:  # noqa: N801  (an attribute of a turn)
        country = "GB"

    def __init__(self, text: str) -> None:
        self.text = text

    def phrase(self, name: str) -> str:
        return str(DOMAIN["responses"][name][0]["text"])

    def phrases(self, name: str) -> tuple[str, ...]:
        return tuple(self.phrase(name).split(", "))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 December", date(2026, 12, 12)),
        ("on the 12th of December please", date(2026, 12, 12)),
        ("December the twelfth", date(2026, 12, 12)),
        ("december twelve", date(2026, 12, 12)),
        ("Dec 12th, 2027", date(2027, 12, 12)),
        ("the twenty first of january", date(2027, 1, 21)),
        ("3 November", date(2027, 11, 3)),
        ("12/12", date(2026, 12, 12)),
        ("12/1/27", date(2027, 1, 12)),
        ("12.12.2026", date(2026, 12, 12)),
        ("2026-12-12", date(2026, 12, 12)),
        ("the 30th", date(2026, 11, 30)),
        ("on the fifth", date(2026, 12, 5)),
        ("the 31st", date(2026, 12, 31)),
        ("Friday", date(2026, 11, 27)),
        ("next monday", date(2026, 11, 30)),
        ("tomorrow", date(2026, 11, 24)),
        ("in two weeks", date(2026, 12, 7)),
        ("in 10 days", date(2026, 12, 3)),
        ("may 5", date(2027, 5, 5)),
    ],
)
def test_a_day_is_the_next_one_that_is_meant(text: str, day: date) -> None:
    assert day_said(Said(text), TODAY) == day  # type: ignore[arg-type]  # as much of a turn as it needs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I don't know",
        "31 February",
        "13/13",
        "monday or tuesday",
        "December",
        "27",
        "next month",
        "at number 12",
        "99th",
    ],
)
def test_what_is_no_day_or_not_one_is_none(text: str) -> None:
    assert day_said(Said(text), TODAY) is None  # type: ignore[arg-type]  # as much of a turn as it needs


@pytest.mark.parametrize(
    ("text", "soonest"),
    [("as soon as possible please", True), ("ASAP", True), ("as early as possible", True), ("soon", False)],
)
def test_as_soon_as_possible_is_known(text: str, soonest: bool) -> None:
    assert is_soonest(Said(text)) is soonest  # type: ignore[arg-type]  # as much of a turn as it needs
