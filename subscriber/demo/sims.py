"""TMF639 SIM cards of the demo operator: one for every mobile, its number and codes the same at every start."""

from collections.abc import Iterator
from random import Random

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer, Service

RESOURCES = "/tmf-api/resourceInventoryManagement/v4/resource"
MOBILE = "+447"
ISSUER = "894499"  # telecom, United Kingdom, an issuer that there is not


def sims(book: Book) -> APIRouter:
    router = APIRouter()

    @router.get(RESOURCES)
    async def search(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("relatedParty.id"))
        return tmf.listed(request, (sim(customer, *card) for customer in wanted for card in cards(customer)))

    @router.get(RESOURCES + "/{wanted}")
    async def read(wanted: str) -> tmf.Body:
        """With what opens a locked one."""
        for customer in book.customers:
            for service, number in cards(customer):
                if f"sim-{service.id}" == wanted:
                    body = sim(customer, service, number)
                    secret = {"name": "puk1", "value": puk(service)}
                    return {**body, "resourceCharacteristic": [*body["resourceCharacteristic"], secret]}
        raise HTTPException(404, "there is no such resource")

    return router


def cards(customer: Customer) -> Iterator[tuple[Service, str]]:
    """Every mobile with its number: those on the account one after the other, then made-up ones."""
    numbers = [phone for phone in customer.phones if phone.startswith(MOBILE)]
    for place, service in enumerate(one for one in customer.services if one.kind == "mobile"):
        yield service, numbers[place] if place < len(numbers) else _number(service)


def iccid(service_id: str) -> str:
    digits = Random(f"{service_id}/iccid").randrange(10**12)  # noqa: S311  (made-up cards are no secret)
    return f"{ISSUER}{digits:013d}"


def puk(service: Service) -> str:
    return f"{Random(f'{service.id}/puk').randrange(10**8):08d}"  # noqa: S311


def _number(service: Service) -> str:
    return f"+447700900{Random(f'{service.id}/number').randrange(600, 1000)}"  # noqa: S311


def sim(customer: Customer, service: Service, number: str) -> tmf.Body:
    facts = {"iccid": iccid(service.id), "msisdn": number, "plan": service.name}
    return {
        "id": f"sim-{service.id}",
        "href": f"{RESOURCES}/sim-{service.id}",
        "name": "SIM card",
        "category": "SIM",
        "resourceStatus": "suspended" if customer.barred else "available",
        "resourceCharacteristic": [{"name": name, "value": value} for name, value in facts.items()],
        "relatedParty": [{"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}],
        "@type": "PhysicalResource",
    }
