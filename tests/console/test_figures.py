"""How figures are worded, and drawn."""

import pytest

from console import figures, trend


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("percent", 79.6, "80 %"),
        ("percent", 4.25, "4.2 %"),
        ("percent", 0.0, "0 %"),
        ("seconds", 24.6, "25 s"),
        ("seconds", 59.7, "1 min"),
        ("seconds", 250, "4 min 10 s"),
        ("seconds", 183_600, "2 d 3 h"),
        ("score", 4.234, "4.2 of 5"),
        ("count", 1204, "1,204"),
        ("number", 1.54, "1.5"),
    ],
)
def test_an_amount_has_its_unit(unit: str, value: float, words: str) -> None:
    assert figures.amount(unit, value) == words


def test_a_line_is_drawn_within_its_box_and_broken_where_nothing_is_known() -> None:
    drawn = trend.plot([1, 2, None, 5, None, 3, 4], target=8, width=100, height=40)

    assert drawn.lines == ("4.0,36.0 19.3,31.4", "80.7,26.9 96.0,22.3")
    assert drawn.dots == ((50.0, 17.7),)
    assert drawn.last == (96.0, 22.3)
    assert drawn.target_y == 4.0


def test_equal_values_are_a_line_in_the_middle() -> None:
    assert trend.plot([3, 3], target=None, width=100, height=40).lines == ("4.0,20.0 96.0,20.0",)


def test_nothing_known_draws_nothing_and_says_so() -> None:
    drawn = trend.plot([None, None], target=5)

    assert (drawn.lines, drawn.dots, drawn.last, drawn.target_y) == ((), (), None, None)
    assert trend.sentence([None, None], str) == "Trend over 2 days: no figures."


def test_a_sentence_says_what_the_line_shows() -> None:
    said = trend.sentence([80.0, None, 70.0, 90.0], lambda value: f"{value:.0f} %")

    assert said == "Trend over 4 days: from 80 % to 90 %, lowest 70 %, highest 90 %, 3 days with figures."
