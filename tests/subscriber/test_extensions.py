"""subscriber.extensions: more time to pay, by the operator's policy."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from subscriber.bills import OpenBill
from subscriber.client import POLICY
from subscriber.extensions import Extension, possible
from subscriber.money import Money
from subscriber.policy import BillingPolicy

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
RULES = BillingPolicy(
    duplicate_within_days=10,
    extension_days=14,
    extension_most=Decimal("150.00"),
    extension_asked_within_days=10,
    plan_reserve=Decimal("0.2"),
)


def bill(name: str, *, due_in_days: float, pounds: str = "40.00") -> OpenBill:
    return OpenBill(name, f"INV-{name}", NOW + timedelta(days=due_in_days), Money(Decimal(pounds), "GBP"))


def test_the_oldest_bill_gets_more_days_after_its_due_date() -> None:
    new, old = bill("2", due_in_days=9), bill("1", due_in_days=3)

    assert possible([new, old], [], RULES, NOW) == (old, Extension("1", NOW + timedelta(days=17)))


def test_an_overdue_bill_gets_them_from_today() -> None:
    late = bill("1", due_in_days=-10)

    assert possible([late], [], RULES, NOW) == (late, Extension("1", NOW + timedelta(days=14)))


@pytest.mark.parametrize(
    ("bills", "why"),
    [
        ([], "nothing_open"),
        ([bill("1", due_in_days=-10.1)], "too_late"),
        ([bill("1", due_in_days=1, pounds="150.01")], "too_much"),
        ([bill("1", due_in_days=-2), bill("2", due_in_days=-1)], "several_overdue"),
    ],
)
def test_anything_else_is_for_a_person(bills: list[OpenBill], why: str) -> None:
    assert possible(bills, [], RULES, NOW) == why


def test_a_bill_is_put_off_once() -> None:
    granted = [Extension("1", NOW + timedelta(days=5))]

    assert possible([bill("1", due_in_days=1)], granted, RULES, NOW) == "granted_before"


def test_the_policy_of_the_project_is_right() -> None:
    assert BillingPolicy.read(POLICY).extension_days >= 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("extension_days: never", "billing.yml:3: extension_days"),
        ("extension_days: 0", "billing.yml:3: extension_days"),
        ("extension_hours: 3", "billing.yml:3: extension_hours"),
    ],
)
def test_a_mistake_in_the_policy_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "billing.yml"
    file.write_text(f"# rules\nduplicate_within_days: 10\n{line}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=told):
        BillingPolicy.read(file)
