"""TMF676 Payment Management v4 -> Payment. TMF676 leaves `status` open: these are the words we know."""

from typing import Literal

from pydantic import Field, TypeAdapter

from subscriber.connection import Connection
from subscriber.money import Money
from subscriber.payments import Payment
from subscriber.tmf.wire import Amount, Moment, Party, Reference, Text, Wire, believed

PATH = "/tmf-api/paymentManagement/v4/payment"

_Status = Literal["accepted", "done", "pending", "inProgress", "failed", "rejected", "cancelled"]
_STATES: dict[_Status, Literal["received", "pending", "failed"]] = {
    "accepted": "received",
    "done": "received",
    "pending": "pending",
    "inProgress": "pending",
    "failed": "failed",
    "rejected": "failed",
    "cancelled": "failed",
}


class _Item(Wire):
    item: Reference


class _Payment(Wire):
    id: Text
    at: Moment = Field(alias="paymentDate")
    status: _Status
    amount: Amount
    payer: Party
    items: tuple[_Item, ...] = Field(default=(), alias="paymentItem")

    def payment(self) -> Payment:
        amount = self.amount.money()
        if amount <= Money(amount.amount * 0, amount.currency):
            raise ValueError("a payment of nothing or less")
        return Payment(self.id, self.at, amount, _STATES[self.status], tuple(item.item.id for item in self.items))


_MANY = TypeAdapter(list[_Payment])


class TmfPayments:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_customer(self, customer_id: str) -> list[Payment]:
        found = await self._connection.get(PATH, _MANY, {"payer.id": customer_id, "sort": "-paymentDate"}) or ()
        theirs = [payment for payment in found if payment.payer.id == customer_id]
        payments = believed("payments", lambda: [payment.payment() for payment in theirs])
        return sorted(payments, key=lambda payment: payment.at, reverse=True)
