"""A move asked about (TMF679 v4) and ordered (TMF622 v4), and those under way.

There is one item for each product in use: `action` "modify", and the new home as the product's `place`, whose role is
"installationAddress"; `product.startDate` is the day that is wished. The answer is read in move_terms.py. The order has
the `category` "move", and its key as `externalId` and Idempotency-Key. 409 is a refusal.
"""

from collections.abc import Sequence
from datetime import date

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.errors import SubscriberConflict, SubscriberUnavailable
from subscriber.moving import MoveTerms, NotMoved
from subscriber.ordering import Item, OrderRefused, Placed
from subscriber.plans import Product
from subscriber.tmf.move_terms import QUALIFIED, Place, terms_of
from subscriber.tmf.ordering import MOVE, QUALIFICATIONS, party
from subscriber.tmf.product_order import OPEN, ORDERS, REFUSED, Action, OrderedOffering, ProductOrder
from subscriber.tmf.wire import Wire

ROLE = "installationAddress"


class _OrderedProduct(Wire):
    id: StrictStr = ""
    place: tuple[Place, ...] = ()


class _OrderItem(Wire):
    action: Action = "add"
    offering: OrderedOffering = Field(default=OrderedOffering(), alias="productOffering")
    product: _OrderedProduct = _OrderedProduct()

    @property
    def said(self) -> tuple[str, str, str, str]:
        where = self.product.place[0].id if self.product.place else ""
        return self.action, self.product.id, self.offering.id, where


class _Order(ProductOrder):
    items: tuple[_OrderItem, ...] = Field(alias="productOrderItem")

    def placed(self) -> Placed:
        items = tuple(Item("modify", one.offering.id, one.offering.name, one.product.id) for one in self.items)
        return Placed(self.id, items, self.state in OPEN, self.expected_at)

    def is_move_of(self, customer_id: str) -> bool:
        return self.category == MOVE and any(one.id == customer_id for one in self.party)


_ONE = TypeAdapter(_Order)
_MANY = TypeAdapter(list[_Order])


class TmfMoving:
    def __init__(self, qualifications: Connection, orders: Connection) -> None:
        self._qualifications = qualifications
        self._orders = orders

    async def possible(
        self, customer_id: str, products: Sequence[Product], address_id: str, day: date | None
    ) -> MoveTerms | NotMoved:
        asked = [Item("modify", one.plan.offering_id, one.plan.name, one.product_id) for one in products]
        start = f"{day.isoformat()}T12:00:00Z" if day else ""
        items = [_written(place, one, address_id, start) for place, one in enumerate(asked, start=1)]
        body = {
            "instantSyncQualification": True,
            "provideAlternative": True,
            "provideUnavailabilityReason": True,
            "productOfferingQualificationItem": items,
            "relatedParty": [party(customer_id)],
        }
        found = await self._qualifications.post(QUALIFICATIONS, QUALIFIED, body)
        return terms_of(found, products, address_id)

    async def place(self, customer_id: str, terms: MoveTerms, address_id: str, *, key: str) -> Placed:
        """Raises SubscriberUnavailable too when what was recorded is not what was asked for."""
        agreed = [Item("modify", one.offering_id, one.name, one.product_id) for one in terms.plans]
        start = terms.begins.isoformat()
        items = [_written(place, one, address_id, start) for place, one in enumerate(agreed, start=1)]
        body = {
            "externalId": key,
            "category": MOVE,
            "requestedStartDate": start,
            "productOrderItem": items,
            "relatedParty": [party(customer_id)],
        }
        try:
            found = await self._orders.post(ORDERS, _ONE, body, key=key)
        except SubscriberConflict:
            raise OrderRefused from None
        if found is not None and found.state in REFUSED:
            raise OrderRefused
        wanted = {("modify", one.product_id, one.offering_id, address_id) for one in terms.plans}
        is_it = found is not None and found.external_id == key and found.is_move_of(customer_id)
        if found is None or not is_it or {one.said for one in found.items} != wanted:
            raise SubscriberUnavailable("orders recorded something else")
        return found.placed()

    async def of_customer(self, customer_id: str) -> list[Placed]:
        found = await self._orders.get(ORDERS, _MANY, {"relatedParty.id": customer_id}) or ()
        return [order.placed() for order in found if order.is_move_of(customer_id)]


def _written(place: int, item: Item, address_id: str, start: str) -> dict[str, object]:
    product: dict[str, object] = {
        "id": item.product_id,
        "place": [{"id": address_id, "role": ROLE, "@referredType": "GeographicAddress"}],
    }
    if start:
        product["startDate"] = start
    return {
        "id": str(place),
        "quantity": 1,
        "action": item.action,
        "productOffering": {"id": item.offering_id, "name": item.name},
        "product": product,
    }
