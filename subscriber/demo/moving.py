"""Moves of the demo operator's customers: what becomes of each plan at another address, and the orders of moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from fastapi import HTTPException

from subscriber.demo import tmf
from subscriber.demo.addresses import Map, Street
from subscriber.demo.book import Book, Customer
from subscriber.demo.ordering import ORDERS, Item, OrderBook, Ordered, Question
from subscriber.demo.tariff import CURRENCY, DemoPlan, Tariff

MOVE = "move"
READY_DAYS, VISIT_DAYS = 7, 14  # the soonest, by whether a line is ready
VISIT_PRICE, VISIT_TERM_MONTHS = "39.00", 12
SUNDAY = 6


@dataclass(slots=True)
class Move:
    id: str
    customer: Customer
    ordered: Ordered
    ordered_at: datetime
    begins_at: datetime


class MoveBook:
    """What customers ordered since the program runs."""

    def __init__(self, book: Book, tariff: Tariff, houses: Map, orders: OrderBook) -> None:
        self._book = book
        self._tariff = tariff
        self._houses = houses
        self._orders = orders
        self._moves: list[Move] = []
        self._by_key: dict[str, Move] = {}

    def of(self, customer: Customer) -> Iterator[tmf.Body]:
        return (_body(move) for move in self._moves if move.customer.id == customer.id)

    def qualify(self, question: Question) -> tmf.Body:
        customer = self._customer(question.party[0].id)
        items = [self._item(str(place), customer, one) for place, one in enumerate(question.items, start=1)]
        return {"id": f"qualification-{customer.id}", "state": "done", "productOfferingQualificationItem": items}

    def place(self, ordered: Ordered, key: str) -> tmf.Body:
        """The same for the same key. Raises 404 for a stranger, 409 for what is not possible."""
        if key in self._by_key:
            return _body(self._by_key[key])
        customer = self._customer(ordered.party[0].id)
        for item in ordered.items:
            became = self._becomes(customer, item)
            if isinstance(became, str) or became.id != item.offering.id:
                raise HTTPException(409, "this cannot be had there")
        begins = max(self._begins(item) for item in ordered.items)
        move = Move(f"PO-{200001 + len(self._moves)}", customer, ordered, datetime.now(UTC), begins)
        self._moves.append(move)
        self._by_key[key] = move
        return _body(move)

    def _customer(self, customer_id: str) -> Customer:
        found = self._book.customers_for(customer_id)
        if not found:
            raise HTTPException(404, "there is no such customer")
        return found[0]

    def _item(self, number: str, customer: Customer, item: Item) -> tmf.Body:
        became = self._becomes(customer, item)
        told: tmf.Body = {"id": number, "state": "done", "action": "modify", "product": {"id": item.product.id}}
        if isinstance(became, str):
            reason = [{"code": became, "label": "it cannot be moved there"}]
            return {**told, "qualificationItemResult": "unqualified", "eligibilityUnavailabilityReason": reason}
        offering, product = {"id": became.id, "name": became.name}, self._product(item, became)
        told["expectedActivationDate"] = self._begins(item).isoformat()
        if became.id == item.offering.id:
            return {**told, "qualificationItemResult": "qualified", "productOffering": offering, "product": product}
        proposal = {"id": "1", "alternateProductOffering": offering, "alternateProduct": product}
        return {**told, "qualificationItemResult": "alternate", "alternateProductOfferingProposal": [proposal]}

    def _becomes(self, customer: Customer, item: Item) -> DemoPlan | str:
        """The plan there, or the code of a reason."""
        service = next((one for one in customer.services if f"prod-{one.id}" == item.product.id), None)
        street = self._street(item)
        if service is None or street is None:
            return "noProduct"
        if customer.barred:
            return "unpaidBill"
        if self._orders.is_busy(item.product.id) or any(one.customer.id == customer.id for one in self._moves):
            return "orderInProgress"
        present = self._tariff.plan_of(service.name)
        if street.down_mbps >= max(present.down_mbps, 1):
            return present
        slower = [
            plan
            for plan in self._tariff.plans
            if plan.kind == present.kind and plan.on_offer and 0 < plan.down_mbps <= street.down_mbps
        ]
        alike = [plan for plan in slower if plan.name.split()[0] == present.name.split()[0]]
        return max(alike, key=lambda plan: plan.down_mbps, default="notServiceable")

    def _street(self, item: Item) -> Street | None:
        return self._houses.street_of(item.product.place[0].id) if item.product.place else None

    def _begins(self, item: Item) -> datetime:
        """The day that is wished, when it is not too soon and no Sunday."""
        street = self._street(item)
        days = READY_DAYS if street is not None and street.line_ready else VISIT_DAYS
        day = datetime.now(UTC).date() + timedelta(days=days)
        if item.product.starts_at is not None:
            day = max(day, item.product.starts_at.astimezone(UTC).date())
        day += timedelta(days=day.weekday() == SUNDAY)
        return datetime.combine(day, time(0), UTC)

    def _product(self, item: Item, plan: DemoPlan) -> tmf.Body:
        street = self._street(item)
        is_line = plan.kind == "broadband"
        needs_visit = is_line and street is not None and not street.line_ready
        prices = [_price("recurring", str(plan.price)), *([_price("oneTime", VISIT_PRICE)] if needs_visit else [])]
        facts: list[tmf.Body] = [{"name": "technicianVisit", "value": needs_visit}]
        if is_line:
            facts.append({"name": "downMbps", "value": plan.down_mbps})
        term = {"name": "minimum term", "duration": {"amount": VISIT_TERM_MONTHS, "units": "month"}}
        return {
            "id": item.product.id,
            "place": [one.model_dump() for one in item.product.place],
            "terminationDate": self._begins(item).isoformat(),
            "productPrice": prices,
            "productCharacteristic": facts,
            "productTerm": [term] if needs_visit else [],
        }


def _price(kind: str, amount: str) -> tmf.Body:
    period = {"recurringChargePeriod": "month"} if kind == "recurring" else {}
    return {"priceType": kind, **period, "price": {"taxIncludedAmount": {"unit": CURRENCY, "value": float(amount)}}}


def _body(move: Move) -> tmf.Body:
    customer = move.customer
    return {
        "id": move.id,
        "href": f"{ORDERS}/{move.id}",
        "externalId": move.ordered.external_id,
        "category": MOVE,
        "state": "acknowledged",
        "orderDate": move.ordered_at.isoformat(),
        "expectedCompletionDate": move.begins_at.isoformat(),
        "productOrderItem": [
            {
                "id": str(number),
                "quantity": 1,
                "action": "modify",
                "state": "acknowledged",
                "productOffering": {"id": item.offering.id, "name": item.offering.name},
                "product": {"id": item.product.id, "place": [one.model_dump() for one in item.product.place]},
            }
            for number, item in enumerate(move.ordered.items, start=1)
        ],
        "relatedParty": [{"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}],
        "@type": "ProductOrder",
    }
