"""Orders behind the real door: what the demo operator holds, and what cannot be believed."""

from datetime import UTC, datetime, timedelta

import pytest

from subscriber.client import SubscriberClient, SubscriberUnavailable, orders_told
from subscriber.orders import Order
from tests.subscriber.conftest import SwitchOn

AMIR, KWAME, HARRIET, MAYA = "cust-1023", "cust-1025", "cust-1027", "cust-1001"
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


def order(name: str, days_ago: int, state: str = "in_progress", due_in_days: int | None = None) -> Order:
    due = None if due_in_days is None else NOW + timedelta(days=due_in_days)
    return Order(name, ("Fibre 80",), state, NOW - timedelta(days=days_ago), due)  # type: ignore[arg-type]  # of the literals


async def test_an_order_is_told_as_the_system_has_it(subscriber: SubscriberClient) -> None:
    (found,) = await subscriber.orders.of_customer(AMIR)

    assert (found.order_id, found.items, found.state) == ("order-1023-1", ("Fibre 300",), "in_progress")
    assert found.promised(datetime.now(UTC)) == found.expected_at
    assert await subscriber.orders.of_customer(MAYA) == []


async def test_what_is_open_is_told_first(subscriber: SubscriberClient) -> None:
    found = await subscriber.orders.of_customer(KWAME)

    assert [one.state for one in orders_told(found, datetime.now(UTC), most=3)] == ["held"]
    done = await subscriber.orders.of_customer(HARRIET)
    assert [one.state for one in orders_told(done, datetime.now(UTC), most=3)] == ["done"]


def test_a_day_that_is_past_is_not_promised() -> None:
    assert order("a", 9, due_in_days=-1).promised(NOW) is None
    assert order("a", 9, "done", due_in_days=2).promised(NOW) is None
    assert order("a", 9, due_in_days=2).promised(NOW) == NOW + timedelta(days=2)


def test_an_order_of_the_future_is_not_told() -> None:
    assert orders_told([order("later", -1), order("a", 3), order("b", 1)], NOW, most=1) == [order("b", 1)]


@pytest.mark.parametrize("wrong", [{"items": ()}, {"expected_at": NOW - timedelta(days=9)}])
def test_what_cannot_be_an_order_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="order"):
        Order(**{"order_id": "a", "items": ("x",), "state": "held", "ordered_at": NOW, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_that_fails_or_lies_makes_no_order(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("orders", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.orders.of_customer(AMIR)
