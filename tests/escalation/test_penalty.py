"""What a missed target costs: never negative, never over its cap, never less for being later."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from escalation.agreements.penalty import FeeUnknown, Penalty, coin_of, due, started_hours

HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
FEE = Decimal("79.00")


def penalty(**given: Any) -> Penalty:
    return TypeAdapter[Penalty](Penalty).validate_python({"for": "resolve", "cap": "1000", **given})


amounts = st.decimals(min_value="0.01", max_value="100000", places=3)
penalties = st.builds(
    lambda cap, rounding, rest: penalty(cap=cap.quantize(Decimal("1")) + 1, rounding=rounding, **rest),
    amounts,
    st.sampled_from(["half_up", "half_even", "down"]),
    st.one_of(
        st.builds(lambda amount: {"form": "fixed", "amount": amount}, amounts),
        st.builds(lambda amount: {"form": "per_started_hour", "amount": amount}, amounts),
        st.builds(
            lambda percent, per: {"form": "percentage", "percent": percent, "per": per},
            st.decimals(min_value="0.01", max_value="100", places=2),
            st.sampled_from(["miss", "started_hour"]),
        ),
    ),
)
lateness = st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=400))
currencies = st.sampled_from(["GBP", "EUR", "JPY", "KWD"])


@given(penalties, lateness, amounts, currencies)
def test_never_negative_never_over_the_cap_and_in_whole_coins(
    terms: Penalty, late: timedelta, fee: Decimal, currency: str
) -> None:
    amount = due(terms, late, fee=fee, currency=currency)

    assert Decimal(0) <= amount <= terms.cap
    assert amount == amount.quantize(coin_of(currency))


@given(penalties, lateness, lateness, amounts, currencies)
def test_being_later_never_costs_less(
    terms: Penalty, one: timedelta, other: timedelta, fee: Decimal, currency: str
) -> None:
    sooner, later = sorted((one, other))

    assert due(terms, sooner, fee=fee, currency=currency) <= due(terms, later, fee=fee, currency=currency)


@given(penalties, st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta()))
def test_nothing_is_owed_until_the_deadline_has_passed(terms: Penalty, late: timedelta) -> None:
    assert due(terms, late, fee=FEE, currency="GBP") == 0


@given(st.integers(1, 5000))
def test_an_hour_begins_the_moment_after_the_one_before_is_full(hours: int) -> None:
    assert started_hours(hours * HOUR) == hours
    assert started_hours(hours * HOUR + MOMENT) == hours + 1


@pytest.mark.parametrize(
    ("given", "late", "owed"),
    [
        ({"form": "fixed", "amount": "25"}, 90 * HOUR, "25.00"),
        ({"form": "per_started_hour", "amount": "75"}, 2 * HOUR, "150.00"),
        ({"form": "per_started_hour", "amount": "75"}, 2 * HOUR + MOMENT, "225.00"),
        ({"form": "per_started_hour", "amount": "75"}, 900 * HOUR, "1000.00"),
        ({"form": "percentage", "percent": "10"}, 5 * HOUR, "7.90"),
        ({"form": "percentage", "percent": "2.5", "per": "started_hour"}, 3 * HOUR, "5.93"),  # 5.925
        ({"form": "percentage", "percent": "2.5", "per": "started_hour", "rounding": "down"}, 3 * HOUR, "5.92"),
        ({"form": "percentage", "percent": "2.5", "per": "started_hour", "rounding": "half_even"}, 3 * HOUR, "5.92"),
    ],
)
def test_what_is_owed(given: dict[str, Any], late: timedelta, owed: str) -> None:
    assert due(penalty(**given), late, fee=FEE, currency="GBP") == Decimal(owed)


def test_a_share_of_an_unknown_fee_is_not_guessed() -> None:
    with pytest.raises(FeeUnknown):
        due(penalty(form="percentage", percent="10"), HOUR, fee=None, currency="GBP")


def test_a_penalty_without_a_cap_is_refused() -> None:
    with pytest.raises(ValidationError, match="cap"):
        TypeAdapter(Penalty).validate_python({"for": "resolve", "form": "fixed", "amount": "5"})
