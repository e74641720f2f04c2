"""Payments that the operator has on record, and which of them were taken twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from subscriber.money import Money


@dataclass(frozen=True, slots=True)
class Payment:
    payment_id: str
    at: datetime
    amount: Money  # above zero
    state: Literal["received", "pending", "failed"]
    bill_ids: tuple[str, ...] = ()  # that it pays for


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two payments of which the second one should not have been taken."""

    first: Payment
    second: Payment


class Payments(Protocol):
    """The operator's payments. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Payment]:
        """The newest first."""
        ...


def duplicates(payments: Iterable[Payment], within: timedelta) -> list[Duplicate]:
    """Each received payment that repeats an earlier one: the same amount for the same bill, not later than `within`.

    Payments for no bill repeat nothing: topping up the same amount twice is usual. A third payment repeats the first.
    """
    found: list[Duplicate] = []
    firsts: list[Payment] = []
    for payment in sorted(payments, key=lambda payment: (payment.at, payment.payment_id)):
        if payment.state != "received" or not payment.bill_ids:
            continue
        first = next((one for one in firsts if _repeats(payment, one, within)), None)
        if first is None:
            firsts.append(payment)
        else:
            found.append(Duplicate(first, payment))
    return found


def _repeats(later: Payment, first: Payment, within: timedelta) -> bool:
    is_same = later.amount == first.amount and set(later.bill_ids) == set(first.bill_ids)
    return is_same and later.at - first.at <= within
