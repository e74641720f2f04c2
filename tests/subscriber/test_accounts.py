"""The account behind the real door: the demo operator's figures, and what its odd answers do."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from subscriber.accounts import Accounts
from subscriber.client import SubscriberClient, SubscriberUnavailable
from subscriber.demo.app import DATA
from subscriber.demo.population import populated
from subscriber.recent import Recent
from tests.subscriber.conftest import SwitchOn

MAYA, DANIEL, SEAN, OLIVER, INES = "cust-1001", "cust-1002", "cust-1006", "cust-1008", "cust-1026"
Bodies = Callable[[str, str], Awaitable[list[dict[str, Any]]]]
ASK: dict[str, Callable[[Accounts], Awaitable[Any]]] = {
    "bills": lambda accounts: accounts.last_bill(MAYA),
    "payments": lambda accounts: accounts.payments(MAYA),
    "credits": lambda accounts: accounts.credit(INES),
    "usage": lambda accounts: accounts.allowances(MAYA),
    "products": lambda accounts: accounts.products(MAYA),
    "offers": lambda accounts: accounts.fits(MAYA),
}


@pytest.fixture
def accounts(subscriber: SubscriberClient) -> Accounts:
    return subscriber.accounts


@pytest.fixture
def bodies(operator: httpx.AsyncClient) -> Bodies:
    async def get(path: str, query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await operator.get(f"/tmf-api/{path}?{query}")).json()
        return found

    return get


async def test_a_bill_is_told_to_the_cent_as_the_system_has_it(accounts: Accounts, bodies: Bodies) -> None:
    newest = (await bodies("customerBillManagement/v4/customerBill", f"relatedParty.id={MAYA}"))[0]
    rates = await bodies("customerBillManagement/v4/appliedCustomerBillingRate", f"bill.id={newest['id']}")

    bill = await accounts.last_bill(MAYA)

    assert bill is not None
    assert (bill.number, float(bill.total.amount)) == (newest["billNo"], newest["taxIncludedAmount"]["value"])
    told = [(line.name, float(line.amount.amount)) for line in bill.lines]
    assert told == [(rate["name"], rate["taxIncludedAmount"]["value"]) for rate in rates]


async def test_why_a_bill_is_higher(accounts: Accounts) -> None:
    found = await accounts.bill_change(MAYA)

    assert found is not None
    assert [(line.name, str(line.difference.amount)) for line in found[2].lines] == [
        ("Roaming outside Europe", "8.4"),
        ("New customer discount", "6.0"),
        ("Calls outside your plan", "1.15"),
    ]


async def test_a_payment_taken_twice_is_found(accounts: Accounts) -> None:
    (found,) = await accounts.duplicate_payments(DANIEL)

    assert found.first.bill_ids == found.second.bill_ids
    assert await accounts.duplicate_payments(MAYA) == []


async def test_who_is_prepaid_has_credit_and_no_bill(accounts: Accounts) -> None:
    assert [credit.amount.amount for credit in await accounts.credit(INES)] == [Decimal("7.35")]
    assert (await accounts.last_bill(INES), await accounts.open_bills(INES)) == (None, [])


async def test_a_smaller_plan_is_found_for_who_uses_little(accounts: Accounts) -> None:
    (found,) = await accounts.fits(OLIVER)

    assert (found.product.plan.name, found.best.name) == ("Mobile Unlimited", "Mobile 20 GB")


async def test_more_time_is_granted_once(accounts: Accounts) -> None:
    now = datetime.now(UTC)
    asked = await accounts.extension(MAYA, now)
    assert not isinstance(asked, str)

    await accounts.grant(MAYA, asked[1])

    assert await accounts.extension(MAYA, now) == "granted_before"
    assert await accounts.extension(SEAN, now) == "too_late"


async def test_every_customers_bill_and_usage_can_be_believed(accounts: Accounts) -> None:
    customers = populated(DATA).customers[::7]

    for customer in customers:
        bill = await accounts.last_bill(customer.id)
        assert (bill is None) == customer.prepaid
        await accounts.fits(customer.id)


def test_everybody_is_there_and_the_same_at_every_start() -> None:
    populated.cache_clear()
    first = populated(DATA).customers
    populated.cache_clear()

    assert populated(DATA).customers == first
    assert len({customer.account for customer in first}) == len(first) == 301
    assert len({service.id for customer in first for service in customer.services}) == sum(
        len(customer.services) for customer in first
    )


@pytest.mark.parametrize("mode", ["error", "garbage", "types", "missing", "negative"])
@pytest.mark.parametrize("system", ASK)
async def test_what_cannot_be_believed_is_never_a_figure(
    accounts: Accounts, switch_on: SwitchOn, system: str, mode: str
) -> None:
    await switch_on(system, mode)

    with pytest.raises(SubscriberUnavailable):
        await ASK[system](accounts)


async def test_when_the_fault_is_over_the_figures_are_back(accounts: Accounts, switch_on: SwitchOn) -> None:
    await switch_on("bills", "negative")
    with pytest.raises(SubscriberUnavailable):
        await accounts.last_bill(MAYA)

    await switch_on("bills", "off")

    assert await accounts.last_bill(MAYA) is not None


async def test_nobody_gets_the_bill_of_another() -> None:
    def ignores_filters(request: httpx.Request) -> httpx.Response:
        assert "customerBill" in request.url.path
        return httpx.Response(200, json=[BILL])

    http = httpx.AsyncClient(transport=httpx.MockTransport(ignores_filters), base_url="http://operator")

    assert await SubscriberClient(http).accounts.open_bills("somebody else") == []
    assert len(await SubscriberClient(http).accounts.open_bills("c1")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"taxIncludedAmount": {"unit": "GBP", "value": "12.00"}},
        {"taxIncludedAmount": {"unit": "pounds", "value": 12.0}},
        {"taxIncludedAmount": {"unit": "GBP", "value": 12.001}},
        {"remainingAmount": {"unit": "GBP", "value": 12.01}},
        {"remainingAmount": {"unit": "EUR", "value": 1.0}},
        {"remainingAmount": {"value": 1.0}},
        {"remainingAmount": None},
        {"paymentDueDate": "soon"},
        {"paymentDueDate": 1_700_000_000},
        {"paymentDueDate": "2026-12-01T00:00:00"},
        {"state": "lost"},
    ],
)
async def test_an_odd_open_bill_is_refused(change: dict[str, Any]) -> None:
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json=[{**BILL, **change}]))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=answer, base_url="http://operator"))

    with pytest.raises(SubscriberUnavailable):
        await subscriber.accounts.open_bills("c1")


async def test_an_answer_is_kept_for_as_long_as_it_says() -> None:
    now, asked = [0.0], []

    async def ask() -> int:
        asked.append(now[0])
        return len(asked)

    recent: Recent[int] = Recent(age_s=60, clock=lambda: now[0])

    answers = []
    for now[0] in (0.0, 59.0, 60.0, 61.0):
        answers.append(await recent.get("c1", ask))

    assert (answers, asked) == ([1, 1, 2, 2], [0.0, 60.0])


BILL: dict[str, Any] = {
    "id": "b1",
    "billNo": "INV-1",
    "state": "sent",
    "billDate": "2026-11-01T00:00:00Z",
    "paymentDueDate": "2026-12-01T00:00:00Z",
    "billingPeriod": {"startDateTime": "2026-10-01T00:00:00Z", "endDateTime": "2026-10-31T23:59:59Z"},
    "remainingAmount": {"unit": "GBP", "value": 12.0},
    "taxIncludedAmount": {"unit": "GBP", "value": 12.0},
    "taxExcludedAmount": {"unit": "GBP", "value": 10.0},
    "taxItem": [{"taxAmount": {"unit": "GBP", "value": 2.0}}],
    "relatedParty": [{"id": "c1", "role": "customer"}],
}
