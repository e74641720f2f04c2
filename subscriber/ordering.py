"""Changes of what a customer has: on which terms they are possible, ordering them, and those under way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pydantic import Field, field_validator

from subscriber.plans import Plan, PlanKind, Product
from subscriber.policy import PolicyFile

ItemAction = Literal["add", "modify", "delete"]
# Why the operator does not allow it: one is under way, the minimum term runs, a bill is not paid, or something else.
Impossible = Literal["under_way", "minimum_term", "unpaid", "other"]


class OrderingPolicy(PolicyFile):
    """data/operator/ordering.yml."""

    change_kinds: list[PlanKind] = Field(min_length=1)
    move_kinds: list[PlanKind] = Field(min_length=1)
    move_days_ahead: int = Field(ge=14, le=400)
    cooling_off_days: int = Field(ge=0, le=365)
    cooling_off: dict[str, str] = Field(min_length=1)
    alert_shares_pct: list[int] = Field(min_length=1, max_length=4)

    @field_validator("cooling_off")
    @classmethod
    def _tells_the_days(cls, texts: dict[str, str]) -> dict[str, str]:
        if any("{days}" not in text for text in texts.values()):
            raise ValueError("a text does not name {days}")
        return texts

    @field_validator("alert_shares_pct")
    @classmethod
    def _are_shares(cls, shares: list[int]) -> list[int]:
        if any(not 1 <= share <= 100 for share in shares) or sorted(set(shares)) != shares:
            raise ValueError("shares are different percents, the smallest first")
        return shares

    def cooling_off_in(self, language: str) -> str:
        """In the language of the conversation, else in the first of the file."""
        text = self.cooling_off.get(language[:2].lower()) or next(iter(self.cooling_off.values()))
        return text.replace("{days}", str(self.cooling_off_days))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of an order. `product_id` is the product in use that is changed or removed, or that it is added to."""

    action: ItemAction
    offering_id: str
    name: str  # in the operator's words
    product_id: str


@dataclass(frozen=True, slots=True)
class Placed:
    """An order on record."""

    order_id: str
    items: tuple[Item, ...]
    is_open: bool
    expected_at: datetime | None = None

    def concerns(self, product_id: str, action: ItemAction) -> bool:
        return any(item.product_id == product_id and item.action == action for item in self.items)


class OrderRefused(Exception):
    """The operator does not take the order; nothing has been changed."""


class Ordering(Protocol):
    """The operator's ordering system. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def possible(self, customer_id: str, item: Item) -> datetime | Impossible:
        """From when it would be so, or why it is not possible."""
        ...

    async def place(self, customer_id: str, item: Item, *, key: str) -> Placed:
        """One order for a key, however often asked. Raises OrderRefused; after SubscriberUnavailable it may be
        ordered or not."""
        ...

    async def of_customer(self, customer_id: str) -> list[Placed]: ...


def alternatives(product: Product, offers: Iterable[Plan]) -> list[Plan]:
    """The plans on offer that this one can be changed to, the cheapest first."""
    present = product.plan
    fitting = (
        one
        for one in offers
        if one.kind == present.kind
        and one.monthly.currency == present.monthly.currency
        and one.offering_id != present.offering_id
    )
    return sorted(fitting, key=lambda one: (one.monthly.amount, one.name))


def under_way(orders: Iterable[Placed], product_id: str) -> Placed | None:
    """The open order that changes this product to another plan."""
    return next((one for one in orders if one.is_open and one.concerns(product_id, "modify")), None)
