"""The door to the operator's systems: who a customer is, what runs, what is broken, what the account holds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx
from redis.asyncio import Redis

from settings import ROOT, Settings
from subscriber import facts
from subscriber.accounts import Accounts
from subscriber.addons import AddOn, AddOns, HeldAddOn, bookable, fitting
from subscriber.bill_change import BillChange, LineChange
from subscriber.bills import Bill, BillLine, OpenBill, owed
from subscriber.connection import Connection
from subscriber.credentials import Credential, Credentials, Delivery, NotSent, Sent
from subscriber.customers import Customer, CustomerRecord, Customers
from subscriber.errors import SubscriberUnavailable
from subscriber.extensions import Extension, Refusal
from subscriber.fault import FaultCheck, FaultInquiry
from subscriber.identity_policy import IdentityPolicy
from subscriber.line_test import LineTest, LineTests
from subscriber.login import WebLogin
from subscriber.loyalty import Lot, Loyalty, Points, Reward, RewardRefused, affordable
from subscriber.money import Money, digits_of
from subscriber.moving import Address, Addresses, MovedPlan, MoveTerms, Moving, NotMoved, at_home
from subscriber.ordering import (
    Impossible,
    Item,
    Ordering,
    OrderingPolicy,
    OrderRefused,
    Placed,
    alternatives,
    under_way,
)
from subscriber.orders import Order, Orders
from subscriber.orders import told as orders_told
from subscriber.outages import Outage, Outages, affecting
from subscriber.payments import Duplicate, Payment
from subscriber.pins import Pins
from subscriber.plans import Fit, Plan, Product
from subscriber.policy import BillingPolicy
from subscriber.services import Kind, Services, ServiceState
from subscriber.sims import Puk, Sim, SimRefused, Sims
from subscriber.standing import Level, Standing, reaches
from subscriber.tmf.addons import TmfAddOns
from subscriber.tmf.addresses import TmfAddresses
from subscriber.tmf.credentials import OperatorCredentials
from subscriber.tmf.customers import TmfCustomers
from subscriber.tmf.line_tests import OperatorLineTests
from subscriber.tmf.loyalty import TmfLoyalty
from subscriber.tmf.moving import TmfMoving
from subscriber.tmf.ordering import TmfOrdering
from subscriber.tmf.orders import TmfOrders
from subscriber.tmf.outages import TmfOutages
from subscriber.tmf.pins import OperatorPins
from subscriber.tmf.services import TmfServices
from subscriber.tmf.sims import TmfSims
from subscriber.tmf.topups import TmfTopUps
from subscriber.tmf.usage_alerts import OperatorUsageAlerts
from subscriber.tmf.visits import TmfVisits
from subscriber.topups import TopUps
from subscriber.usage import Allowance, Credit, UsageKind
from subscriber.usage_alerts import UsageAlerts, has_limits
from subscriber.verification import Busy, Given, NewCode, NoCode, Outcome, Verification
from subscriber.visits import Slot, SlotTaken, Visit, Visits, free_slots, offered, upcoming
from subscriber.vouchers import VoucherOutcome, Vouchers

__all__ = [
    "Accounts",
    "AddOn",
    "AddOns",
    "Address",
    "Addresses",
    "Allowance",
    "Bill",
    "BillChange",
    "BillLine",
    "BillingPolicy",
    "Busy",
    "Credential",
    "Credentials",
    "Credit",
    "Customer",
    "Delivery",
    "Duplicate",
    "Extension",
    "FaultCheck",
    "Fit",
    "Given",
    "HeldAddOn",
    "Impossible",
    "Item",
    "Kind",
    "Level",
    "LineChange",
    "LineTest",
    "Lot",
    "Loyalty",
    "Money",
    "MoveTerms",
    "MovedPlan",
    "Moving",
    "NewCode",
    "NoCode",
    "NotMoved",
    "NotSent",
    "OpenBill",
    "Order",
    "OrderRefused",
    "Ordering",
    "OrderingPolicy",
    "Orders",
    "Outage",
    "Outcome",
    "Payment",
    "Placed",
    "Plan",
    "Points",
    "Product",
    "Puk",
    "Refusal",
    "Reward",
    "RewardRefused",
    "Sent",
    "ServiceState",
    "Sim",
    "SimRefused",
    "Sims",
    "Slot",
    "SlotTaken",
    "Standing",
    "SubscriberClient",
    "SubscriberUnavailable",
    "UsageAlerts",
    "UsageKind",
    "Verification",
    "Visit",
    "Visits",
    "VoucherOutcome",
    "Vouchers",
    "WebLogin",
    "affordable",
    "alternatives",
    "at_home",
    "bookable",
    "digits_of",
    "fitting",
    "free_slots",
    "has_limits",
    "offered",
    "orders_told",
    "owed",
    "reaches",
    "under_way",
    "upcoming",
]

POLICY = ROOT / "data" / "operator" / "billing.yml"
ORDERING = ROOT / "data" / "operator" / "ordering.yml"
IDENTITY = ROOT / "data" / "operator" / "identity.yml"

TEST_TIMEOUT_S = 2.5  # the line is measured while we wait; within a fault check's time


def _now() -> datetime:
    return datetime.now(UTC)


class SubscriberClient:
    """Every method raises SubscriberUnavailable when a system it needs gives no believable answer.

    Hold one for the life of the program: it remembers which systems are down.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        country: str = "GB",
        now: Callable[[], datetime] = _now,
        customers: Customers | None = None,
        services: Services | None = None,
        outages: Outages | None = None,
        line_tests: LineTests | None = None,
        accounts: Accounts | None = None,
        pins: Pins | None = None,
        orders: Orders | None = None,
        visits: Visits | None = None,
        sims: Sims | None = None,
        loyalty: Loyalty | None = None,
        ordering: Ordering | None = None,
        addons: AddOns | None = None,
        topups: TopUps | None = None,
        usage_alerts: UsageAlerts | None = None,
        credentials: Credentials | None = None,
        addresses: Addresses | None = None,
        moving: Moving | None = None,
    ) -> None:
        """`http` has the operator's base URL and bearer header; a system passed in replaces its TMF client."""
        self._http = http
        self._now = now
        self._country = country
        self._customers = customers or TmfCustomers(Connection(http, "customers"), country)
        self._services = services or TmfServices(Connection(http, "services"))
        self._outages = outages or TmfOutages(Connection(http, "outages"))
        self._line_tests = line_tests or OperatorLineTests(Connection(http, "line_test", timeout_s=TEST_TIMEOUT_S))
        self.accounts = accounts or Accounts.over(http, BillingPolicy.read(POLICY))
        self._pins = pins or OperatorPins(Connection(http, "pins"))
        self._country = country
        self.orders: Orders = orders or TmfOrders(Connection(http, "orders"))
        self.ordering: Ordering = ordering or TmfOrdering(
            Connection(http, "ordering"), Connection(http, "qualifications")
        )
        self.addons: AddOns = addons or TmfAddOns(Connection(http, "offers"), Connection(http, "products"))
        self._topups: TopUps = topups or TmfTopUps(Connection(http, "topups"))
        self.usage_alerts: UsageAlerts = usage_alerts or OperatorUsageAlerts(Connection(http, "usage_alerts"))
        self.ordering_policy = OrderingPolicy.read(ORDERING)
        self.visits: Visits = visits or TmfVisits(Connection(http, "appointments"))
        self.loyalty: Loyalty = loyalty or TmfLoyalty(Connection(http, "loyalty"))
        self.addresses: Addresses = addresses or TmfAddresses(Connection(http, "addresses"))
        self.moving: Moving = moving or TmfMoving(Connection(http, "qualifications"), Connection(http, "ordering"))
        self.credentials: Credentials = credentials or OperatorCredentials(Connection(http, "credentials"))
        self.sims: Sims = sims or TmfSims(Connection(http, "sims"))

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        token = settings.firstline_operator_token.get_secret_value()
        http = httpx.AsyncClient(
            base_url=settings.firstline_operator_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TEST_TIMEOUT_S,  # for connecting and each read; Connection limits the whole answer
        )
        return cls(http, country=settings.firstline_country)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def verification(self, redis: "Redis", *, secret: str, now: Callable[[], float] = time.time) -> Verification:
        """Who is it, over the same customer system. `redis` decodes its answers; `secret` is ours alone."""
        policy = IdentityPolicy.read(IDENTITY)
        return Verification(self._customers, self._pins, redis, policy, secret=secret, country=self._country, now=now)

    def vouchers(self, redis: "Redis", verification: Verification, *, now: Callable[[], float] = time.time) -> Vouchers:
        """What is given for a top-up by whom `verification` knows."""
        policy = IdentityPolicy.read(IDENTITY)
        return Vouchers(self._topups, verification.standing, redis, policy, digest=verification.digest, now=now)

    async def customer_of(self, customer_id: str) -> Customer | None:
        """Of one who was verified before."""
        found = await self._customers.get(customer_id)
        return found.customer if found else None

    async def reached_besides(self, customer_id: str, number: str) -> str | None:
        """Where else the customer reads what we send: another mobile number on file, the one that gets one-time codes
        first, else their e-mail address."""
        record = await self._customers.get(customer_id)
        if record is None:
            return None
        return next((one for one in record.mobiles if one != number), record.customer.email or None)

    async def find_by_phone(self, e164: str) -> str | None:
        """The one customer with this number; None when nobody or several have it. Proves nothing about the caller."""
        found = await self._customers.by_phone(e164)
        return found[0].customer.customer_id if len(found) == 1 else None

    async def home_of(self, e164: str) -> tuple[str, str] | None:
        """Customer id and postcode district of the one customer with this number. Proves nothing about the caller: of
        use to tell of an outage in the district, and to count one customer once."""
        found = await self._customers.by_phone(e164)
        if len(found) != 1:
            return None
        customer = found[0].customer
        return (customer.customer_id, self.district(customer.postcode)) if customer.postcode else None

    def district(self, postcode: str) -> str:
        """The part of a postcode that names a district, as in "LF4"; elsewhere the whole of it."""
        return facts.district(postcode, self._country)

    def district_in(self, text: str) -> str | None:
        """Of the one whole postcode in a sentence."""
        return facts.district_in(text, self._country)

    def postcode_in(self, text: str) -> str | None:
        """The one whole postcode in a sentence."""
        return facts.postcode_in(text, self._country)

    async def services(self, customer_id: str) -> list[ServiceState]:
        return await self._services.of_customer(customer_id)

    async def outage_for(self, where: str, kind: Kind) -> Outage | None:
        """What explains a fault of this kind there now; `where` is a customer id or a place id."""
        record = await self._customers.get(where)
        places = await self._places(record, kind) if record else {where}
        found = [outage for place in sorted(places) for outage in await self._outages.open_at(place)]
        return affecting(found, kind, self._now())

    async def _places(self, record: CustomerRecord, kind: Kind) -> set[str]:
        services = await self._services.of_customer(record.customer.customer_id)
        delivered = {service.place_id for service in services if service.kind == kind and service.place_id}
        return delivered or {record.customer.place_id}

    async def line_test(self, service_id: str) -> LineTest:
        return await self._line_tests.run(service_id)

    async def check_fault(self, customer_id: str, kind: Kind) -> list[FaultCheck]:
        """Account, outage and line test at the same time, in this order; never raises, never longer than 3 s.

        A system that does not answer in that time makes its check "unknown".
        """
        inquiry = FaultInquiry(self._customers, self._services, self._outages, self._line_tests, now=self._now)
        return await inquiry.check(customer_id, kind)
