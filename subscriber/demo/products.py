"""TMF637 products, TMF620 offers, TMF654 credit and TMF677 usage of the demo operator."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from itertools import chain
from random import Random

from dateutil.relativedelta import relativedelta
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.addons import Extras
from subscriber.demo.book import Book, Customer, Service
from subscriber.demo.ledger import billed_on
from subscriber.demo.tariff import CURRENCY, DemoPlan, Tariff
from subscriber.demo.topups import Till

PRODUCTS = "/tmf-api/productInventory/v4/product"
OFFERS = "/tmf-api/productCatalogManagement/v4/productOffering"
BUCKETS = "/tmf-api/prepayBalanceManagement/v4/bucket"
USAGE = "/tmf-api/usageConsumption/v4/queryUsageConsumption"
PAST_MONTHS = 3


def products(book: Book, tariff: Tariff, extras: Extras) -> APIRouter:
    router = APIRouter()

    @router.get(PRODUCTS)
    async def search(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("relatedParty.id"))
        plans = (_product(customer, one, tariff.plan_of(one.name)) for customer in wanted for one in customer.services)
        return tmf.listed(request, chain(plans, (one for customer in wanted for one in extras.of(customer))))

    return router


def offers(tariff: Tariff, extras: Extras) -> APIRouter:
    router = APIRouter()

    @router.get(OFFERS)
    async def search(request: Request) -> JSONResponse:
        return tmf.listed(request, chain((_offer(plan) for plan in tariff.plans if plan.on_offer), extras.on_offer()))

    return router


def credits(book: Book, till: Till) -> APIRouter:  # noqa: A001  (the telecom word)
    router = APIRouter()

    @router.get(BUCKETS)
    async def search(request: Request) -> JSONResponse:
        wanted = book.customers_for(request.query_params.get("relatedParty.id"))
        return tmf.listed(request, (_credit(customer, till.of(customer.id)) for customer in wanted if customer.prepaid))

    return router


class _Party(BaseModel):
    id: str


class UsageQuery(BaseModel):
    party: list[_Party] = Field(alias="relatedParty", min_length=1, max_length=1)


def usage(book: Book, tariff: Tariff, extras: Extras) -> APIRouter:
    router = APIRouter()

    @router.post(USAGE, status_code=201)
    async def query(order: UsageQuery) -> tmf.Body:
        found = book.customers_for(order.party[0].id)
        if not found:
            raise HTTPException(404, "there is no such customer")
        buckets = [
            bucket
            for one in found[0].services
            for bucket in _buckets(found[0], one, tariff.plan_of(one.name), extras.extra_gb(one.id))
        ]
        return {
            "id": f"query-{found[0].id}",
            "queryUsageConsumptionDate": datetime.now(UTC).isoformat(),
            "relatedParty": [_related(found[0])],
            "usageConsumption": [{"id": f"usage-{found[0].id}", "state": "done", "bucketRefOrValue": buckets}],
        }

    return router


def _related(customer: Customer) -> tmf.Body:
    return {"id": customer.id, "name": customer.name, "role": "customer", "@referredType": "Customer"}


def _price(plan: DemoPlan) -> tmf.Body:
    amount = {"taxIncludedAmount": {"unit": CURRENCY, "value": float(plan.price)}}
    return {"priceType": "recurring", "recurringChargePeriod": "month", "price": amount}


def _facts(plan: DemoPlan) -> list[tmf.Body]:
    told = {
        "dataGB": plan.data_gb,
        "minutes": plan.minutes,
        "messages": plan.messages,
        "downMbps": plan.down_mbps,
    }
    allowances = {name: "unlimited" if value < 0 else value for name, value in told.items() if value}
    return [{"name": name, "value": value} for name, value in {"category": plan.kind, **allowances}.items()]


def _product(customer: Customer, service: Service, plan: DemoPlan) -> tmf.Body:
    return {
        "id": f"prod-{service.id}",
        "href": f"{PRODUCTS}/prod-{service.id}",
        "name": service.name,
        "status": "suspended" if customer.barred else "active",
        "productOffering": {"id": plan.id, "name": plan.name},
        "productPrice": [_price(plan)],
        "productCharacteristic": _facts(plan),
        "billingAccount": {"id": customer.account},
        "relatedParty": [_related(customer)],
        "@type": "Product",
    }


def _offer(plan: DemoPlan) -> tmf.Body:
    return {
        "id": plan.id,
        "name": plan.name,
        "lifecycleStatus": "Active",
        "isSellable": True,
        "productOfferingPrice": [_price(plan)],
        "productOfferingTerm": _term(plan),
        "characteristic": _facts(plan),
        "@type": "ProductOffering",
    }


def _term(plan: DemoPlan) -> list[tmf.Body]:
    months = plan.term_months
    return [{"name": "minimum term", "duration": {"amount": months, "units": "month"}}] if months else []


def _credit(customer: Customer, topped_up: Decimal) -> tmf.Body:
    now = datetime.now(UTC)
    span = {"startDateTime": now.isoformat(), "endDateTime": (now + relativedelta(days=90)).isoformat()}
    return {
        "id": f"bucket-{customer.id}",
        "name": "Credit",
        "usageType": "monetary",
        "status": "active",
        "remainingValue": {"amount": float(customer.credit + topped_up), "units": CURRENCY},
        "validFor": span,
        "relatedParty": [_related(customer)],
        "@type": "Bucket",
    }


def _buckets(customer: Customer, service: Service, plan: DemoPlan, extra_gb: int) -> Iterator[tmf.Body]:
    """One for each allowance of a mobile and what packs add: its counters of this month and the three before."""
    spans = [_span(customer, months_ago) for months_ago in range(PAST_MONTHS + 1)]
    kinds = (("data", "GB", plan.data_gb), ("voice", "minutes", plan.minutes), ("sms", "messages", plan.messages))
    for usage_type, units, held in kinds:
        if not held:
            continue
        months = [_used(service, usage_type, held, month) for month in range(PAST_MONTHS + 1)]
        used = [(month * _elapsed(spans[0]) if index == 0 else month) for index, month in enumerate(months)]
        rounded = [amount.quantize(Decimal("0.1") if units == "GB" else Decimal(1)) for amount in used]
        room = held + (extra_gb if usage_type == "data" else 0)
        left = {} if held < 0 else {"remainingValue": {"amount": float(room - rounded[0]), "units": units}}
        yield {
            "id": f"bucket-{service.id}-{usage_type}",
            "name": f"{service.name}: {usage_type}",
            "usageType": usage_type,
            "validFor": spans[0],
            "product": [{"id": f"prod-{service.id}", "name": service.name}],
            **left,
            "bucketCounter": [
                {"counterType": "used", "consumptionPeriod": span, "value": {"amount": float(one), "units": units}}
                for span, one in zip(spans, rounded, strict=True)
            ],
        }


def _span(customer: Customer, months_ago: int) -> dict[str, str]:
    """A month that begins with a bill; the current one for 0."""
    today = datetime.now(UTC).date()
    start, end = billed_on(customer, today, months_ago), billed_on(customer, today, months_ago - 1)
    return {
        "startDateTime": datetime.combine(start, time(), UTC).isoformat(),
        "endDateTime": datetime.combine(end, time(), UTC).isoformat(),
    }


def _elapsed(span: dict[str, str]) -> Decimal:
    """The part of the month that is over."""
    start, end = datetime.fromisoformat(span["startDateTime"]), datetime.fromisoformat(span["endDateTime"])
    return Decimal(str((datetime.now(UTC) - start) / (end - start)))


def _used(service: Service, usage_type: str, held: int, month: int) -> Decimal:
    """In a whole month; a customer's months are alike."""
    habit = Random(f"{service.id}/{usage_type}")  # noqa: S311  (made-up use is no secret)
    swing = Random(f"{service.id}/{usage_type}/{month}")  # noqa: S311
    limit = {"data": 60, "voice": 900, "sms": 200}[usage_type] if held < 0 else held
    usual = habit.uniform(0.15, 0.9) * limit
    if usage_type == "data" and service.uses_gb is not None:
        usual = service.uses_gb
    return Decimal(str(usual * swing.uniform(0.9, 1.1)))
