"""Loyalty points at the demo operator, and answers not to be believed."""

from typing import Any

import httpx
import pytest

from subscriber.client import Reward, RewardRefused, SubscriberClient, SubscriberUnavailable

MAYA, INES, BEXLEY = "cust-1001", "cust-1026", "cust-1009"


async def test_who_gets_bills_has_points_and_nobody_else(subscriber: SubscriberClient) -> None:
    found = await subscriber.loyalty.points(MAYA)

    assert found is not None
    assert found.balance == sum(lot.points for lot in found.lots) > 0
    assert list(found.lots) == sorted(found.lots, key=lambda lot: lot.ends_at)
    assert [await subscriber.loyalty.points(who) for who in (INES, BEXLEY)] == [None, None]


async def test_a_reward_is_taken_once_for_a_key_from_what_ends_first(subscriber: SubscriberClient) -> None:
    loyalty = subscriber.loyalty
    before, reward = await loyalty.points(MAYA), min(await loyalty.rewards(), key=lambda one: one.points)
    assert before is not None

    for _ in range(2):
        await loyalty.redeem(MAYA, before.account_id, reward, key="one")
    after = await loyalty.points(MAYA)

    assert after is not None
    assert after.balance == before.balance - reward.points
    assert after.lots[-1] == before.lots[-1]


@pytest.mark.parametrize(
    "wrong",
    [{"reward_id": "rw-none"}, {"points": 1}, {"reward_id": "rw-speaker", "points": 6000}],
    ids=["another reward", "another price", "too dear"],
)
async def test_what_cannot_be_had_is_refused(subscriber: SubscriberClient, wrong: dict[str, Any]) -> None:
    before = await subscriber.loyalty.points(MAYA)
    reward = Reward(**{"reward_id": "rw-data-5", "name": "5 GB of data", "points": 500, **wrong})
    assert before is not None

    with pytest.raises(RewardRefused):
        await subscriber.loyalty.redeem(MAYA, before.account_id, reward, key="two")

    assert await subscriber.loyalty.points(MAYA) == before


def account(**other: Any) -> list[dict[str, Any]]:
    lot = {"quantity": {"amount": 100, "units": "points"}, "validFor": {"endDateTime": "2027-01-01T00:00:00+00:00"}}
    body = {"id": "a-1", "status": "active", "loyaltyBalance": [lot]}
    return [{**body, "relatedParty": [{"id": MAYA, "name": "Maya", "role": "customer"}], **other}]


async def read(answer: Any) -> int | None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=transport, base_url="http://operator"))
    found = await subscriber.loyalty.points(MAYA)
    return found.balance if found else None


@pytest.mark.parametrize(
    "quantity",
    [
        {"amount": -5, "units": "points"},
        {"amount": 12.5, "units": "points"},
        {"amount": "100", "units": "points"},
        {"amount": 100, "units": "EUR"},
        {"units": "points"},
    ],
    ids=["negative", "a part", "words", "money", "nothing"],
)
async def test_a_balance_that_cannot_be_is_not_believed(quantity: dict[str, Any]) -> None:
    with pytest.raises(SubscriberUnavailable):
        await read(account(loyaltyBalance=[{"quantity": quantity}]))


async def test_somebody_elses_or_a_closed_account_is_none() -> None:
    stranger = [{"id": "cust-9", "name": "Eve", "role": "customer"}]

    assert await read(account(relatedParty=stranger)) is None
    assert await read(account(status="closed")) is None
    assert await read(account(loyaltyBalance=[])) == 0
    assert await read(account()) == 100
