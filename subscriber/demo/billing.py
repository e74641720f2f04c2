"""TMF678 bills and their lines, TMF676 payments, and agreements to pay later, of the demo operator."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book, Customer
from subscriber.demo.ledger import DemoBill, DemoPayment, Line, bills_of, payments_of
from subscriber.demo.tariff import CURRENCY, TAX_PCT, Tariff

BILLS = "/tmf-api/customerBillManagement/v4/customerBill"
RATES = "/tmf-api/customerBillManagement/v4/appliedCustomerBillingRate"
PAYMENTS = "/tmf-api/paymentManagement/v4/payment"
EXTENSIONS = "/payment-extension/v1/extension"


def bills(book: Book, tariff: Tariff) -> APIRouter:
    router = APIRouter()

    @router.get(BILLS)
    async def search(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("relatedParty.id"))
        return tmf.listed(request, (_bill(customer, bill) for customer, bill in _all(wanted, tariff)))

    @router.get(RATES)
    async def lines(request: Request) -> JSONResponse:
        wanted = book.customers_for(_customer_of(request.query_params.get("bill.id")))
        found = (_rate(bill, line) for _, bill in _all(wanted, tariff) for line in bill.lines)
        return tmf.listed(request, found)

    return router


def payments(book: Book, tariff: Tariff) -> APIRouter:
    router = APIRouter()

    @router.get(PAYMENTS)
    async def search(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("payer.id"))
        paid = (
            _payment(customer, payment)
            for customer in wanted
            for payment in payments_of(customer, bills_of(customer, tariff, _today()))
        )
        return tmf.listed(request, paid)

    return router


class ExtensionOrder(BaseModel):
    customer_id: str = Field(alias="customerId", max_length=100)
    bill_id: str = Field(alias="billId", max_length=100)
    until: AwareDatetime


def extensions() -> APIRouter:
    """Kept while the program runs; a bill keeps the first one."""
    router, granted = APIRouter(), dict[tuple[str, str], tmf.Body]()

    @router.get(EXTENSIONS)
    async def search(request: Request) -> JSONResponse:
        return tmf.listed(request, granted.values())

    @router.post(EXTENSIONS)
    async def grant(order: ExtensionOrder) -> tmf.Body:
        return granted.setdefault((order.customer_id, order.bill_id), order.model_dump(mode="json", by_alias=True))

    return router


def _all(customers: Iterable[Customer], tariff: Tariff) -> Iterator[tuple[Customer, DemoBill]]:
    return ((customer, bill) for customer in customers for bill in bills_of(customer, tariff, _today()))


def _customer_of(bill_id: str | None) -> str | None:
    return f"cust-{bill_id.split('-')[1]}" if bill_id and bill_id.count("-") == 2 else bill_id


def _today() -> date:
    return datetime.now(UTC).date()


def _amount(value: Decimal) -> tmf.Body:
    return {"unit": CURRENCY, "value": float(value)}


def _taxed(amount: Decimal, tax: Decimal) -> tmf.Body:
    return {"taxIncludedAmount": _amount(amount), "taxExcludedAmount": _amount(amount - tax)}


def _bill(customer: Customer, bill: DemoBill) -> tmf.Body:
    start = bill.dated - relativedelta(months=1)
    return {
        "id": bill.id,
        "href": f"{BILLS}/{bill.id}",
        "billNo": f"INV-{bill.id.removeprefix('bill-')}",
        "category": "normal",
        "runType": "onCycle",
        "state": "settled" if bill.is_paid else "sent",
        "billDate": bill.dated.isoformat(),
        "paymentDueDate": bill.due.isoformat(),
        "billingPeriod": {
            "startDateTime": start.isoformat(),
            "endDateTime": (bill.dated - timedelta(seconds=1)).isoformat(),
        },
        "amountDue": _amount(bill.total),
        "remainingAmount": _amount(Decimal(0) if bill.is_paid else bill.total),
        **_taxed(bill.total, bill.tax),
        "taxItem": [{"taxCategory": "VAT", "taxRate": float(TAX_PCT), "taxAmount": _amount(bill.tax)}],
        "billingAccount": {"id": customer.account, "@referredType": "BillingAccount"},
        "relatedParty": [{"id": customer.id, "role": "customer", "@referredType": "Customer"}],
        "@type": "CustomerBill",
    }


def _rate(bill: DemoBill, line: Line) -> tmf.Body:
    product = {"product": {"id": f"prod-{line.service_id}", "name": line.name}} if line.service_id else {}
    return {
        "id": f"{bill.id}-{line.number}",
        "name": line.name,
        "type": line.kind,
        "isBilled": True,
        "bill": {"id": bill.id},
        **_taxed(line.amount, line.tax),
        "appliedTax": [{"taxCategory": "VAT", "taxRate": float(TAX_PCT), "taxAmount": _amount(line.tax)}],
        **product,
        "@type": "AppliedCustomerBillingRate",
    }


def _payment(customer: Customer, payment: DemoPayment) -> tmf.Body:
    return {
        "id": payment.id,
        "href": f"{PAYMENTS}/{payment.id}",
        "paymentDate": payment.at.isoformat(),
        "status": payment.status,
        "amount": _amount(payment.amount),
        "totalAmount": _amount(payment.amount),
        "account": {"id": customer.account, "@referredType": "BillingAccount"},
        "payer": {"id": customer.id, "name": customer.name, "@referredType": "Customer"},
        "paymentItem": [{"id": "1", "item": {"id": payment.bill_id, "@referredType": "CustomerBill"}}],
        "@type": "Payment",
    }
