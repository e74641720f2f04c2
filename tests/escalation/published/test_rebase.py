"""Two people's changes of one text are brought together line by line, and what cannot be is marked."""

from hypothesis import given
from hypothesis import strategies as st

from escalation.published.rebase import BEGIN, END, MIDDLE, merged

BASE = "a\nb\nc\nd\ne\n"
TEXTS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=9).map(lambda lines: "\n".join(lines) + "\n")


def test_changes_in_different_places_are_both_there() -> None:
    found = merged(BASE, "A\nb\nc\nd\ne\n", "a\nb\nc\nd\ne\nf\n")

    assert (found.text, found.conflicts) == ("A\nb\nc\nd\ne\nf\n", 0)


def test_a_line_that_both_changed_alike_is_there_once() -> None:
    found = merged(BASE, "a\nX\nc\nd\ne\n", "a\nX\nc\nd\nE\n")

    assert (found.text, found.conflicts) == ("a\nX\nc\nd\nE\n", 0)


def test_a_line_that_both_changed_differently_stands_between_marks() -> None:
    found = merged(BASE, "a\nb\nX\nd\ne\n", "a\nb\nY\nd\ne\n")

    assert found.text == f"a\nb\n{BEGIN}\nX\n{MIDDLE}\nY\n{END}\nd\ne\n"
    assert found.conflicts == 1


def test_what_one_removed_and_the_other_left_is_gone() -> None:
    assert merged(BASE, "a\nb\nd\ne\n", "a\nb\nc\nd\ne\nf\n").text == "a\nb\nd\ne\nf\n"


@given(base=TEXTS, other=TEXTS)
def test_where_only_one_changed_something_their_text_comes_out(base: str, other: str) -> None:
    assert merged(base, base, other).text == other
    assert merged(base, other, base).text == other
    assert merged(base, other, other).text == other
    assert merged(base, other, other).conflicts == 0
