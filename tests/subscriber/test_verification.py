"""Nobody is verified without two matching facts, and nobody learns anything by guessing."""

import asyncio
import logging
import time
from dataclasses import asdict

import httpx
import pytest

from subscriber.attempts import MOST_ACCOUNTS, MOST_WRONG, WINDOW_S, Attempts
from subscriber.client import SubscriberClient, SubscriberUnavailable
from tests.subscriber.conftest import SwitchOn

MAYA = "10023456"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("fact", ["LF1 4AB", "lf14ab", "3 May 1984", "03051984", "07700 900101", "+44 7700 900101"])
async def test_the_account_and_one_fact_of_it_verify(subscriber: SubscriberClient, fact: str) -> None:
    customer = await subscriber.verify("1002 3456", fact)

    assert customer is not None
    assert (customer.customer_id, customer.name, customer.segment) == ("cust-1001", "Maya Thornton", "consumer")


@pytest.mark.parametrize(
    "fact", ["", " ", "LF1 4CD", "4 May 1984", "07700 900102", "Maya Thornton", MAYA, "None", "active"]
)
async def test_no_other_fact_verifies(subscriber: SubscriberClient, fact: str) -> None:
    assert await subscriber.verify(MAYA, fact) is None


@pytest.mark.parametrize("account", ["", "99999999", "1002345", "100234567", "' OR 1=1", "*"])
async def test_the_fact_of_another_account_does_not_verify(subscriber: SubscriberClient, account: str) -> None:
    assert await subscriber.verify(account, "LF1 4CD") is None


async def test_a_company_has_no_date_of_birth_to_guess(subscriber: SubscriberClient) -> None:
    assert await subscriber.verify("10023536", "") is None
    assert await subscriber.verify("10023536", "None") is None
    assert await subscriber.verify("10023536", "LF6 1AA") is not None


async def test_a_list_of_facts_is_a_list_of_guesses(subscriber: SubscriberClient) -> None:
    days = ", ".join(f"{day} May 1984" for day in range(1, 8))

    assert await subscriber.verify(MAYA, days) is None


async def test_after_five_wrong_tries_the_right_fact_does_not_verify_either(subscriber: SubscriberClient) -> None:
    for _ in range(MOST_WRONG):
        await subscriber.verify(MAYA, "LF9 9ZZ")

    assert await subscriber.verify(MAYA, "LF1 4AB") is None
    assert await subscriber.verify("10023467", "LF1 4CD") is not None


async def test_many_guesses_at_once_are_no_way_around(subscriber: SubscriberClient) -> None:
    guesses = ["LF9 9ZZ"] * 20 + ["LF1 4AB"]

    found = await asyncio.gather(*(subscriber.verify(MAYA, guess) for guess in guesses))

    assert found == [None] * 21


def test_wrong_tries_are_forgotten_after_a_quarter_of_an_hour() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    for _ in range(MOST_WRONG):
        assert attempts.take(MAYA)
    assert not attempts.take(MAYA)

    clock.now = WINDOW_S

    assert attempts.take(MAYA)


def test_tries_while_locked_do_not_lengthen_the_lock() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    for _ in range(MOST_WRONG):
        attempts.take(MAYA)

    for minute in range(1, 15):
        clock.now = minute * 60.0
        attempts.take(MAYA)
    clock.now = WINDOW_S

    assert attempts.take(MAYA)


def test_the_memory_of_wrong_tries_is_bounded() -> None:
    attempts = Attempts(clock=Clock())

    for number in range(MOST_ACCOUNTS + 100):
        attempts.take(str(number))

    assert len(attempts._wrong) == MOST_ACCOUNTS


async def test_a_system_that_is_away_does_not_cost_a_try(subscriber: SubscriberClient, switch_on: SwitchOn) -> None:
    await switch_on("customers", "error")
    for _ in range(2):  # fewer than open the circuit breaker
        with pytest.raises(SubscriberUnavailable):
            await subscriber.verify(MAYA, "LF9 9ZZ")
    await switch_on("customers", "off")

    for _ in range(MOST_WRONG - 1):
        await subscriber.verify(MAYA, "LF9 9ZZ")

    assert await subscriber.verify(MAYA, "LF1 4AB") is not None


async def test_an_unknown_account_a_wrong_fact_and_a_locked_account_take_equally_long(
    subscriber: SubscriberClient,
) -> None:
    async def took(account: str, fact: str) -> float:
        started = time.perf_counter()
        assert await subscriber.verify(account, fact) is None
        return time.perf_counter() - started

    for _ in range(MOST_WRONG):
        await subscriber.verify("10023467", "LF9 9ZZ")
    unknown = [await took("99999999", "LF1 4AB") for _ in range(3)]
    wrong = [await took(MAYA, "LF9 9ZZ") for _ in range(3)]
    locked = [await took("10023467", "LF1 4CD") for _ in range(3)]

    assert min(*unknown, *wrong, *locked) >= 0.045


async def test_the_same_one_search_is_made_whether_the_account_exists_or_not(operator: httpx.AsyncClient) -> None:
    asked: list[str] = []

    async def remember(request: httpx.Request) -> None:
        asked.append(f"{request.method} {request.url.path}")

    operator.event_hooks["request"].append(remember)
    subscriber = SubscriberClient(operator)

    await subscriber.verify(MAYA, "LF9 9ZZ")
    known = asked.copy()
    asked.clear()
    await subscriber.verify("99999999", "LF9 9ZZ")

    assert asked == known == ["GET /tmf-api/customerManagement/v4/customer"]


async def test_a_verified_customer_carries_no_date_of_birth(subscriber: SubscriberClient) -> None:
    customer = await subscriber.verify(MAYA, "LF1 4AB")

    assert customer is not None
    assert "1984" not in str(asdict(customer))


async def test_a_caller_is_known_by_number_but_a_shared_number_knows_nobody(subscriber: SubscriberClient) -> None:
    assert await subscriber.find_by_phone("+447700900101") == "cust-1001"
    assert await subscriber.find_by_phone("+441632960115") is None
    assert await subscriber.find_by_phone("+447700900999") is None


async def test_neither_facts_nor_answers_are_logged(
    subscriber: SubscriberClient, switch_on: SwitchOn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for mode in ("off", "error", "garbage"):
        await switch_on("customers", mode)
        await asyncio.gather(subscriber.verify(MAYA, "LF1 4AB"), return_exceptions=True)

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("subscriber")]

    assert ours
    assert not [line for line in ours if MAYA in line or "LF1" in line or "Maya" in line]
