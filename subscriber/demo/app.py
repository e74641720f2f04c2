"""The demo operator as a program: the systems of a small operator, and a stand-in of Twilio's REST API."""

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import HTTPException

import logs
import settings as setup
from subscriber.demo import (
    addons,
    addresses,
    billing,
    credentials,
    inventory,
    loyalty,
    moving,
    network,
    order_desk,
    ordering,
    orders,
    pins,
    products,
    recordings,
    sims,
    tmf,
    topups,
    usage_alerts,
    visits,
)
from subscriber.demo.access import bearer, twilio_account
from subscriber.demo.calls import Calls
from subscriber.demo.faults import Faults, Garbage, System, garbage, spoil
from subscriber.demo.messages import Messages
from subscriber.demo.population import populated
from subscriber.demo.tariff import Tariff
from subscriber.demo.web_login import WebLogin

DATA = setup.ROOT / "data" / "operator" / "demo"


def create_app(settings: setup.Settings | None = None) -> FastAPI:
    """Raises ValueError without an operator token, pydantic.ValidationError when the demo data is wrong."""
    logs.mask()
    settings = settings or setup.load()
    known = Depends(bearer(settings.firstline_operator_token.get_secret_value()))
    book, faults, messages = populated(DATA), Faults(), Messages()
    pin_book, tariff = pins.PinBook(book), Tariff.read(DATA)
    till = topups.Till.read(DATA)
    extras = addons.Extras(book, tariff, DATA)
    ordered = ordering.OrderBook(book, tariff, extras)
    houses = addresses.Map.read(DATA)
    moves = moving.MoveBook(book, tariff, houses, ordered)
    app = FastAPI(title="Demo operator")

    def serve(router: APIRouter, system: System) -> None:
        app.include_router(router, dependencies=[known, Depends(faults.of(system))])

    serve(inventory.customers(book), "customers")
    serve(pins.pins(pin_book), "customers")
    serve(credentials.credentials(credentials.Issuer(book, pin_book, messages)), "credentials")
    serve(inventory.services(book), "services")
    serve(network.problems(book), "outages")
    serve(network.line_tests(book), "line_test")
    serve(billing.bills(book, tariff), "bills")
    serve(billing.payments(book, tariff), "payments")
    serve(billing.extensions(), "extensions")
    serve(sims.sims(book), "sims")
    serve(loyalty.loyalty(book, loyalty.Pot.read(DATA)), "loyalty")
    serve(products.products(book, tariff, extras), "products")
    serve(products.offers(tariff, extras), "offers")
    serve(topups.topups(book, till), "credits")
    serve(products.credits(book, till), "credits")
    serve(products.usage(book, tariff, extras), "usage")
    serve(usage_alerts.usage_alerts(book), "usage_alerts")
    serve(orders.orders(book, ordered, moves), "orders")
    serve(order_desk.ordering(ordered, moves), "orders")
    serve(order_desk.qualifications(ordered, moves), "qualifications")
    serve(addresses.addresses(houses), "addresses")
    serve(visits.appointments(visits.Diary(book)), "appointments")
    app.include_router(_twilio(settings, faults, messages))
    app.include_router(faults.router, dependencies=[known])
    login = WebLogin(book, settings.customer_login_issuer)
    app.include_router(login.keys())
    app.include_router(login.logins(), dependencies=[known])
    app.add_exception_handler(HTTPException, tmf.refused)
    app.add_exception_handler(Garbage, garbage)
    app.middleware("http")(spoil)

    @app.get("/health")
    async def health() -> dict[str, int]:
        return {"customers": len(book.customers)}

    return app


def _twilio(settings: setup.Settings, faults: Faults, messages: Messages) -> APIRouter:
    """The stand-in of Twilio, for its account, and what it was asked to do, for whoever tries the product."""
    account = Depends(twilio_account(settings.twilio_account_sid, settings.twilio_token))
    known = Depends(bearer(settings.firstline_operator_token.get_secret_value()))
    calls = Calls(token=settings.twilio_token, public_url=settings.public_url, web_url=settings.firstline_web_url)
    router = APIRouter()
    router.include_router(messages.twilio(), dependencies=[account, Depends(faults.of("messages"))])
    router.include_router(calls.twilio(), dependencies=[account, Depends(faults.of("calls"))])
    router.include_router(recordings.twilio(), dependencies=[account])
    router.include_router(calls.reading(), dependencies=[known])
    router.include_router(messages.reading(), dependencies=[known])
    return router
