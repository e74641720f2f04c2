"""What the demo operator billed and was paid: the same for a customer at every start, counted back from today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from dateutil.relativedelta import relativedelta

from subscriber.demo.book import Customer
from subscriber.demo.tariff import TAX_PCT, Tariff

MONTHS = 6  # of bills on record
DAYS_TO_PAY = 14
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    name: str
    kind: str
    amount: Decimal  # with tax
    service_id: str  # "" = of the account

    @property
    def tax(self) -> Decimal:
        """That is in the amount, to the cent."""
        return (self.amount * TAX_PCT / (100 + TAX_PCT)).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class DemoBill:
    id: str
    months_ago: int
    dated: datetime
    lines: tuple[Line, ...]
    is_paid: bool

    @property
    def due(self) -> datetime:
        return self.dated + timedelta(days=DAYS_TO_PAY)

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class DemoPayment:
    id: str
    at: datetime
    amount: Decimal
    status: str
    bill_id: str


def bills_of(customer: Customer, tariff: Tariff, today: date) -> list[DemoBill]:
    """The newest first; none for who is prepaid."""
    if customer.prepaid:
        return []
    return [_bill(customer, tariff, today, months_ago) for months_ago in range(MONTHS)]


def billed_on(customer: Customer, today: date, months_ago: int) -> date:
    return today - timedelta(days=customer.bill_days_ago) - relativedelta(months=months_ago)


def payments_of(customer: Customer, bills: list[DemoBill]) -> Iterator[DemoPayment]:
    """By direct debit on the due date, which fails for a bill that stays unpaid; some are paid a second time."""
    for bill in bills:
        name = f"pay-{bill.id.removeprefix('bill-')}"
        if bill.is_paid:
            yield DemoPayment(name, bill.due, bill.total, "done", bill.id)
        elif bill.months_ago in customer.unpaid:
            yield DemoPayment(name, bill.due, bill.total, "failed", bill.id)
        if bill.months_ago in customer.paid_twice:
            yield DemoPayment(f"{name}-2", bill.due + timedelta(days=2), bill.total, "done", bill.id)


def _bill(customer: Customer, tariff: Tariff, today: date, months_ago: int) -> DemoBill:
    dated = datetime.combine(billed_on(customer, today, months_ago), time(6), UTC)
    is_due = dated.date() + timedelta(days=DAYS_TO_PAY) < today
    return DemoBill(
        id=f"bill-{customer.id.removeprefix('cust-')}-{dated:%y%m}",
        months_ago=months_ago,
        dated=dated,
        lines=tuple(_lines(customer, tariff, months_ago)),
        is_paid=is_due and months_ago not in customer.unpaid,
    )


def _lines(customer: Customer, tariff: Tariff, months_ago: int) -> Iterator[Line]:
    recurring = [(one.name, "recurring", tariff.plan_of(one.name).price, one.id) for one in customer.services]
    once = [(one.name, one.kind, one.amount, "") for one in customer.charges if months_ago in one.months]
    for number, (name, kind, amount, service_id) in enumerate((*recurring, *once), 1):
        yield Line(number, name, kind, amount, service_id)
