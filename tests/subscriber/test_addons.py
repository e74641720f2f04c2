"""Add-ons at the demo operator: which fit a plan, booked and removed, and offers not to be believed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from subscriber.client import (
    AddOn,
    HeldAddOn,
    Item,
    Money,
    OrderRefused,
    Plan,
    Product,
    SubscriberClient,
    SubscriberUnavailable,
    bookable,
    fitting,
)
from tests.subscriber.conftest import SwitchOn

MAYA, OLIVER, SEAN = "cust-1001", "cust-1008", "cust-1006"
LINE = "prod-svc-1001-2"
PACK = Item("add", "data-5", "Data pack 5 GB", LINE)
ROAMING = Item("add", "roaming-world", "World roaming pack", LINE)


def pounds(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


def addon(name: str, price: str, *, monthly: bool = True, switch: bool = False, fits: str = "M") -> AddOn:
    return AddOn(name, name, pounds(price), monthly, switch, frozenset({fits}))


MINE = Product("p1", Plan("M", "M", "mobile", pounds("14.00"), {}))


def test_what_fits_the_plan_is_offered_the_cheapest_first_and_switches_last() -> None:
    offers = [addon("on", "0", switch=True), addon("b", "9"), addon("a", "5"), addon("x", "1", fits="L")]

    assert [one.name for one in fitting(MINE, offers)] == ["a", "b", "on"]


def test_what_is_held_by_the_month_is_not_booked_twice_and_what_is_paid_once_is() -> None:
    offers = [addon("once", "5", monthly=False), addon("month", "9")]
    held = [HeldAddOn("h1", "once", "once", "p1", False), HeldAddOn("h2", "month", "month", "p1", True)]

    assert [one.name for one in bookable(MINE, offers, held)] == ["once"]
    assert len(bookable(MINE, offers, [HeldAddOn("h2", "month", "month", "another", True)])) == 2


async def mobile(subscriber: SubscriberClient, customer: str) -> Product:
    return next(one for one in await subscriber.accounts.products(customer) if one.plan.kind == "mobile")


async def test_the_plans_are_told_without_what_was_added_to_them(subscriber: SubscriberClient) -> None:
    names = [one.plan.name for one in await subscriber.accounts.products(MAYA)]

    assert names == ["Fibre 150", "Mobile 20 GB", "TV Plus"]
    assert all(one.kind != "other" for one in await subscriber.accounts.offers())


async def test_an_unlimited_plan_takes_no_data_pack(subscriber: SubscriberClient) -> None:
    offers = await subscriber.addons.on_offer()

    limited = fitting(await mobile(subscriber, MAYA), offers)
    unlimited = fitting(await mobile(subscriber, OLIVER), offers)

    assert [one.offering_id for one in limited] == ["data-5", "data-20", "roaming-world", "roaming-eu"]
    assert [one.offering_id for one in unlimited] == ["roaming-world", "roaming-eu"]
    assert [(one.is_monthly, one.is_switch) for one in unlimited] == [(True, False), (True, True)]


async def test_a_data_pack_is_there_at_once_and_ordered_once(subscriber: SubscriberClient) -> None:
    (before,) = [one.left for one in await subscriber.accounts.allowances(MAYA) if one.kind == "data"]

    begins = await subscriber.ordering.possible(MAYA, PACK)
    placed = [await subscriber.ordering.place(MAYA, PACK, key="k1") for _ in range(2)]
    (after,) = [one.left for one in await subscriber.accounts.allowances(MAYA) if one.kind == "data"]

    assert isinstance(begins, datetime)
    assert begins <= datetime.now(UTC) + timedelta(minutes=1)
    assert (placed[0], placed[0].is_open) == (placed[1], False)
    assert before is not None
    assert after is not None
    assert Decimal("4.9") <= after - before <= 5


async def test_a_pack_by_the_month_is_booked_held_and_removed(subscriber: SubscriberClient) -> None:
    await subscriber.ordering.place(MAYA, ROAMING, key="k1")
    (held,) = [one for one in await subscriber.addons.of_customer(MAYA) if one.offering_id == "roaming-world"]
    remove = Item("delete", held.offering_id, held.name, held.product_id)

    second = await subscriber.ordering.possible(MAYA, ROAMING)
    await subscriber.ordering.place(MAYA, remove, key="k2")

    assert (held.on, held.is_monthly, second) == (LINE, True, "other")
    assert [one.offering_id for one in await subscriber.addons.of_customer(MAYA)] == ["roaming-eu"]
    with pytest.raises(OrderRefused):
        await subscriber.ordering.place(MAYA, remove, key="k3")


async def test_what_another_customer_has_is_not_removed(subscriber: SubscriberClient) -> None:
    (held,) = await subscriber.addons.of_customer(MAYA)

    with pytest.raises(OrderRefused):
        await subscriber.ordering.place(OLIVER, Item("delete", held.offering_id, held.name, held.product_id), key="k1")


async def test_who_has_not_paid_books_nothing(subscriber: SubscriberClient) -> None:
    line = (await mobile(subscriber, SEAN)).product_id

    assert await subscriber.ordering.possible(SEAN, Item("add", "roaming-eu", "EU roaming", line)) == "unpaid"


@pytest.mark.parametrize("mode", ["error", "garbage", "types", "missing"])
async def test_a_system_that_fails_or_lies_offers_nothing(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("offers", mode)
    await switch_on("products", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.addons.on_offer()
    with pytest.raises(SubscriberUnavailable):
        await subscriber.addons.of_customer(MAYA)


def door(body: list[dict[str, Any]]) -> SubscriberClient:
    answer: Callable[[httpx.Request], httpx.Response] = lambda _: httpx.Response(200, json=body)  # noqa: E731
    return SubscriberClient(httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://operator"))


OFFER: dict[str, Any] = {
    "id": "a",
    "name": "A",
    "productOfferingPrice": [
        {"priceType": "oneTime", "price": {"taxIncludedAmount": {"unit": "GBP", "value": 5.0}}},
    ],
    "characteristic": [{"name": "category", "value": "addon"}],
    "productOfferingRelationship": [{"id": "M", "relationshipType": "requires"}],
}
PRICE = OFFER["productOfferingPrice"][0]


@pytest.mark.parametrize(
    "change",
    [
        {"productOfferingPrice": []},
        {"productOfferingPrice": [PRICE, PRICE]},
        {"productOfferingPrice": [{**PRICE, "priceType": "usage"}]},
        {"productOfferingPrice": [{**PRICE, "priceType": "recurring", "recurringChargePeriod": "week"}]},
        {"productOfferingPrice": [{**PRICE, "price": {"taxIncludedAmount": {"unit": "GBP", "value": -5.0}}}]},
        {"characteristic": [{"name": "category", "value": "addon"}, {"name": "switch", "value": "yes"}]},
    ],
)
async def test_an_odd_offer_is_not_believed(change: dict[str, Any]) -> None:
    assert len(await door([OFFER]).addons.on_offer()) == 1
    with pytest.raises(SubscriberUnavailable):
        await door([{**OFFER, **change}]).addons.on_offer()


@pytest.mark.parametrize("on", [[], ["p1", "p2"]])
async def test_what_belongs_to_no_product_or_to_several_is_not_believed(on: list[str]) -> None:
    held = {
        "id": "h1",
        "status": "active",
        "productOffering": {"id": "a", "name": "A"},
        "productPrice": [PRICE],
        "productCharacteristic": OFFER["characteristic"],
        "productRelationship": [{"relationshipType": "reliesOn", "product": {"id": name}} for name in on],
        "relatedParty": [{"id": MAYA}],
    }

    with pytest.raises(SubscriberUnavailable):
        await door([held]).addons.of_customer(MAYA)
