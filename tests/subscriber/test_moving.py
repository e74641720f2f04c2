"""Addresses and moves at the demo operator, and answers not to be believed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from subscriber.client import (
    MoveTerms,
    NotMoved,
    OrderRefused,
    Plan,
    Product,
    SubscriberClient,
    SubscriberUnavailable,
    at_home,
)
from subscriber.facts import postcode_in
from subscriber.money import Money
from tests.subscriber.conftest import SwitchOn

MAYA, HANNAH, OLIVER, SEAN = "cust-1001", "cust-1007", "cust-1008", "cust-1006"
MILL, QUARRY, BARN = "addr-lf3-4ma-12", "addr-lf5-6st-21", "addr-lf4-9hw-the-barn"


async def home_of(subscriber: SubscriberClient, customer_id: str) -> list[Product]:
    return at_home(await subscriber.accounts.products(customer_id), ["broadband", "tv", "landline"])


async def terms_for(subscriber: SubscriberClient, customer_id: str, address_id: str, day: date | None = None) -> Any:
    return await subscriber.moving.possible(customer_id, await home_of(subscriber, customer_id), address_id, day)


async def test_the_houses_of_a_postcode_are_found_however_it_is_written(subscriber: SubscriberClient) -> None:
    found = await subscriber.addresses.at("LF3 4MA")

    assert [one.label for one in found] == [f"{number} Mill Lane, Millbrook" for number in (12, 14, 16)]
    assert await subscriber.addresses.at("LF9 9ZZ") == []


async def test_what_the_line_there_carries_decides_what_comes_along(subscriber: SubscriberClient) -> None:
    stays, slower = await terms_for(subscriber, MAYA, MILL), await terms_for(subscriber, HANNAH, QUARRY)

    assert [(one.name, one.stays) for one in stays.plans] == [("Fibre 150", True), ("TV Plus", True)]
    assert (stays.once, stays.needs_technician) == (None, False)
    assert [(one.name, one.stays) for one in slower.plans] == [("Fibre 80", False), ("TV Plus", True)]
    assert (slower.once, slower.needs_technician, slower.plans[0].term_months) == (
        Money(Decimal("39.00"), "GBP"),
        True,
        12,
    )


async def test_the_day_is_the_one_that_is_wished_but_never_too_soon(subscriber: SubscriberClient) -> None:
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=28 - today.weekday())

    wished = await terms_for(subscriber, MAYA, MILL, monday)
    too_soon = await terms_for(subscriber, MAYA, MILL, today)
    earliest = await terms_for(subscriber, MAYA, MILL)

    assert wished.begins.date() == monday
    assert too_soon.begins == earliest.begins >= datetime.now(UTC) + timedelta(days=6)


async def test_what_cannot_be_had_there_is_named_and_a_bill_comes_first(subscriber: SubscriberClient) -> None:
    nothing, barred = await terms_for(subscriber, OLIVER, BARN), await terms_for(subscriber, SEAN, MILL)

    assert nothing == NotMoved("not_there", ("prod-svc-1008-1", "prod-svc-1008-3", "prod-svc-1008-4"))
    assert barred.why == "unpaid"


async def test_a_move_is_ordered_once_for_a_key_and_stands_in_the_way_of_another(subscriber: SubscriberClient) -> None:
    terms = await terms_for(subscriber, MAYA, MILL)

    first = await subscriber.moving.place(MAYA, terms, MILL, key="one")
    again = await subscriber.moving.place(MAYA, terms, MILL, key="one")
    with pytest.raises(OrderRefused):
        await subscriber.moving.place(MAYA, terms, MILL, key="two")

    assert first == again
    assert await subscriber.moving.of_customer(MAYA) == [first]
    assert await subscriber.ordering.of_customer(MAYA) == []  # it changes no plan
    assert (await terms_for(subscriber, MAYA, MILL)).why == "under_way"


async def test_a_plan_that_is_not_there_is_not_ordered(subscriber: SubscriberClient) -> None:
    terms = await terms_for(subscriber, HANNAH, QUARRY)
    dreamt = replace(terms, plans=(replace(terms.plans[0], offering_id="fibre-900"), terms.plans[1]))

    with pytest.raises(OrderRefused):
        await subscriber.moving.place(HANNAH, dreamt, QUARRY, key="one")


@pytest.mark.parametrize("mode", ["error", "garbage", "types", "missing", "negative", "slow"])
async def test_a_system_that_fails_or_lies_says_nothing(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    products = await home_of(subscriber, HANNAH)
    await switch_on("qualifications", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.moving.possible(HANNAH, products, QUARRY, None)


@pytest.mark.parametrize("mode", ["error", "garbage", "missing", "slow"])
async def test_addresses_that_are_not_addresses_are_not_offered(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("addresses", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.addresses.at("LF3 4MA")


FIBRE = Product("prod-1", Plan("fibre-80", "Fibre 80", "broadband", Money(Decimal("29.00"), "GBP"), {}))


def price(kind: str, value: float, **other: Any) -> dict[str, Any]:
    return {"priceType": kind, "price": {"taxIncludedAmount": {"unit": "GBP", "value": value}}, **other}


def product(**other: Any) -> dict[str, Any]:
    return {
        "id": "prod-1",
        "place": [{"id": "a-1", "role": "installationAddress"}],
        "terminationDate": "2026-12-12T00:00:00+00:00",
        "productPrice": [price("recurring", 29.0, recurringChargePeriod="month")],
        "productCharacteristic": [{"name": "downMbps", "value": 80}, {"name": "technicianVisit", "value": False}],
        **other,
    }


def item(**other: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "qualificationItemResult": "qualified",
        "expectedActivationDate": "2026-12-12T00:00:00+00:00",
        "productOffering": {"id": "fibre-80", "name": "Fibre 80"},
        "product": product(),
        **other,
    }


async def asked(*items: dict[str, Any], **other: Any) -> MoveTerms | NotMoved:
    answer = {"state": "done", "productOfferingQualificationItem": list(items), **other}
    transport = httpx.MockTransport(lambda _: httpx.Response(201, json=answer))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=transport, base_url="http://operator"))
    return await subscriber.moving.possible(MAYA, [FIBRE], "a-1", None)


async def test_an_answer_that_adds_up_is_believed() -> None:
    found = await asked(item())

    assert isinstance(found, MoveTerms)
    assert (found.plans[0].stays, found.once) == (True, None)


@pytest.mark.parametrize(
    "items",
    [
        [],
        [item(), item()],
        [item(product=product(id="prod-2"))],
        [item(product=product(place=[{"id": "a-2"}]))],
        [item(product=product(place=[]))],
        [item(product={"id": "prod-1"})],
        [item(expectedActivationDate=None)],
        [item(expectedActivationDate=20261212)],
        [item(product=product(terminationDate="soon"))],
        [item(product=product(terminationDate="2029-12-12T00:00:00+00:00"))],
        [item(product=product(productPrice=[]))],
        [item(product=product(productPrice=[price("recurring", -29.0)]))],
        [item(product=product(productPrice=[price("recurring", 29.0), price("oneTime", -5.0)]))],
        [item(product=product(productCharacteristic=[{"name": "technicianVisit", "value": "perhaps"}]))],
        [item(product=product(productCharacteristic=[{"name": "downMbps", "value": "fast"}]))],
        [item(productOffering=None)],
        [item(productOffering={"id": "fibre-35", "name": "Fibre 35"})],
        [item(qualificationItemResult="alternate")],
        [item(qualificationItemResult="who knows")],
    ],
    ids=[
        "nothing",
        "the same twice",
        "another product",
        "another address",
        "no address",
        "nothing of the product",
        "no day",
        "a day that is a number",
        "no last day",
        "three years between the homes",
        "no price",
        "a price below zero",
        "a cost below zero",
        "perhaps a technician",
        "a speed in words",
        "no plan",
        "another plan that is said to stay",
        "an alternative that is not there",
        "an unknown result",
    ],
)
async def test_terms_that_cannot_be_right_are_not_told(items: list[dict[str, Any]]) -> None:
    with pytest.raises(SubscriberUnavailable):
        await asked(*items)


async def test_a_reason_that_is_not_known_is_a_refusal_all_the_same() -> None:
    refused = item(qualificationItemResult="unqualified", product={"id": "prod-1"})

    assert await asked(refused) == NotMoved("other", ("prod-1",))


def ordered(**other: Any) -> dict[str, Any]:
    return {
        "id": "PO-1",
        "state": "acknowledged",
        "category": "move",
        "externalId": "one",
        "productOrderItem": [
            {
                "action": "modify",
                "productOffering": {"id": "fibre-80", "name": "Fibre 80"},
                "product": {"id": "prod-1", "place": [{"id": "a-1"}]},
            }
        ],
        "relatedParty": [{"id": MAYA, "role": "customer"}],
        **other,
    }


def elsewhere() -> list[dict[str, Any]]:
    (one,) = ordered()["productOrderItem"]
    return [{**one, "product": {"id": "prod-1", "place": [{"id": "a-2"}]}}]


@pytest.mark.parametrize(
    "body",
    [
        ordered(externalId="two"),
        ordered(category="self-service"),
        ordered(relatedParty=[{"id": HANNAH, "role": "customer"}]),
        ordered(productOrderItem=[]),
        ordered(productOrderItem=elsewhere()),
        ordered(state="perhaps"),
    ],
    ids=["another key", "no move", "another customer", "nothing", "another address", "an unknown state"],
)
async def test_an_order_recorded_as_something_else_is_not_believed(body: dict[str, Any]) -> None:
    with pytest.raises(SubscriberUnavailable):
        await _placed(body)


@pytest.mark.parametrize("state", ["rejected", "cancelled", "failed"])
async def test_an_order_that_ends_at_once_is_a_refusal(state: str) -> None:
    with pytest.raises(OrderRefused):
        await _placed(ordered(state=state))


async def _placed(body: dict[str, Any]) -> Any:
    terms = await asked(item())
    assert isinstance(terms, MoveTerms)
    transport = httpx.MockTransport(lambda _: httpx.Response(201, json=body))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=transport, base_url="http://operator"))
    return await subscriber.moving.place(MAYA, terms, "a-1", key="one")


@pytest.mark.parametrize(
    ("said", "country", "found"),
    [
        ("12 Mill Lane, lf34ma please", "GB", "LF3 4MA"),
        ("L F 3, 4 M A", "GB", "LF3 4MA"),
        ("lf 3 4ma", "GB", "LF3 4MA"),
        ("LF3 4MA or LF5 6ST", "GB", None),
        ("the yellow house", "GB", None),
        ("Lindenstr. 4, 10969 Berlin", "DE", "10969"),
        ("Lindenstr. 4", "DE", None),
    ],
)
def test_the_one_postcode_of_a_sentence_is_found(said: str, country: str, found: str | None) -> None:
    assert postcode_in(said, country) == found
