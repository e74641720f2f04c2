"""TMF620 offerings and TMF637 products of the category "addon" -> AddOn, HeldAddOn.

An offering names the plans it can be added to as `productOfferingRelationship` of the type "requires", has one price
(recurring by the month, or oneTime), and the characteristic `switch` where it is one. A product names what it was added
to as `productRelationship` of the type "reliesOn".
"""

from typing import Annotated

from pydantic import BeforeValidator, Field, StrictBool, StrictStr, TypeAdapter

from subscriber.addons import AddOn, HeldAddOn
from subscriber.connection import Connection
from subscriber.tmf.products import OFFERS, PRODUCTS, Offering, Price, in_use
from subscriber.tmf.wire import Party, Reference, Text, Wire, believed, by_name

CATEGORY = "addon"


class _Facts(Wire):
    category: StrictStr = ""
    is_switch: StrictBool = Field(default=False, alias="switch")


class _Requires(Wire):
    id: Text
    type: StrictStr = Field(default="", alias="relationshipType")


class _Offer(Wire):
    id: Text
    name: Text
    is_sellable: StrictBool = Field(default=True, alias="isSellable")
    prices: list[Price] = Field(alias="productOfferingPrice")
    facts: Annotated[_Facts, BeforeValidator(by_name)] = Field(alias="characteristic")
    relations: tuple[_Requires, ...] = Field(default=(), alias="productOfferingRelationship")

    def addon(self) -> AddOn:
        """Raises ValueError for other than one price, and for one below zero."""
        price, is_monthly = _one_price(self.prices)
        fits = frozenset(one.id for one in self.relations if one.type == "requires")
        money = price.price.with_tax.money()
        if money.is_negative:
            raise ValueError("a price below zero")
        return AddOn(self.id, self.name, money, is_monthly, self.facts.is_switch, fits)


class _ReliesOn(Wire):
    type: StrictStr = Field(default="", alias="relationshipType")
    product: Reference


class _Product(Wire):
    id: Text
    status: StrictStr
    offering: Offering = Field(alias="productOffering")
    prices: list[Price] = Field(alias="productPrice")
    facts: Annotated[_Facts, BeforeValidator(by_name)] = Field(alias="productCharacteristic")
    relations: tuple[_ReliesOn, ...] = Field(default=(), alias="productRelationship")
    party: list[Party] = Field(alias="relatedParty")

    def held(self) -> HeldAddOn:
        """Raises ValueError for one that is on nothing, or on several."""
        on = [one.product.id for one in self.relations if one.type == "reliesOn"]
        if len(on) != 1:
            raise ValueError("an add-on belongs to one product")
        _, is_monthly = _one_price(self.prices)
        return HeldAddOn(self.id, self.offering.id, self.offering.name, on[0], is_monthly)


def _one_price(prices: list[Price]) -> tuple[Price, bool]:
    is_monthly = len(prices) == 1 and (prices[0].type, prices[0].period) == ("recurring", "month")
    if len(prices) != 1 or not (is_monthly or prices[0].type == "oneTime"):
        raise ValueError("an add-on has one price, by the month or once")
    return prices[0], is_monthly


_OFFERS = TypeAdapter(list[_Offer])
_PRODUCTS = TypeAdapter(list[_Product])


class TmfAddOns:
    def __init__(self, offers: Connection, products: Connection) -> None:
        self._offers = offers
        self._products = products

    async def on_offer(self) -> list[AddOn]:
        found = await self._offers.get(OFFERS, _OFFERS, {"lifecycleStatus": "Active"}) or ()
        ours = [offer for offer in found if offer.is_sellable and offer.facts.category == CATEGORY]
        return believed("offers", lambda: [offer.addon() for offer in ours])

    async def of_customer(self, customer_id: str) -> list[HeldAddOn]:
        found = await self._products.get(PRODUCTS, _PRODUCTS, {"relatedParty.id": customer_id}) or ()
        ours = [one for one in found if one.facts.category == CATEGORY and in_use(one.status)]
        theirs = [one for one in ours if any(party.id == customer_id for party in one.party)]
        return believed("products", lambda: [one.held() for one in theirs])
