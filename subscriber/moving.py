"""Moving house: addresses that the operator knows, what of a customer's plans can be had there, and the order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

from subscriber.money import Money
from subscriber.ordering import Placed
from subscriber.plans import PlanKind, Product

# Why the operator does not move it: nothing like it can be had there, another order is under way, a bill is not paid.
Unmovable = Literal["not_there", "under_way", "unpaid", "other"]
MOST_ADDRESSES = 60  # of one postcode
FURTHEST = timedelta(days=400)  # between the last day here and the first one there


@dataclass(frozen=True, slots=True)
class Address:
    address_id: str
    label: str  # in the operator's words, as it is read out: house, street and town
    postcode: str


@dataclass(frozen=True, slots=True)
class MovedPlan:
    """What becomes of one product at the new address."""

    product_id: str
    offering_id: str
    name: str
    stays: bool  # the same plan as now
    monthly: Money  # with tax
    down_mbps: Decimal | None  # what the line there carries
    term_months: int  # a minimum term that begins with the move; 0: none


@dataclass(frozen=True, slots=True)
class MoveTerms:
    """Raises ValueError for terms that cannot be right."""

    plans: tuple[MovedPlan, ...]
    begins: datetime  # the first day at the new address
    ends: datetime  # the last day at the old one
    once: Money | None  # what the move costs besides; None: nothing
    needs_technician: bool

    def __post_init__(self) -> None:
        amounts = [plan.monthly for plan in self.plans] + ([self.once] if self.once else [])
        if not self.plans or len({amount.currency for amount in amounts}) > 1:
            raise ValueError("no plans, or prices in different currencies")
        if any(amount.is_negative for amount in amounts):
            raise ValueError("a price below zero")
        if abs(self.begins - self.ends) > FURTHEST:
            raise ValueError("a year between the two homes")


@dataclass(frozen=True, slots=True)
class NotMoved:
    why: Unmovable
    product_ids: tuple[str, ...]  # that it concerns


class Addresses(Protocol):
    """The operator's addresses. Raises SubscriberUnavailable when they do not answer sensibly."""

    async def at(self, postcode: str) -> list[Address]:
        """All of the postcode; none for one that the operator does not know."""
        ...


class Moving(Protocol):
    """The operator's ordering system. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def possible(
        self, customer_id: str, products: Sequence[Product], address_id: str, day: date | None
    ) -> MoveTerms | NotMoved:
        """For that day, or the operator's earliest; the operator may say a later one."""
        ...

    async def place(self, customer_id: str, terms: MoveTerms, address_id: str, *, key: str) -> Placed:
        """One order for a key, however often asked. Raises OrderRefused; after SubscriberUnavailable it may be
        ordered or not."""
        ...

    async def of_customer(self, customer_id: str) -> list[Placed]:
        """Orders of moves."""
        ...


def at_home(products: Iterable[Product], kinds: Sequence[PlanKind]) -> list[Product]:
    """Those that move with a home."""
    return [one for one in products if one.plan.kind in kinds]
