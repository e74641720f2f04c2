"""What can be added to a plan: packs, and switches that are on while they are held."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from subscriber.money import Money
from subscriber.plans import Product


@dataclass(frozen=True, slots=True)
class AddOn:
    """One on offer. Paid by the month it is held until it is removed; paid once it is used up by itself."""

    offering_id: str
    name: str
    price: Money  # with tax
    is_monthly: bool
    is_switch: bool
    fits: frozenset[str]  # offerings of the plans it can be added to


@dataclass(frozen=True, slots=True)
class HeldAddOn:
    """One that a customer has, `on` one of their products."""

    product_id: str
    offering_id: str
    name: str
    on: str
    is_monthly: bool


class AddOns(Protocol):
    """The operator's catalogue and inventory of add-ons. Raises SubscriberUnavailable when one does not answer
    sensibly."""

    async def on_offer(self) -> list[AddOn]: ...

    async def of_customer(self, customer_id: str) -> list[HeldAddOn]: ...


def fitting(product: Product, offers: Iterable[AddOn]) -> list[AddOn]:
    """Those that can be added to this product's plan, the cheapest first, switches last."""
    suiting = (
        one
        for one in offers
        if product.plan.offering_id in one.fits and one.price.currency == product.plan.monthly.currency
    )
    return sorted(suiting, key=lambda one: (one.is_switch, one.price.amount, one.name))


def bookable(product: Product, offers: Iterable[AddOn], held: Iterable[HeldAddOn]) -> list[AddOn]:
    """Those that fit and are not held already; what is paid once can be had again."""
    had = {one.offering_id for one in held if one.on == product.product_id and one.is_monthly}
    return [one for one in fitting(product, offers) if one.offering_id not in had]
