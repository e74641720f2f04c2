"""TMF629 customers and TMF638 services of the demo operator."""

from collections.abc import Iterator

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer, Service

CUSTOMERS = "/tmf-api/customerManagement/v4/customer"
MOBILE = "+447"
SERVICES = "/tmf-api/serviceInventory/v4/service"


def customers(book: Book) -> APIRouter:
    router = APIRouter()
    bodies = [_customer(customer) for customer in book.customers]

    @router.get(CUSTOMERS)
    async def search(request: Request) -> JSONResponse:
        return tmf.listed(request, bodies)

    @router.get(CUSTOMERS + "/{wanted}")
    async def read(wanted: str) -> tmf.Body:
        return tmf.one(bodies, wanted)

    return router


def services(book: Book) -> APIRouter:
    router = APIRouter()
    bodies = [_service(book, customer, service) for customer in book.customers for service in customer.services]

    @router.get(SERVICES)
    async def search(request: Request) -> JSONResponse:
        return tmf.listed(request, bodies)

    @router.get(SERVICES + "/{wanted}")
    async def read(wanted: str) -> tmf.Body:
        return tmf.one(bodies, wanted)

    return router


def _customer(customer: Customer) -> tmf.Body:
    facts: dict[str, object] = {"segment": customer.segment, "vulnerable": customer.vulnerable}
    facts |= {"placeId": customer.place}
    if customer.born:
        facts["dateOfBirth"] = customer.born.isoformat()
    return {
        "id": customer.id,
        "href": f"{CUSTOMERS}/{customer.id}",
        "name": customer.name,
        "status": "suspended" if customer.barred else "active",
        **({"statusReason": "nonPayment"} if customer.barred else {}),
        "account": [{"id": customer.account, "name": "main", "@referredType": "BillingAccount"}],
        "engagedParty": {"id": f"party-{customer.id}", "name": customer.name, "@referredType": _party_type(customer)},
        "contactMedium": list(_media(customer)),
        "characteristic": [{"name": name, "value": value} for name, value in facts.items()],
        "@type": "Customer",
    }


def _party_type(customer: Customer) -> str:
    return "Organization" if customer.segment == "corporate" else "Individual"


def _media(customer: Customer) -> Iterator[tmf.Body]:
    for number in customer.phones:
        yield {
            "mediumType": "mobile" if number.startswith(MOBILE) else "phone",
            "preferred": number == customer.phones[0],
            "characteristic": {"phoneNumber": number},
        }
    if customer.email:
        yield {"mediumType": "email", "characteristic": {"emailAddress": customer.email}}
    yield {"mediumType": "postalAddress", "characteristic": {"postCode": customer.postcode, "country": "GB"}}


def _service(book: Book, customer: Customer, service: Service) -> tmf.Body:
    place = service.place or customer.place
    return {
        "id": service.id,
        "href": f"{SERVICES}/{service.id}",
        "name": service.name,
        "category": service.kind,
        "state": "active",
        "operatingStatus": service.status,
        "isServiceEnabled": not customer.barred,
        "place": [{"id": place, "name": book.place_name(place), "role": "deliveryAddress", "@referredType": "Place"}],
        "relatedParty": [
            {"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"},
        ],
    }
