"""TMF622 Product Order v4 -> Order. What is ordered is named by the item's product, else by its offering."""

from pydantic import Field, StrictStr, TypeAdapter

from subscriber.connection import Connection
from subscriber.orders import Order, OrderState
from subscriber.tmf.product_order import ORDERS, State
from subscriber.tmf.wire import Moment, Party, Text, Wire, believed

_STATES: dict[State, OrderState] = {
    "acknowledged": "received",
    "rejected": "rejected",
    "pending": "waiting",
    "held": "held",
    "inProgress": "in_progress",
    "cancelled": "cancelled",
    "completed": "done",
    "failed": "failed",
    "partial": "part_done",
    "assessingCancellation": "in_progress",
    "pendingCancellation": "in_progress",
}


class _Named(Wire):
    name: StrictStr = ""


class _Item(Wire):
    product: _Named = _Named()
    offering: _Named = Field(default=_Named(), alias="productOffering")

    @property
    def name(self) -> str:
        return self.product.name or self.offering.name


class _Order(Wire):
    id: Text
    state: State
    ordered_at: Moment = Field(alias="orderDate")
    expected_at: Moment | None = Field(default=None, alias="expectedCompletionDate")
    done_at: Moment | None = Field(default=None, alias="completionDate")
    items: tuple[_Item, ...] = Field(alias="productOrderItem")
    party: list[Party] = Field(alias="relatedParty")

    def order(self) -> Order:
        names = tuple(item.name for item in self.items if item.name)
        return Order(self.id, names, _STATES[self.state], self.ordered_at, self.expected_at, self.done_at)


_MANY = TypeAdapter(list[_Order])


class TmfOrders:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Order]:
        found = await self._connection.get(ORDERS, _MANY, {"relatedParty.id": customer_id}) or ()
        theirs = [order for order in found if any(party.id == customer_id for party in order.party)]
        return believed("orders", lambda: [order.order() for order in theirs])
