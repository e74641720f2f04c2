"""Vouchers at the demo operator: each of use once, wrong ones counted, no code kept anywhere."""

import itertools
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis

from subscriber.client import SubscriberClient, SubscriberUnavailable, Verification, Vouchers
from subscriber.topups import VoucherRefused
from tests.journeys.secrets_world import everything_in
from tests.subscriber.conftest import SwitchOn
from tests.subscriber.person import Clock, Person

INES, MAYA = ("10023704", "LF1 9WX", "cust-1026"), ("10023456", "LF1 4AB", "cust-1001")
NEW, LONG, USED, EXPIRED, UNKNOWN = "480271536904", "7315902846170253", "906412873355", "662081947530", "111122223333"
turns = itertools.count(1)


class Shop:
    """A verified customer with vouchers."""

    def __init__(self, subscriber: SubscriberClient, redis: "Redis") -> None:
        self.clock = Clock()
        self.subscriber = subscriber
        self.door: Verification = subscriber.verification(redis, secret="s", now=self.clock)
        self.vouchers: Vouchers = subscriber.vouchers(redis, self.door, now=self.clock)
        self.person = Person(self.door, caller=f"caller-{uuid4()}")

    async def verified(self, who: tuple[str, str, str] = INES) -> "Shop":
        await self.person.gives(who[0])
        assert await self.person.gives(who[1]) == "verified"
        return self

    async def gives(self, code: str, *, turn: str = "") -> str:
        given = await self.vouchers.give(
            self.person.contact, code, turn_id=turn or f"v{next(turns)}", caller=self.person.caller
        )
        return given.outcome

    async def balance(self) -> Decimal:
        return (await self.subscriber.accounts.credit(INES[2]))[0].amount.amount


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def shop(subscriber: SubscriberClient, redis: "Redis") -> Shop:
    return await Shop(subscriber, redis).verified()


async def test_a_voucher_tops_up_once(shop: Shop) -> None:
    before = await shop.balance()

    first, second = await shop.gives(NEW), await shop.gives(NEW)
    spaced = await shop.gives("7315 9028 4617 0253")

    assert (first, second, spaced) == ("topped_up", "used", "topped_up")
    assert await shop.balance() - before == 30


async def test_the_same_turn_twice_is_one_top_up(shop: Shop) -> None:
    before = await shop.balance()

    outcomes = [await shop.gives(NEW, turn="t1") for _ in range(2)]

    assert outcomes == ["topped_up", "topped_up"]
    assert await shop.balance() - before == 10


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(USED, "used"), (EXPIRED, "expired"), (UNKNOWN, "wrong"), ("12345678901", "unread"), ("1" * 17, "unread")],
)
async def test_what_is_no_good_tops_up_nothing(shop: Shop, code: str, outcome: str) -> None:
    before = await shop.balance()

    assert await shop.gives(code) == outcome
    assert await shop.balance() == before


async def test_wrong_codes_are_limited_and_the_lock_is_told_once(shop: Shop) -> None:
    given = [
        await shop.vouchers.give(shop.person.contact, UNKNOWN, turn_id=f"w{number}", caller=shop.person.caller)
        for number in range(6)
    ]
    good = await shop.gives(NEW)
    shop.clock.now += 16 * 60
    later = await shop.gives(NEW)

    assert [one.outcome for one in given] == ["wrong"] * 4 + ["locked"] * 2
    assert [(one.lock_began, one.customer_id) for one in given if one.lock_began] == [(True, INES[2])]
    assert (good, later) == ("locked", "topped_up")


async def test_wrong_vouchers_lock_nobody_out_of_verification(shop: Shop) -> None:
    for _ in range(5):
        await shop.gives(UNKNOWN)

    other = Person(shop.door, caller="somebody else")
    await other.gives(INES[0])

    assert await other.gives(INES[1]) == "verified"


async def test_who_is_not_verified_or_not_prepaid_tops_up_nothing(subscriber: SubscriberClient, redis: "Redis") -> None:
    stranger, by_bill = Shop(subscriber, redis), await Shop(subscriber, redis).verified(MAYA)

    assert await stranger.gives(NEW) == "away"
    assert await by_bill.gives(NEW) == "not_prepaid"
    assert await (await Shop(subscriber, redis).verified()).gives(NEW) == "topped_up"


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_in_trouble_claims_nothing(shop: Shop, switch_on: SwitchOn, mode: str) -> None:
    await switch_on("credits", mode)
    said = await shop.gives(NEW)
    await switch_on("credits", "off")

    assert said == "unsure"


async def test_the_code_stands_nowhere(shop: Shop, redis_url: str) -> None:
    for code in (NEW, LONG, UNKNOWN):
        await shop.gives(code)

    kept = await everything_in(redis_url)

    assert [code for code in (NEW, LONG, UNKNOWN) if code in kept] == []


def door(answer: Callable[[httpx.Request], httpx.Response]) -> SubscriberClient:
    return SubscriberClient(httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://operator"))


BUCKET = {"id": "b1", "usageType": "monetary", "status": "active", "relatedParty": [{"id": INES[2]}]}
DONE = {"id": "t1", "status": "completed", "bucket": {"id": "b1"}}


def operator(topup: Any, *, buckets: Any = (BUCKET,)) -> Callable[[httpx.Request], httpx.Response]:
    return lambda asked: httpx.Response(200, json=list(buckets) if asked.method == "GET" else topup)


async def redeemed(topup: Any, **world: Any) -> bool:
    return await door(operator(topup, **world))._topups.redeem(INES[2], NEW, key="k1")


async def test_a_top_up_is_believed_when_it_is_on_the_customers_balance() -> None:
    assert await redeemed(DONE)
    assert not await redeemed({**DONE, "status": "created"})


@pytest.mark.parametrize(
    "change",
    [{"status": "perhaps"}, {"bucket": {"id": "another"}}, {"bucket": None}, {"status": "failed", "reason": "?"}],
)
async def test_an_odd_answer_is_not_believed(change: dict[str, Any]) -> None:
    with pytest.raises(SubscriberUnavailable):
        await redeemed({**DONE, **change})


async def test_nothing_is_topped_up_on_somebody_elses_or_one_of_several_balances() -> None:
    with pytest.raises(VoucherRefused):
        await redeemed(DONE, buckets=[{**BUCKET, "relatedParty": [{"id": "somebody"}]}])
    with pytest.raises(SubscriberUnavailable):
        await redeemed(DONE, buckets=[BUCKET, {**BUCKET, "id": "b2"}])


async def test_a_lost_answer_is_asked_again_with_the_same_key() -> None:
    keys: list[str] = []

    def answer(asked: httpx.Request) -> httpx.Response:
        if asked.method == "GET":
            return httpx.Response(200, json=[BUCKET])
        keys.append(asked.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ReadTimeout("lost")
        return httpx.Response(201, json=DONE)

    assert await door(answer)._topups.redeem(INES[2], NEW, key="k1")
    assert keys == ["k1", "k1"]
