"""The billing system: what a customer was billed, line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from subscriber.money import Money, total

LineKind = Literal["recurring", "usage", "oneOff", "discount", "credit"]
REDUCING: frozenset[LineKind] = frozenset({"discount", "credit"})  # the others never are below zero


@dataclass(frozen=True, slots=True)
class BillLine:
    name: str  # in the operator's words
    kind: LineKind
    amount: Money  # with tax
    product_id: str = ""  # "" = of the account as a whole


@dataclass(frozen=True, slots=True)
class Bill:
    """Raises ValueError for a bill that cannot be right: the lines are not the total, or an amount has the wrong sign.

    A figure of such a bill must never be told to a customer.
    """

    bill_id: str
    number: str
    dated: datetime
    due: datetime
    period_from: datetime
    period_until: datetime  # the last moment of it
    total: Money  # with tax
    tax: Money  # that is in the total
    remaining: Money  # still to be paid
    lines: tuple[BillLine, ...]

    def __post_init__(self) -> None:
        if not self.lines or total((line.amount for line in self.lines), self.total.currency) != self.total:
            raise ValueError("the lines are not the total")
        if any(line.amount.is_negative != (line.kind in REDUCING) for line in self.lines if line.amount):
            raise ValueError("a charge below zero, or a reduction above it")
        if not Money(Decimal(0), self.total.currency) <= self.remaining <= self.total or self.tax.is_negative:
            raise ValueError("more than the total is open, or less than nothing")
        if self.total < self.tax or self.period_from > self.period_until:
            raise ValueError("more tax than total, or a period that ends before it begins")

    def is_overdue(self, now: datetime) -> bool:
        return bool(self.remaining) and self.due < now


class Bills(Protocol):
    """The operator's bills. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def newest(self, customer_id: str, most: int) -> list[Bill]:
        """The newest first."""
        ...

    async def open(self, customer_id: str) -> list["OpenBill"]:
        """Of every bill that is not paid, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class OpenBill:
    """What is left to pay of a bill, without its lines."""

    bill_id: str
    number: str
    due: datetime
    remaining: Money  # above zero

    def is_overdue(self, now: datetime) -> bool:
        return self.due < now


def owed(bills: Iterable[OpenBill]) -> Money | None:
    """All that is open; None when nothing is. Raises ValueError for bills of two currencies."""
    remaining = [bill.remaining for bill in bills]
    return total(remaining, remaining[0].currency) if remaining else None
