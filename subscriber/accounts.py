"""A customer's account: bills, payments, credit, usage and plans, each out of its own system."""

import asyncio
from datetime import datetime, timedelta
from typing import Self

import httpx

from subscriber.bill_change import BillChange, compare
from subscriber.bills import Bill, Bills, OpenBill
from subscriber.connection import Connection
from subscriber.extensions import Extension, Extensions, Refusal, possible
from subscriber.payments import Duplicate, Payment, Payments, duplicates
from subscriber.plans import Fit, Offers, Plan, Product, Products, fit
from subscriber.policy import BillingPolicy
from subscriber.recent import Recent
from subscriber.tmf.bills import TmfBills
from subscriber.tmf.credits import TmfCredits
from subscriber.tmf.extensions import OperatorExtensions
from subscriber.tmf.payments import TmfPayments
from subscriber.tmf.products import TmfOffers, TmfProducts
from subscriber.tmf.usage import TmfUsage
from subscriber.usage import Allowance, Credit, Credits, Usage

BILLS_AGE_S = 60.0  # bills change once a month; what is left to pay of them is never older than a minute
OFFERS_AGE_S = 900.0  # the catalogue is the same for everybody
# Payments, credit and usage are asked for anew each time: a customer asks because they have just changed.


class Accounts:
    """Every method raises SubscriberUnavailable when a system it needs gives no believable answer."""

    def __init__(
        self,
        *,
        bills: Bills,
        payments: Payments,
        prepaid: Credits,
        usage: Usage,
        products: Products,
        offers: Offers,
        extensions: Extensions,
        policy: BillingPolicy,
    ) -> None:
        self._bills = bills
        self._payments = payments
        self._prepaid = prepaid
        self._usage = usage
        self._products = products
        self._offers = offers
        self._extensions = extensions
        self._policy = policy
        self._recent_bills: Recent[list[Bill]] = Recent(age_s=BILLS_AGE_S)
        self._recent_offers: Recent[list[Plan]] = Recent(age_s=OFFERS_AGE_S)

    @classmethod
    def over(cls, http: httpx.AsyncClient, policy: BillingPolicy) -> Self:
        """The TM Forum clients. A system that speaks something else is one new file and one changed line here."""
        return cls(
            bills=TmfBills(Connection(http, "bills")),
            payments=TmfPayments(Connection(http, "payments")),
            prepaid=TmfCredits(Connection(http, "credits")),
            usage=TmfUsage(Connection(http, "usage")),
            products=TmfProducts(Connection(http, "products")),
            offers=TmfOffers(Connection(http, "offers")),
            extensions=OperatorExtensions(Connection(http, "extensions")),
            policy=policy,
        )

    async def last_bill(self, customer_id: str) -> Bill | None:
        return next(iter(await self._two_bills(customer_id)), None)

    async def bill_change(self, customer_id: str) -> tuple[Bill, Bill, BillChange] | None:
        """The last bill, the one before, and what is between them; None when there are not two of one currency."""
        bills = await self._two_bills(customer_id)
        if len(bills) < 2 or bills[0].total.currency != bills[1].total.currency:
            return None
        return bills[0], bills[1], compare(bills[1], bills[0])

    async def open_bills(self, customer_id: str) -> list[OpenBill]:
        return await self._bills.open(customer_id)

    async def credit(self, customer_id: str) -> list[Credit]:
        return await self._prepaid.of_customer(customer_id)

    async def payments(self, customer_id: str) -> list[Payment]:
        return await self._payments.of_customer(customer_id)

    async def duplicate_payments(self, customer_id: str) -> list[Duplicate]:
        return self.repeated(await self._payments.of_customer(customer_id))

    def repeated(self, payments: list[Payment]) -> list[Duplicate]:
        """Those that were taken twice, by the operator's policy."""
        return duplicates(payments, timedelta(days=self._policy.duplicate_within_days))

    async def allowances(self, customer_id: str) -> list[Allowance]:
        return await self._usage.of_customer(customer_id)

    async def products(self, customer_id: str) -> list[Product]:
        return await self._products.of_customer(customer_id)

    async def offers(self) -> list[Plan]:
        """The plans that can be had now."""
        return await self._recent_offers.get("all", self._offers.all)

    async def fits(self, customer_id: str) -> list[Fit]:
        """For each mobile plan with months on record: what it would take, and the cheapest plan for that."""
        products, allowances, offers = await asyncio.gather(
            self._products.of_customer(customer_id),
            self._usage.of_customer(customer_id),
            self.offers(),
        )
        reserve = self._policy.plan_reserve
        found = (fit(one, allowances, offers, reserve=reserve) for one in products if one.plan.kind == "mobile")
        return [one for one in found if one is not None]

    async def extension(self, customer_id: str, now: datetime) -> tuple[OpenBill, Extension] | Refusal:
        """What may be agreed about the oldest open bill."""
        bills, granted = await asyncio.gather(self._bills.open(customer_id), self._extensions.of_customer(customer_id))
        return possible(bills, granted, self._policy, now)

    async def extensions(self, customer_id: str) -> list[Extension]:
        return await self._extensions.of_customer(customer_id)

    async def grant(self, customer_id: str, extension: Extension) -> None:
        await self._extensions.grant(customer_id, extension)

    async def _two_bills(self, customer_id: str) -> list[Bill]:
        return await self._recent_bills.get(customer_id, lambda: self._bills.newest(customer_id, 2))
