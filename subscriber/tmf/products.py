"""TMF637 Product Inventory v4 -> Product, and TMF620 Product Catalog v4 -> Plan.

Both tell the kind and the month's allowances as characteristics: `category`; `dataGB`, `minutes` and `messages`, a
number or "unlimited"; and `downMbps`, the speed that is sold. The price is the recurring one, with tax, by the month.
An offer's minimum term is its longest `productOfferingTerm`, in months or years.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, TypeAdapter

from subscriber.connection import Connection
from subscriber.money import Money
from subscriber.plans import Plan, PlanKind, Product
from subscriber.tmf.wire import Amount, Party, Reference, Text, Wire, believed, by_name, number
from subscriber.usage import UsageKind

PRODUCTS = "/tmf-api/productInventory/v4/product"
OFFERS = "/tmf-api/productCatalogManagement/v4/productOffering"


def _allowance(value: object) -> object:
    return "unlimited" if value == "unlimited" else number(value)


_Allowance = Annotated[Decimal | Literal["unlimited"], BeforeValidator(_allowance)]


class _Characteristics(Wire):
    category: PlanKind | Literal["addon"] = "other"
    data: _Allowance | None = Field(default=None, alias="dataGB")
    voice: _Allowance | None = Field(default=None, alias="minutes")
    sms: _Allowance | None = Field(default=None, alias="messages")
    down_mbps: Annotated[Decimal, BeforeValidator(number), Field(gt=0, le=1_000_000)] | None = Field(
        default=None, alias="downMbps"
    )

    @property
    def kind(self) -> PlanKind:
        return "other" if self.category == "addon" else self.category

    def allowances(self) -> Mapping[UsageKind, Decimal | None]:
        """Raises ValueError for one below zero."""
        told: dict[UsageKind, Decimal | str | None] = {"data": self.data, "voice": self.voice, "sms": self.sms}
        known = {kind: None if isinstance(one, str) else one for kind, one in told.items() if one is not None}
        if any(one is not None and one < 0 for one in known.values()):
            raise ValueError("an allowance below zero")
        return known


class Taxed(Wire):
    with_tax: Amount = Field(alias="taxIncludedAmount")


class Price(Wire):
    type: Text = Field(alias="priceType")
    period: Text = Field(default="month", alias="recurringChargePeriod")
    price: Taxed


class Offering(Reference):
    name: Text


class _Product(Wire):
    id: Text
    name: Text
    status: Literal[
        "created", "pendingActive", "active", "cancelled", "suspended", "pendingTerminate", "terminated", "aborted"
    ]
    offering: Offering = Field(alias="productOffering")
    prices: list[Price] = Field(alias="productPrice")
    facts: Annotated[_Characteristics, BeforeValidator(by_name)] = Field(alias="productCharacteristic")
    party: list[Party] = Field(alias="relatedParty")

    def product(self) -> Product:
        facts = self.facts
        plan = Plan(
            self.offering.id, self.name, facts.kind, monthly_price(self.prices), facts.allowances(), facts.down_mbps
        )
        return Product(self.id, plan)


class _Duration(Wire):
    amount: Annotated[int, Field(strict=True, ge=0, le=120)]
    units: Literal["month", "year"]

    @property
    def months(self) -> int:
        return self.amount * (12 if self.units == "year" else 1)


class Term(Wire):
    duration: _Duration

    @property
    def months(self) -> int:
        return self.duration.months


class _Offer(Wire):
    id: Text
    name: Text
    is_sellable: StrictBool = Field(default=True, alias="isSellable")
    prices: list[Price] = Field(alias="productOfferingPrice")
    facts: Annotated[_Characteristics, BeforeValidator(by_name)] = Field(alias="characteristic")
    terms: tuple[Term, ...] = Field(default=(), alias="productOfferingTerm")

    def plan(self) -> Plan:
        facts, months = self.facts, max((term.months for term in self.terms), default=0)
        return Plan(
            self.id, self.name, facts.kind, monthly_price(self.prices), facts.allowances(), facts.down_mbps, months
        )


def monthly_price(prices: list[Price]) -> Money:
    """Raises ValueError when there is not exactly one recurring price by the month, or it is below zero."""
    found = [price for price in prices if price.type == "recurring"]
    if len(found) != 1 or found[0].period != "month":
        raise ValueError("one price by the month is wanted")
    monthly = found[0].price.with_tax.money()
    if monthly.is_negative:
        raise ValueError("a price below zero")
    return monthly


_PRODUCTS = TypeAdapter(list[_Product])
_OFFERS = TypeAdapter(list[_Offer])


def in_use(status: str) -> bool:
    """Of a product; a suspended one is."""
    return status in {"active", "suspended", "pendingTerminate"}


class TmfProducts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Product]:
        """Plans in use; what was added to them is another client's."""
        found = await self._connection.get(PRODUCTS, _PRODUCTS, {"relatedParty.id": customer_id}) or ()
        plans = [product for product in found if product.facts.category != "addon"]
        used = [product for product in plans if in_use(product.status)]
        theirs = [one for one in used if any(party.id == customer_id for party in one.party)]
        return believed("products", lambda: [product.product() for product in theirs])


class TmfOffers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def all(self) -> list[Plan]:
        found = await self._connection.get(OFFERS, _OFFERS, {"lifecycleStatus": "Active"}) or ()
        plans = [offer for offer in found if offer.facts.category != "addon"]
        return believed("offers", lambda: [offer.plan() for offer in plans if offer.is_sellable])
