"""TMF622 product orders of the demo operator: those written down, those placed, one for every eighth customer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from random import Random

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer, PlacedOrder
from subscriber.demo.moving import MoveBook
from subscriber.demo.ordering import OrderBook

ORDERS = "/tmf-api/productOrderingManagement/v4/productOrder"
ONE_IN = 8
PLACED_AT, DUE_AT = time(9, 20), time(17)


def orders(book: Book, ordered: OrderBook, moves: MoveBook) -> APIRouter:
    router = APIRouter()

    @router.get(ORDERS)
    async def search(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("relatedParty.id"))
        today = datetime.now(UTC).date()
        known = (_order(one, order, today) for one in wanted for order in placed(one))
        made = (order for one in wanted for order in chain(ordered.of(one), moves.of(one)))
        return tmf.listed(request, chain(known, made))

    return router


def placed(customer: Customer) -> Iterator[PlacedOrder]:
    """The same ones at every start."""
    yield from customer.orders
    chance = Random(f"{customer.id}/order")  # noqa: S311  (made-up orders are no secret)
    if customer.orders or not customer.id.startswith("cust-2") or chance.randrange(ONE_IN):
        return
    days_ago, items = chance.randrange(0, 14), (chance.choice(customer.services).name,)
    state = "acknowledged" if days_ago < 2 else "inProgress"
    yield PlacedOrder(
        id=f"order-{customer.id.removeprefix('cust-')}-1",
        items=items,
        state=state,
        days_ago=days_ago,
        due_in_days=15 - days_ago,
    )


def _order(customer: Customer, order: PlacedOrder, today: date) -> tmf.Body:
    ordered_on = today - timedelta(days=order.days_ago)
    due = order.due_in_days
    ends = {} if due is None else {_ends(order): datetime.combine(today + timedelta(days=due), DUE_AT, UTC).isoformat()}
    return {
        "id": order.id,
        "href": f"{ORDERS}/{order.id}",
        "state": order.state,
        "orderDate": datetime.combine(ordered_on, PLACED_AT, UTC).isoformat(),
        **ends,
        "productOrderItem": [
            {
                "id": str(number),
                "quantity": 1,
                "action": "add",
                "state": order.state,
                "productOffering": {"id": name.lower().replace(" ", "-"), "name": name},
            }
            for number, name in enumerate(order.items, start=1)
        ],
        "relatedParty": [{"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}],
        "@type": "ProductOrder",
    }


def _ends(order: PlacedOrder) -> str:
    return "completionDate" if order.state == "completed" else "expectedCompletionDate"
