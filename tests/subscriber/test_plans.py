"""subscriber.plans: the cheapest plan that holds what is really used."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from subscriber.money import Money
from subscriber.plans import Plan, Product, fit
from subscriber.usage import Allowance

SOON = datetime(2026, 12, 1, tzinfo=UTC)
FIFTH = Decimal("0.2")


def plan(name: str, pounds: int, gb: int | None, kind: str = "mobile") -> Plan:
    data = None if gb is None else Decimal(gb)
    return Plan(name, name, kind, Money(Decimal(pounds), "GBP"), {"data": data})  # type: ignore[arg-type]  # a plain string


def used(*gigabytes: str) -> Allowance:
    return Allowance("data", "Mobile", "p1", Decimal(0), None, SOON, tuple(map(Decimal, gigabytes)))


SMALL, MIDDLE, LARGE, ENDLESS = plan("S", 9, 5), plan("M", 14, 20), plan("L", 19, 50), plan("U", 27, None)
OFFERS = [ENDLESS, SMALL, LARGE, MIDDLE]


def best(present: Plan, *gigabytes: str) -> str | None:
    found = fit(Product("p1", present), [used(*gigabytes)], OFFERS, reserve=FIFTH)
    return found.best.name if found else None


def test_the_busiest_month_and_the_reserve_decide() -> None:
    assert best(ENDLESS, "3.0", "10.9", "4.0") == "M"
    assert best(ENDLESS, "4.1") == "S"  # 4.92 with the reserve
    assert best(ENDLESS, "4.3") == "M"  # 5.16


def test_who_runs_out_is_told_of_a_larger_one() -> None:
    assert best(SMALL, "5.0") == "M"


def test_the_same_price_is_no_reason_to_change() -> None:
    assert best(plan("mine", 14, 20), "10") == "mine"


def test_without_a_full_month_nothing_is_said() -> None:
    assert best(ENDLESS) is None


def test_another_kind_or_currency_never_fits() -> None:
    euros = Plan("E", "E", "mobile", Money(Decimal(1), "EUR"), {"data": None})
    product = Product("p1", ENDLESS)

    found = fit(product, [used("1")], [euros, plan("TV", 1, None, "tv")], reserve=FIFTH)

    assert found is not None
    assert found.is_present


@given(
    st.sampled_from(OFFERS),
    st.lists(st.decimals(0, 100, places=1), min_size=1, max_size=4),
    st.lists(st.builds(plan, st.text(min_size=1), st.integers(1, 60), st.none() | st.integers(1, 120)), max_size=6),
)
def test_what_is_proposed_holds_every_month_and_nothing_cheaper_does(
    present: Plan, months: list[Decimal], offers: list[Plan]
) -> None:
    found = fit(Product("p1", present), [used(*map(str, months))], offers, reserve=FIFTH)

    def holds(one: Plan) -> bool:
        held = one.allowances["data"]
        return held is None or all(month * (1 + FIFTH) <= held for month in months)

    holding = [one for one in (present, *offers) if holds(one)]
    if found is None:
        assert not holding
    else:
        assert holds(found.best)
        assert found.best.monthly.amount == min(one.monthly.amount for one in holding)
