"""TMF622 orders that customers place at the demo operator, and TMF679: whether and from when a change is possible."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from fastapi import HTTPException
from pydantic import AwareDatetime, BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.addons import Extras
from subscriber.demo.book import Book, Customer, Service
from subscriber.demo.ledger import billed_on
from subscriber.demo.tariff import Tariff

ORDERS = "/tmf-api/productOrderingManagement/v4/productOrder"
QUALIFICATIONS = "/tmf-api/productOfferingQualification/v4/productOfferingQualification"
NOTICE_DAYS = 30
BOUND_DAYS = 240  # what is left of a minimum term

Action = Literal["add", "modify", "delete"]


class Named(BaseModel):
    id: str = Field(max_length=100)
    name: str = Field(default="", max_length=200)


class Relation(BaseModel):
    type: str = Field(alias="relationshipType", max_length=50)
    product: Named


class Place(BaseModel):
    id: str = Field(max_length=100)
    role: str = Field(default="", max_length=50)


class ItemProduct(BaseModel):
    id: str = Field(default="", max_length=100)
    place: list[Place] = Field(default=[], max_length=1)  # the new home, of a move
    starts_at: AwareDatetime | None = Field(default=None, alias="startDate")
    relations: list[Relation] = Field(default=[], alias="productRelationship", max_length=3)


class Item(BaseModel):
    action: Action
    offering: Named = Field(alias="productOffering")
    product: ItemProduct

    @property
    def line(self) -> str:
        """The product in use that it concerns."""
        return self.product.relations[0].product.id if self.product.relations else self.product.id


class Ordered(BaseModel):
    external_id: str = Field(alias="externalId", min_length=1, max_length=200)
    category: str = Field(default="", max_length=50)
    items: list[Item] = Field(alias="productOrderItem", min_length=1, max_length=10)
    party: list[Named] = Field(alias="relatedParty", min_length=1, max_length=1)


class Question(BaseModel):
    items: list[Item] = Field(alias="productOfferingQualificationItem", min_length=1, max_length=10)
    party: list[Named] = Field(alias="relatedParty", min_length=1, max_length=1)


@dataclass(slots=True)
class Order:
    id: str
    customer: Customer
    item: Item
    external_id: str
    ordered_at: datetime
    begins_at: datetime
    state: str


class OrderBook:
    """What customers ordered since the program runs."""

    def __init__(self, book: Book, tariff: Tariff, extras: Extras) -> None:
        self._book = book
        self._tariff = tariff
        self._extras = extras
        self._orders: list[Order] = []
        self._by_key: dict[str, Order] = {}

    def of(self, customer: Customer) -> Iterator[tmf.Body]:
        return (_body(order) for order in self._orders if order.customer.id == customer.id)

    def qualify(self, question: Question) -> tmf.Body:
        item, customer = _only(question.items), self._customer(question.party[0].id)
        reason = self._reason(customer, item)
        told: tmf.Body = {"expectedActivationDate": self._begins(customer, item).isoformat()}
        if reason:
            told = {"eligibilityUnavailabilityReason": [{"code": reason[0], "label": reason[1]}]}
        return {
            "id": f"qualification-{customer.id}",
            "state": "done",
            "qualificationResult": "unqualified" if reason else "qualified",
            "productOfferingQualificationItem": [
                {
                    "id": "1",
                    "state": "done",
                    "action": item.action,
                    "qualificationItemResult": "unqualified" if reason else "qualified",
                    "productOffering": {"id": item.offering.id},
                    **told,
                }
            ],
        }

    def place(self, ordered: Ordered, key: str) -> tmf.Body:
        """The same for the same key. Raises 404 for a stranger, 409 for what is not possible."""
        if key in self._by_key:
            return _body(self._by_key[key])
        item, customer = _only(ordered.items), self._customer(ordered.party[0].id)
        if reason := self._reason(customer, item):
            raise HTTPException(409, reason[1])
        now, number = datetime.now(UTC), f"PO-{100001 + len(self._orders)}"
        is_plan = any(f"prod-{one.id}" == item.line for one in customer.services)
        state = "acknowledged" if is_plan and item.action != "add" else "completed"
        order = Order(number, customer, item, ordered.external_id, now, self._begins(customer, item), state)
        if item.action == "add":
            self._extras.add(_service(customer, item.line), item.offering.id)
        elif item.action == "delete" and not is_plan:
            self._extras.remove(item.line)
        self._orders.append(order)
        self._by_key[key] = order
        return _body(order)

    def is_busy(self, product_id: str) -> bool:
        """Whether an order for this product is in progress."""
        return any(one.item.line == product_id and one.state == "acknowledged" for one in self._orders)

    def _customer(self, customer_id: str) -> Customer:
        found = self._book.customers_for(customer_id)
        if not found:
            raise HTTPException(404, "there is no such customer")
        return found[0]

    def _reason(self, customer: Customer, item: Item) -> tuple[str, str] | None:
        """Why it is not possible: a code, and words for staff."""
        is_plan = any(f"prod-{one.id}" == item.line for one in customer.services)
        if item.action == "delete" and not is_plan:
            found = self._extras.can_remove(customer, item.line, item.offering.id)
            return None if found else ("noProduct", "the customer has no such product")
        if not is_plan:
            return "noProduct", "the customer has no such product"
        if customer.barred and item.action != "delete":
            return "unpaidBill", "a bill is not paid"
        service = _service(customer, item.line)
        if item.action == "add":
            is_possible = self._extras.can_add(service, item.offering.id)
            return None if is_possible else ("notOffered", "this is not on offer for the product")
        if self.is_busy(item.line):
            return "orderInProgress", "an order for this product is in progress"
        return self._not_for(service, item) if item.action == "modify" else None

    def _not_for(self, service: Service, item: Item) -> tuple[str, str] | None:
        present = self._tariff.plan_of(service.name)
        wanted = next((plan for plan in self._tariff.plans if plan.id == item.offering.id and plan.on_offer), None)
        if wanted is None or wanted.kind != present.kind or wanted.id == present.id:
            return "notOffered", "this is not on offer for the product"
        if service.is_bound and wanted.price < present.price:
            return "minimumTerm", "the minimum term still runs"
        return None

    def _begins(self, customer: Customer, item: Item) -> datetime:
        """Another plan with the next bill; a plan that ends, after its notice and minimum term; the rest at once."""
        now = datetime.now(UTC)
        if item.action == "modify":
            return datetime.combine(billed_on(customer, now.date(), -1), time(0), UTC)
        ending = next((one for one in customer.services if f"prod-{one.id}" == item.line), None)
        if item.action == "add" or ending is None:
            return now
        days = BOUND_DAYS if ending.is_bound else NOTICE_DAYS
        return datetime.combine(now.date() + timedelta(days=days), time(0), UTC)


def _only(items: list[Item]) -> Item:
    """Raises 400 for an order of several things, which only a move is."""
    if len(items) != 1:
        raise HTTPException(400, "one item a change is taken")
    return items[0]


def _service(customer: Customer, product_id: str) -> Service:
    return next(one for one in customer.services if f"prod-{one.id}" == product_id)


def _body(order: Order) -> tmf.Body:
    item, customer = order.item, order.customer
    return {
        "id": order.id,
        "href": f"{ORDERS}/{order.id}",
        "externalId": order.external_id,
        "state": order.state,
        "orderDate": order.ordered_at.isoformat(),
        ("completionDate" if order.state == "completed" else "expectedCompletionDate"): order.begins_at.isoformat(),
        "productOrderItem": [
            {
                "id": "1",
                "quantity": 1,
                "action": item.action,
                "state": order.state,
                "productOffering": {"id": item.offering.id, "name": item.offering.name},
                "product": item.product.model_dump(by_alias=True, exclude={"place", "starts_at"}),
            }
        ],
        "relatedParty": [{"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}],
        "@type": "ProductOrder",
    }
