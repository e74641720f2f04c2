"""Changes of a plan at the demo operator: what is possible, one order for a key, and answers not to be believed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from subscriber.client import (
    Item,
    OrderingPolicy,
    OrderRefused,
    Placed,
    Plan,
    Product,
    SubscriberClient,
    SubscriberUnavailable,
    alternatives,
    under_way,
)
from subscriber.money import Money
from tests.subscriber.conftest import SwitchOn

OLIVER, SEAN, SOPHIE, AMIR = "cust-1008", "cust-1006", "cust-1029", "cust-1023"
SMALLER = Item("modify", "mobile-20", "Mobile 20 GB", "prod-svc-1008-2")


def plan(name: str, price: str, kind: str = "mobile", currency: str = "GBP") -> Plan:
    return Plan(name, name, kind, Money(Decimal(price), currency), {})  # type: ignore[arg-type]  # a plain string


def test_only_other_plans_of_the_kind_and_currency_are_alternatives() -> None:
    product = Product("p", plan("M", "14"))
    offers = [plan("L", "19"), plan("M", "14"), plan("S", "9"), plan("TV", "9", "tv"), plan("E", "1", currency="EUR")]

    assert [one.name for one in alternatives(product, offers)] == ["S", "L"]


def test_only_an_open_change_of_the_same_product_is_under_way() -> None:
    change, other = Item("modify", "x", "X", "p1"), Item("add", "y", "Y", "p1")
    done, open_one = Placed("1", (change,), False), Placed("2", (change,), True)

    assert under_way([done, Placed("3", (other,), True)], "p1") is None
    assert under_way([done, open_one], "p1") == open_one
    assert under_way([open_one], "p2") is None


async def test_a_change_is_possible_from_the_next_bill_and_ordered_once(subscriber: SubscriberClient) -> None:
    begins = await subscriber.ordering.possible(OLIVER, SMALLER)

    placed = [await subscriber.ordering.place(OLIVER, SMALLER, key="k1") for _ in range(2)]

    assert isinstance(begins, datetime)
    assert datetime.now(UTC) < begins <= datetime.now(UTC) + timedelta(days=32)
    assert placed[0] == placed[1]
    assert (placed[0].items, placed[0].expected_at, placed[0].is_open) == ((SMALLER,), begins, True)
    assert await subscriber.ordering.of_customer(OLIVER) == placed[:1]
    assert [one.items for one in await subscriber.orders.of_customer(OLIVER)] == [("Mobile 20 GB",)]


async def test_a_second_change_is_refused_while_one_is_under_way(subscriber: SubscriberClient) -> None:
    await subscriber.ordering.place(OLIVER, SMALLER, key="k1")

    assert await subscriber.ordering.possible(OLIVER, SMALLER) == "under_way"
    with pytest.raises(OrderRefused):
        await subscriber.ordering.place(OLIVER, SMALLER, key="k2")
    assert len(await subscriber.ordering.of_customer(OLIVER)) == 1


@pytest.mark.parametrize(
    ("customer", "item", "why"),
    [
        (SEAN, Item("modify", "mobile-5", "Mobile 5 GB", "prod-svc-1006-2"), "unpaid"),
        (SOPHIE, Item("modify", "tv-basic", "TV Basic", "prod-svc-1029-3"), "minimum_term"),
        (OLIVER, Item("modify", "tv-basic", "TV Basic", "prod-svc-1008-2"), "other"),
        (OLIVER, Item("modify", "mobile-20", "Mobile 20 GB", "prod-svc-1029-2"), "other"),
    ],
)
async def test_what_is_not_possible_says_why_and_is_not_ordered(
    subscriber: SubscriberClient, customer: str, item: Item, why: str
) -> None:
    assert await subscriber.ordering.possible(customer, item) == why
    with pytest.raises(OrderRefused):
        await subscriber.ordering.place(customer, item, key="k1")


async def test_an_order_of_something_new_is_no_change_of_a_plan(subscriber: SubscriberClient) -> None:
    (order,) = await subscriber.ordering.of_customer(AMIR)

    assert (order.order_id, order.items[0].action, order.is_open) == ("order-1023-1", "add", True)


async def test_an_offer_tells_its_minimum_term(subscriber: SubscriberClient) -> None:
    months = {one.offering_id: one.term_months for one in await subscriber.accounts.offers()}

    assert (months["mobile-50"], months["mobile-20"]) == (12, 0)


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_that_fails_or_lies_says_nothing(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("qualifications", mode)
    await switch_on("orders", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.ordering.possible(OLIVER, SMALLER)
    with pytest.raises(SubscriberUnavailable):
        await subscriber.ordering.place(OLIVER, SMALLER, key="k1")
    with pytest.raises(SubscriberUnavailable):
        await subscriber.ordering.of_customer(AMIR)


def door(answer: Callable[[httpx.Request], httpx.Response]) -> SubscriberClient:
    return SubscriberClient(httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://operator"))


ORDERED: dict[str, Any] = {
    "id": "PO-1",
    "externalId": "k1",
    "state": "acknowledged",
    "expectedCompletionDate": "2026-12-19T00:00:00Z",
    "productOrderItem": [
        {
            "action": "modify",
            "productOffering": {"id": "mobile-20", "name": "Mobile 20 GB"},
            "product": {"id": "prod-svc-1008-2"},
        }
    ],
    "relatedParty": [{"id": OLIVER}],
}


async def test_an_order_whose_answer_was_lost_is_sent_again_with_the_same_key() -> None:
    asked: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.headers["Idempotency-Key"], json.loads(request.content)["externalId"]))
        if len(asked) == 1:
            raise httpx.ReadTimeout("lost")
        return httpx.Response(201, json=ORDERED)

    placed = await door(answer).ordering.place(OLIVER, SMALLER, key="k1")

    assert (placed.order_id, asked) == ("PO-1", [("k1", "k1"), ("k1", "k1")])


@pytest.mark.parametrize(
    "change",
    [
        {"externalId": "another"},
        {"state": "perhaps"},
        {"relatedParty": [{"id": "somebody else"}]},
        {"expectedCompletionDate": 1764000000},
        {"productOrderItem": []},
        {"productOrderItem": [{"action": "modify", "productOffering": {"id": "mobile-50", "name": "x"}}]},
        {"productOrderItem": [{"action": "delete", "productOffering": {"id": "mobile-20", "name": "x"}}]},
    ],
)
async def test_an_order_recorded_as_something_else_is_not_believed(change: dict[str, Any]) -> None:
    with pytest.raises(SubscriberUnavailable):
        await door(lambda _: httpx.Response(201, json={**ORDERED, **change})).ordering.place(OLIVER, SMALLER, key="k1")


async def test_an_order_that_is_rejected_at_once_is_refused() -> None:
    rejected = {**ORDERED, "state": "rejected"}

    with pytest.raises(OrderRefused):
        await door(lambda _: httpx.Response(201, json=rejected)).ordering.place(OLIVER, SMALLER, key="k1")


@pytest.mark.parametrize(
    "item",
    [
        {"qualificationItemResult": "qualified", "productOffering": {"id": "mobile-20"}},
        {
            "qualificationItemResult": "qualified",
            "productOffering": {"id": "mobile-50"},
            "expectedActivationDate": "2026-12-19T00:00:00Z",
        },
        {
            "qualificationItemResult": "maybe",
            "productOffering": {"id": "mobile-20"},
            "expectedActivationDate": "2026-12-19T00:00:00Z",
        },
    ],
)
async def test_an_odd_qualification_is_not_believed(item: dict[str, Any]) -> None:
    answer = {"state": "done", "productOfferingQualificationItem": [item]}

    with pytest.raises(SubscriberUnavailable):
        await door(lambda _: httpx.Response(201, json=answer)).ordering.possible(OLIVER, SMALLER)


def test_the_cooling_off_text_names_its_days() -> None:
    policy = OrderingPolicy(
        change_kinds=["mobile"],
        move_kinds=["broadband"],
        move_days_ahead=90,
        cooling_off_days=14,
        cooling_off={"en": "{days} days", "cy": "{days} diwrnod"},
        alert_shares_pct=[80],
    )

    assert [policy.cooling_off_in(language) for language in ("en", "cy", "fr")] == ["14 days", "14 diwrnod", "14 days"]


def test_what_is_wrong_in_the_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "ordering.yml"
    text = 'change_kinds: [mobile]\ncooling_off_days: 14\ncooling_off:\n  en: "some days"\nalert_shares_pct: [90, 80]\n'
    file.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=r"ordering\.yml:3: cooling_off.*\n.*:5: alert_shares_pct"):
        OrderingPolicy.read(file)
