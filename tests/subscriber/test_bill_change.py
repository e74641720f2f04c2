"""subscriber.bill_change: the lines of a difference explain all of it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriber.bill_change import compare
from subscriber.bills import Bill, BillLine, LineKind
from subscriber.money import Money, total

FEBRUARY, MARCH = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
KINDS = st.sampled_from(get_args(LineKind))


def pounds(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


def line(name: str, amount: str, kind: str = "recurring") -> BillLine:
    return BillLine(name, kind, pounds(amount), "")  # type: ignore[arg-type]  # a plain string of the literal


def bill(*lines: BillLine) -> Bill:
    charged = total((one.amount for one in lines), "GBP")
    return Bill("b", "INV-1", FEBRUARY, MARCH, FEBRUARY, MARCH, charged, pounds("0"), pounds("0"), lines)


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """Of any lines that can be on one, with a charge large enough for all reductions."""
    lines = []
    for name, kind, pence in draw(st.lists(st.tuples(st.sampled_from("ABCDE"), KINDS, st.integers(0, 9999)))):
        sign = -1 if kind in {"discount", "credit"} else 1
        lines.append(BillLine(name, kind, Money(Decimal(sign * pence) / 100, "GBP")))
    return bill(line("Plan", "10000.00"), *lines)


@given(bills(), bills())
def test_the_lines_sum_to_the_difference_of_the_totals(before: Bill, after: Bill) -> None:
    change = compare(before, after)

    assert total((one.difference for one in change.lines), "GBP") == change.difference == after.total - before.total


@given(bills(), bills())
def test_every_line_told_adds_something_and_is_new_gone_or_other(before: Bill, after: Bill) -> None:
    for one in compare(before, after).lines:
        assert one.difference
        assert one.before != one.after


@given(bills())
def test_a_bill_does_not_differ_from_itself(same: Bill) -> None:
    change = compare(same, same)

    assert not change.difference
    assert change.lines == ()


def test_a_discount_that_is_gone_makes_the_bill_higher() -> None:
    before = bill(line("Fibre", "34.00"), line("Welcome", "-6.00", "discount"))
    after = bill(line("Fibre", "36.00"), line("Roaming", "8.40", "usage"))

    change = compare(before, after)

    assert change.difference == pounds("16.40")
    assert [(one.name, one.before, one.after, one.difference) for one in change.lines] == [
        ("Roaming", None, pounds("8.40"), pounds("8.40")),
        ("Welcome", pounds("-6.00"), None, pounds("6.00")),
        ("Fibre", pounds("34.00"), pounds("36.00"), pounds("2.00")),
    ]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"total": pounds("9.00")}, "lines"),
        ({"lines": ()}, "lines"),
        ({"total": pounds("-10.00"), "lines": (line("A", "-10.00"),)}, "below zero"),
        ({"total": pounds("10.00"), "lines": (line("A", "10.00", "credit"),)}, "above it"),
        ({"remaining": pounds("10.01")}, "open"),
        ({"remaining": pounds("-0.01")}, "open"),
        ({"tax": pounds("10.01")}, "tax"),
        ({"period_until": datetime(2026, 1, 1, tzinfo=UTC)}, "period"),
        ({"total": Money(Decimal("10.00"), "EUR")}, "currencies"),
    ],
)
def test_a_bill_that_cannot_be_right_is_none(change: dict[str, object], why: str) -> None:
    right: dict[str, object] = {
        "bill_id": "b",
        "number": "INV-1",
        "dated": FEBRUARY,
        "due": MARCH,
        "period_from": FEBRUARY,
        "period_until": MARCH,
        "total": pounds("10.00"),
        "tax": pounds("1.67"),
        "remaining": pounds("0"),
        "lines": (line("A", "10.00"),),
    }
    Bill(**right)  # type: ignore[arg-type]  # of mixed types

    with pytest.raises(ValueError, match=why):
        Bill(**{**right, **change})  # type: ignore[arg-type]
