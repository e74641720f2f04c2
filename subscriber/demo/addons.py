"""What the demo operator's customers add to their plans: data/operator/demo/addons.yml, and who has what."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer, Service
from subscriber.demo.tariff import CURRENCY, Tariff


class DemoAddOn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    price: Decimal = Field(ge=0, decimal_places=2)
    charge: Literal["once", "month"]
    data_gb: int = Field(default=0, ge=0)
    switch: bool = False
    fits: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Held:
    id: str
    addon: DemoAddOn
    service_id: str


class Extras:
    """Kept while the program runs; begins with those of customers.yml."""

    def __init__(self, book: Book, tariff: Tariff, folder: Path) -> None:
        """Raises pydantic.ValidationError, or KeyError for an add-on that there is not."""
        entries = yaml.safe_load((folder / "addons.yml").read_text("utf-8"))
        self._addons = {one.id: one for one in map(DemoAddOn.model_validate, entries)}
        self._tariff = tariff
        self._held: dict[str, Held] = {}
        for customer in book.customers:
            for service in customer.services:
                for name in service.addons:
                    self._keep(self._addons[name], service.id)

    def on_offer(self) -> Iterator[tmf.Body]:
        return (_offer(one) for one in self._addons.values())

    def of(self, customer: Customer) -> Iterator[tmf.Body]:
        mine = {service.id for service in customer.services}
        return (_product(customer, one) for one in self._held.values() if one.service_id in mine)

    def extra_gb(self, service_id: str) -> int:
        return sum(one.addon.data_gb for one in self._held.values() if one.service_id == service_id)

    def can_add(self, service: Service, offering_id: str) -> bool:
        addon = self._addons.get(offering_id)
        if addon is None or self._tariff.plan_of(service.name).id not in addon.fits:
            return False
        had = (one for one in self._held.values() if one.service_id == service.id and one.addon.id == offering_id)
        return addon.charge == "once" or not any(had)

    def can_remove(self, customer: Customer, product_id: str, offering_id: str) -> bool:
        held = self._held.get(product_id)
        mine = {service.id for service in customer.services}
        return held is not None and held.service_id in mine and held.addon.id == offering_id

    def add(self, service: Service, offering_id: str) -> None:
        self._keep(self._addons[offering_id], service.id)

    def remove(self, product_id: str) -> None:
        del self._held[product_id]

    def _keep(self, addon: DemoAddOn, service_id: str) -> None:
        held = Held(f"prod-{service_id}-{addon.id}-{len(self._held) + 1}", addon, service_id)
        self._held[held.id] = held


def _price(addon: DemoAddOn) -> tmf.Body:
    amount = {"taxIncludedAmount": {"unit": CURRENCY, "value": float(addon.price)}}
    if addon.charge == "once":
        return {"priceType": "oneTime", "price": amount}
    return {"priceType": "recurring", "recurringChargePeriod": "month", "price": amount}


def _facts(addon: DemoAddOn) -> list[tmf.Body]:
    return [{"name": "category", "value": "addon"}, {"name": "switch", "value": addon.switch}]


def _offer(addon: DemoAddOn) -> tmf.Body:
    return {
        "id": addon.id,
        "name": addon.name,
        "lifecycleStatus": "Active",
        "isSellable": True,
        "productOfferingPrice": [_price(addon)],
        "productOfferingRelationship": [{"id": plan, "relationshipType": "requires"} for plan in addon.fits],
        "characteristic": _facts(addon),
        "@type": "ProductOffering",
    }


def _product(customer: Customer, held: Held) -> tmf.Body:
    return {
        "id": held.id,
        "name": held.addon.name,
        "status": "active",
        "productOffering": {"id": held.addon.id, "name": held.addon.name},
        "productPrice": [_price(held.addon)],
        "productCharacteristic": _facts(held.addon),
        "productRelationship": [{"relationshipType": "reliesOn", "product": {"id": f"prod-{held.service_id}"}}],
        "billingAccount": {"id": customer.account},
        "relatedParty": [{"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}],
        "@type": "Product",
    }
