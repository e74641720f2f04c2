"""TMF639 SIM cards of the demo operator: one for every mobile, and new ones that wait to be switched on in its place.

Numbers and codes are the same at every start; what was switched on is kept while the program runs.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer, Service

RESOURCES = "/tmf-api/resourceInventoryManagement/v4/resource"
MOBILE = "+447"
NEW = "-new"
ISSUER = "894499"  # telecom, United Kingdom, an issuer that there is not


@dataclass(frozen=True, slots=True)
class Card:
    """`id` is also what its number and code are made of."""

    id: str
    customer: Customer
    plan: str
    number: str
    is_new: bool


class Wanted(BaseModel):
    status: Literal["available"] = Field(alias="resourceStatus")


def sims(book: Book) -> APIRouter:
    router, switched_on = APIRouter(), set[str]()

    def read_one(wanted: str) -> Card:
        for customer in book.customers:
            for card in cards(customer):
                if card.id == wanted:
                    return card
        raise HTTPException(404, "there is no such resource")

    def told(card: Card) -> tmf.Body:
        return sim(card, switched_on)

    @router.get(RESOURCES)
    async def search(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("relatedParty.id"))
        return tmf.listed(request, (told(card) for customer in wanted for card in cards(customer)))

    @router.get(RESOURCES + "/{wanted}")
    async def read(wanted: str) -> tmf.Body:
        """With what opens a locked one."""
        card = read_one(wanted)
        body, secret = told(card), {"name": "puk1", "value": puk(card)}
        return {**body, "resourceCharacteristic": [*body["resourceCharacteristic"], secret]}

    @router.patch(RESOURCES + "/{wanted}")
    async def switch_on(wanted: str, _: Wanted) -> tmf.Body:
        """The card in whose place it comes ends. 409 for one whose owner is barred, or that has ended."""
        card = read_one(wanted)
        if card.customer.barred or told(card)["resourceStatus"] == "unknown":
            raise HTTPException(409, "it cannot be switched on")
        if card.is_new:
            switched_on.add(card.id)
        return told(card)

    return router


def cards(customer: Customer) -> Iterator[Card]:
    """Every mobile with its number: those on the account one after the other, then made-up ones."""
    numbers = [phone for phone in customer.phones if phone.startswith(MOBILE)]
    for place, service in enumerate(one for one in customer.services if one.kind == "mobile"):
        number = numbers[place] if place < len(numbers) else _number(service)
        yield Card(f"sim-{service.id}", customer, service.name, number, is_new=False)
        if service.new_sim:
            yield Card(f"sim-{service.id}{NEW}", customer, service.name, number, is_new=True)


def iccid(card_id: str) -> str:
    digits = Random(f"{card_id}/iccid").randrange(10**12)  # noqa: S311  (made-up cards are no secret)
    return f"{ISSUER}{digits:013d}"


def puk(card: Card) -> str:
    return f"{Random(f'{card.id}/puk').randrange(10**8):08d}"  # noqa: S311


def _number(service: Service) -> str:
    return f"+447700900{Random(f'{service.id}/number').randrange(600, 1000)}"  # noqa: S311


def sim(card: Card, switched_on: Collection[str]) -> tmf.Body:
    facts = {"iccid": iccid(card.id), "msisdn": card.number, "plan": card.plan}
    customer = card.customer
    return {
        "id": card.id,
        "href": f"{RESOURCES}/{card.id}",
        "name": "SIM card",
        "category": "SIM",
        "resourceStatus": _status(card, switched_on),
        "resourceCharacteristic": [{"name": name, "value": value} for name, value in facts.items()],
        "relatedParty": [{"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}],
        "@type": "PhysicalResource",
    }


def _status(card: Card, switched_on: Collection[str]) -> str:
    if card.is_new and card.id not in switched_on:
        return "standby"
    if f"{card.id}{NEW}" in switched_on:
        return "unknown"
    return "suspended" if card.customer.barred else "available"
