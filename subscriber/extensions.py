"""More time to pay: whether the operator's policy allows it, and the agreement itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from subscriber.bills import OpenBill
from subscriber.policy import BillingPolicy

Refusal = Literal["nothing_open", "granted_before", "several_overdue", "too_much", "too_late"]


@dataclass(frozen=True, slots=True)
class Extension:
    """An agreement that a bill may be paid later."""

    bill_id: str
    until: datetime


class Extensions(Protocol):
    """Agreements on record. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Extension]: ...

    async def grant(self, customer_id: str, extension: Extension) -> None:
        """A bill has one agreement: asking again changes nothing."""
        ...


def possible(
    bills: Sequence[OpenBill], granted: Sequence[Extension], policy: BillingPolicy, now: datetime
) -> tuple[OpenBill, Extension] | Refusal:
    """The oldest open bill, and until when it may be paid; or why a person has to decide."""
    if not bills:
        return "nothing_open"
    bill = min(bills, key=lambda bill: bill.due)
    if any(extension.bill_id == bill.bill_id for extension in granted):
        return "granted_before"
    if sum(one.is_overdue(now) for one in bills) > 1:
        return "several_overdue"
    if bill.remaining.amount > policy.extension_most:
        return "too_much"
    if now > bill.due + timedelta(days=policy.extension_asked_within_days):
        return "too_late"
    until = max(bill.due, now) + timedelta(days=policy.extension_days)
    return bill, Extension(bill.bill_id, until)
