"""Plans: those a customer has, those on offer, and the one that fits what is really used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal, Protocol

from subscriber.money import Money
from subscriber.usage import Allowance, UsageKind

PlanKind = Literal["broadband", "mobile", "tv", "landline", "other"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Allowances are a month's, in GB, minutes and messages; None is unlimited, a missing kind is not included."""

    offering_id: str
    name: str
    kind: PlanKind
    monthly: Money  # with tax
    allowances: Mapping[UsageKind, Decimal | None]
    down_mbps: Decimal | None = None  # the speed that is sold; above zero
    term_months: int = 0  # the minimum term; 0: none


@dataclass(frozen=True, slots=True)
class Product:
    """A plan that a customer has."""

    product_id: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Fit:
    """What a month of this customer takes, and the cheapest plan that holds it."""

    product: Product
    needs: Mapping[UsageKind, Decimal]
    best: Plan  # the present one when no other is cheaper

    @property
    def is_present(self) -> bool:
        return self.best.offering_id == self.product.plan.offering_id


class Products(Protocol):
    """The operator's product inventory. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Product]: ...


class Offers(Protocol):
    """The operator's product catalogue. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def all(self) -> list[Plan]: ...


def fit(product: Product, allowances: Iterable[Allowance], offers: Iterable[Plan], *, reserve: Decimal) -> Fit | None:
    """The cheapest plan that holds the busiest of the full months on record and a `reserve` (0.2 = a fifth more).

    None when there is no full month to go by, or the present plan is not enough and nothing on offer is. The same
    price is no reason to change.
    """
    mine = [allowance for allowance in allowances if allowance.product_id == product.product_id]
    if not mine or not all(allowance.past for allowance in mine):
        return None
    needs = {one.kind: _rounded(max(one.past) * (1 + reserve)) for one in mine}
    present = product.plan
    others = (plan for plan in offers if plan.monthly.currency == present.monthly.currency)
    suiting = [plan for plan in (present, *others) if plan.kind == present.kind and _holds(plan, needs)]
    if not suiting:
        return None
    return Fit(product, needs, min(suiting, key=lambda plan: plan.monthly.amount))  # min keeps the first of equals


def _holds(plan: Plan, needs: Mapping[UsageKind, Decimal]) -> bool:
    return all(
        kind in plan.allowances and ((held := plan.allowances[kind]) is None or needed <= held)
        for kind, needed in needs.items()
        if needed
    )


def _rounded(used: Decimal) -> Decimal:
    """Up to a whole GB, minute or message."""
    return used.to_integral_value(ROUND_CEILING)
