"""subscriber.payments: which payments were taken twice."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from subscriber.money import Money
from subscriber.payments import Payment, duplicates

FIRST = datetime(2026, 11, 2, 6, tzinfo=UTC)
WITHIN = timedelta(days=10)


def paid(name: str, *, days: float = 0, pounds: str = "40.00", bills: tuple[str, ...] = ("b1",)) -> Payment:
    return Payment(name, FIRST + timedelta(days=days), Money(Decimal(pounds), "GBP"), "received", bills)


def found(*payments: Payment) -> list[tuple[str, str]]:
    return [(one.first.payment_id, one.second.payment_id) for one in duplicates(payments, WITHIN)]


def test_the_same_amount_for_the_same_bill_is_one_too_many() -> None:
    assert found(paid("2", days=2), paid("1")) == [("1", "2")]


def test_a_third_one_repeats_the_first() -> None:
    assert found(paid("1"), paid("2", days=1), paid("3", days=3)) == [("1", "2"), ("1", "3")]


def test_what_only_looks_like_it_is_none() -> None:
    failed = Payment("f", FIRST, Money(Decimal("40.00"), "GBP"), "failed", ("b1",))

    assert found(failed, paid("1", days=1)) == []
    assert found(paid("1"), paid("2", days=11)) == []
    assert found(paid("1"), paid("2", pounds="20.00")) == []
    assert found(paid("1"), paid("2", bills=("b2",))) == []
    assert found(paid("1", bills=()), paid("2", bills=())) == []


PAYMENTS = st.lists(
    st.builds(
        paid,
        st.uuids().map(str),
        days=st.integers(0, 40),
        pounds=st.sampled_from(["10.00", "20.00"]),
        bills=st.sampled_from([("b1",), ("b2",), ()]),
    ),
    max_size=12,
)


@given(PAYMENTS)
def test_a_payment_is_one_too_many_once_and_never_the_first(payments: list[Payment]) -> None:
    pairs = duplicates(payments, WITHIN)

    seconds = [pair.second.payment_id for pair in pairs]
    assert len(set(seconds)) == len(seconds)
    assert not set(seconds) & {pair.first.payment_id for pair in pairs}
    assert all(pair.first.amount == pair.second.amount and pair.first.at <= pair.second.at for pair in pairs)


@given(PAYMENTS, st.randoms())
def test_the_order_they_are_told_in_does_not_matter(payments: list[Payment], chance: object) -> None:
    shuffled = sorted(payments, key=lambda payment: hash((payment.payment_id, str(chance))))

    assert duplicates(payments, WITHIN) == duplicates(shuffled, WITHIN)
