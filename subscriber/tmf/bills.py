"""TMF678 Customer Bill Management v4 -> Bill: customerBill for the totals, appliedCustomerBillingRate for the lines.

A rate's `type` is the kind of line; bills that are not issued yet (`new`, `onHold`, `validated`) are not told.
"""

import asyncio
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from subscriber.bills import Bill, BillLine, LineKind, OpenBill
from subscriber.connection import Connection
from subscriber.errors import SubscriberUnavailable
from subscriber.money import total
from subscriber.tmf.wire import Amount, Moment, Party, Reference, Text, Wire, believed

BILLS = "/tmf-api/customerBillManagement/v4/customerBill"
RATES = "/tmf-api/customerBillManagement/v4/appliedCustomerBillingRate"
ISSUED = frozenset({"sent", "partiallyPaid", "settled"})


class _Span(Wire):
    start: Moment = Field(alias="startDateTime")
    end: Moment = Field(alias="endDateTime")


class _Tax(Wire):
    amount: Amount = Field(alias="taxAmount")


class _Bill(Wire):
    id: Text
    number: Text = Field(alias="billNo")
    state: Literal["new", "onHold", "validated", "sent", "partiallyPaid", "settled"]
    dated: Moment = Field(alias="billDate")
    due: Moment = Field(alias="paymentDueDate")
    period: _Span = Field(alias="billingPeriod")
    remaining: Amount = Field(alias="remainingAmount")
    with_tax: Amount = Field(alias="taxIncludedAmount")
    without_tax: Amount = Field(alias="taxExcludedAmount")
    tax: tuple[_Tax, ...] = Field(default=(), alias="taxItem")
    party: list[Party] = Field(alias="relatedParty")


class _Rate(Wire):
    name: Text
    type: LineKind
    bill: Reference
    with_tax: Amount = Field(alias="taxIncludedAmount")
    product: Reference | None = None

    def line(self) -> BillLine:
        return BillLine(self.name, self.type, self.with_tax.money(), self.product.id if self.product else "")


_BILLS = TypeAdapter(list[_Bill])
_RATES: TypeAdapter[list[_Rate]] = TypeAdapter(Annotated[list[_Rate], Field(max_length=1000)])


class TmfBills:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def newest(self, customer_id: str, most: int) -> list[Bill]:
        issued = await self._issued(customer_id)
        newest = sorted(issued, key=lambda bill: bill.dated, reverse=True)[:most]
        return list(await asyncio.gather(*(self._with_lines(bill) for bill in newest)))

    async def open(self, customer_id: str) -> list[OpenBill]:
        issued = await self._issued(customer_id)
        found = [believed("bills", lambda bill=bill: _opened(bill)) for bill in issued]  # type: ignore[misc]  # mypy cannot type a lambda's default
        return sorted((bill for bill in found if bill.remaining), key=lambda bill: bill.due)

    async def _issued(self, customer_id: str) -> list[_Bill]:
        query = {"relatedParty.id": customer_id, "sort": "-billDate"}
        found = await self._connection.get(BILLS, _BILLS, query) or ()
        return [bill for bill in found if bill.state in ISSUED and _is_theirs(bill, customer_id)]

    async def _with_lines(self, bill: _Bill) -> Bill:
        rates = await self._connection.get(RATES, _RATES, {"bill.id": bill.id})
        if not rates or any(rate.bill.id != bill.id for rate in rates):
            raise SubscriberUnavailable("bills gave no lines of the bill, or those of another")
        return believed("bills", lambda: _bill(bill, rates))


def _is_theirs(bill: _Bill, customer_id: str) -> bool:
    return any(party.id == customer_id and party.role == "customer" for party in bill.party)


def _opened(bill: _Bill) -> OpenBill:
    remaining, charged = bill.remaining.money(), bill.with_tax.money()
    if remaining.is_negative or charged < remaining:
        raise ValueError("more than the total is open, or less than nothing")
    return OpenBill(bill.id, bill.number, bill.due, remaining)


def _bill(bill: _Bill, rates: list[_Rate]) -> Bill:
    charged, net = bill.with_tax.money(), bill.without_tax.money()
    tax = total((item.amount.money() for item in bill.tax), charged.currency)
    if net + tax != charged:
        raise ValueError("net and tax are not the total")
    return Bill(
        bill_id=bill.id,
        number=bill.number,
        dated=bill.dated,
        due=bill.due,
        period_from=bill.period.start,
        period_until=bill.period.end,
        total=charged,
        tax=tax,
        remaining=bill.remaining.money(),
        lines=tuple(rate.line() for rate in rates),
    )
