"""TMF679 Product Offering Qualification v4 -> what is possible; TMF622 Product Order v4, placed and read.

A qualification is answered at once (`state` "done"), with `expectedActivationDate` or the code of a reason. An order
carries its key twice: as `externalId`, and as the header Idempotency-Key. 409 is a refusal. An order of the `category`
"move" changes where a product is, and no product: it is read in moving.py.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberConflict, SubscriberUnavailable
from subscriber.ordering import Impossible, Item, ItemAction, OrderRefused, Placed
from subscriber.tmf.product_order import OPEN, ORDERS, REFUSED, Action, OrderedOffering, ProductOrder
from subscriber.tmf.wire import Moment, Reference, Wire

QUALIFICATIONS = "/tmf-api/productOfferingQualification/v4/productOfferingQualification"
MOVE = "move"  # the category of an order of moving.py
REASONS: dict[str, Impossible] = {
    "orderInProgress": "under_way",
    "minimumTerm": "minimum_term",
    "unpaidBill": "unpaid",
}


class _Reason(Wire):
    code: StrictStr = ""


class _QualifiedItem(Wire):
    result: Literal["qualified", "unqualified"] = Field(alias="qualificationItemResult")
    begins_at: Moment | None = Field(default=None, alias="expectedActivationDate")
    reasons: tuple[_Reason, ...] = Field(default=(), alias="eligibilityUnavailabilityReason")
    offering: Reference = Field(alias="productOffering")


class _Qualification(Wire):
    state: Literal["done"]
    items: list[_QualifiedItem] = Field(alias="productOfferingQualificationItem", min_length=1, max_length=1)


class _Relation(Wire):
    product: Reference


class _Product(Wire):
    id: StrictStr = ""
    relations: tuple[_Relation, ...] = Field(default=(), alias="productRelationship")


class _Item(Wire):
    action: Action = "add"
    offering: OrderedOffering = Field(default=OrderedOffering(), alias="productOffering")
    product: _Product = _Product()

    def item(self, action: ItemAction) -> Item:
        above = self.product.relations[0].product.id if self.product.relations else ""
        return Item(action, self.offering.id, self.offering.name, self.product.id or above)


class _Order(ProductOrder):
    items: tuple[_Item, ...] = Field(alias="productOrderItem")

    def placed(self) -> Placed:
        items = tuple(one.item(one.action) for one in self.items if one.action != "noChange")
        return Placed(self.id, items, self.state in OPEN, self.expected_at)


_ONE = TypeAdapter(_Order)
_MANY = TypeAdapter(list[_Order])
_QUALIFIED = TypeAdapter(_Qualification)


class TmfOrdering:
    def __init__(self, orders: Connection, qualifications: Connection) -> None:
        self._orders = orders
        self._qualifications = qualifications

    async def possible(self, customer_id: str, item: Item) -> datetime | Impossible:
        body = {
            "instantSyncQualification": True,
            "provideUnavailabilityReason": True,
            "productOfferingQualificationItem": [_written(item)],
            "relatedParty": [party(customer_id)],
        }
        found = await self._qualifications.post(QUALIFICATIONS, _QUALIFIED, body)
        if found is None or found.items[0].offering.id != item.offering_id:
            raise SubscriberUnavailable("qualifications answered something else")
        answer = found.items[0]
        if answer.result == "unqualified":
            known = (REASONS.get(reason.code) for reason in answer.reasons)
            return next((reason for reason in known if reason), "other")
        if answer.begins_at is None:
            raise SubscriberUnavailable("qualifications does not say from when")
        return answer.begins_at

    async def place(self, customer_id: str, item: Item, *, key: str) -> Placed:
        """Raises SubscriberUnavailable too when what was recorded is not what was asked for."""
        body = {
            "externalId": key,
            "category": "self-service",
            "productOrderItem": [_written(item)],
            "relatedParty": [party(customer_id)],
        }
        try:
            found = await self._orders.post(ORDERS, _ONE, body, key=key)
        except SubscriberConflict:
            raise OrderRefused from None
        if found is not None and found.state in REFUSED:
            raise OrderRefused
        placed = (
            found.placed() if found is not None and found.external_id == key and _is_of(found, customer_id) else None
        )
        if placed is None or [(one.action, one.offering_id) for one in placed.items] != [
            (item.action, item.offering_id)
        ]:
            raise SubscriberUnavailable("orders recorded something else")
        return placed

    async def of_customer(self, customer_id: str) -> list[Placed]:
        found = await self._orders.get(ORDERS, _MANY, {"relatedParty.id": customer_id}) or ()
        return [order.placed() for order in found if order.category != MOVE and _is_of(order, customer_id)]


def _is_of(order: _Order, customer_id: str) -> bool:
    return any(party.id == customer_id for party in order.party)


def _written(item: Item) -> dict[str, object]:
    """What is added relies on the product it belongs to; what is changed or removed is that product."""
    if item.action == "add":
        product: dict[str, object] = {
            "productRelationship": [{"relationshipType": "reliesOn", "product": {"id": item.product_id}}]
        }
    else:
        product = {"id": item.product_id}
    return {
        "id": "1",
        "quantity": 1,
        "action": item.action,
        "productOffering": {"id": item.offering_id, "name": item.name},
        "product": product,
    }


def party(customer_id: str) -> dict[str, str]:
    return {"id": customer_id, "role": "customer", "@referredType": "Customer"}
