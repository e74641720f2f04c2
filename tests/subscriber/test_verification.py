"""Nobody is verified without two matching facts, and nobody learns anything by guessing."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any, cast

import httpx
import pytest
from redis.asyncio import Redis

from subscriber.client import Busy, SubscriberClient, Verification
from tests.subscriber.conftest import SwitchOn
from tests.subscriber.person import Clock, Person

MAYA = "10023456"
MOST_WRONG = 5  # data/operator/identity.yml
LOCK_S = 15 * 60


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
def door(subscriber: SubscriberClient, redis: "Redis", clock: Clock) -> Verification:
    return subscriber.verification(redis, secret="test-secret", now=clock)


async def everything_in(redis: "Redis") -> str:
    """Every key with its value, as text."""
    found: list[object] = []
    async for key in redis.scan_iter("*"):
        match await redis.type(key):
            case "hash":
                found.append((key, await cast(Any, redis.hgetall(key))))
            case "zset":
                found.append((key, await redis.zrange(key, 0, -1, withscores=True)))
            case _:
                found.append((key, await redis.get(key)))
    return str(found)


@pytest.mark.parametrize("fact", ["LF1 4AB", "lf14ab", "3 May 1984", "03051984", "07700 900101", "+44 7700 900101"])
async def test_the_account_and_one_fact_of_it_verify(door: Verification, fact: str) -> None:
    person = Person(door)

    assert await person.gives("1002 3456") == "half"
    assert await person.gives(fact) == "verified"

    standing = await person.standing()
    assert standing.level == "verified"
    assert standing.customer is not None
    assert (standing.customer.customer_id, standing.customer.name) == ("cust-1001", "Maya Thornton")


async def test_both_facts_may_come_at_once(door: Verification) -> None:
    assert await Person(door).gives(f"{MAYA}, LF1 4AB") == "verified"


@pytest.mark.parametrize(
    "fact", ["", " ", "LF1 4CD", "4 May 1984", "07700 900102", "Maya Thornton", MAYA, "None", "active", "4071"]
)
async def test_no_other_fact_verifies(door: Verification, fact: str) -> None:
    person = Person(door)
    await person.gives(MAYA)

    assert await person.gives(fact) == "mismatch"
    assert (await person.standing()).customer is None


@pytest.mark.parametrize("account", ["99999999", "1002345", "100234567"])
async def test_the_fact_of_another_account_does_not_verify(door: Verification, account: str) -> None:
    person = Person(door)

    assert await person.gives(account) == "half"
    assert await person.gives("LF1 4CD") == "mismatch"


@pytest.mark.parametrize("words", ["", "' OR 1=1", "*", "LF1 4AB"])
async def test_without_a_number_there_is_no_account(door: Verification, words: str) -> None:
    assert await Person(door).gives(words) == "unread"


async def test_a_company_has_no_date_of_birth_to_guess(door: Verification) -> None:
    assert await Person(door).gives("10023536 None 1") == "mismatch"
    assert await Person(door).gives("10023536 LF6 1AA") == "verified"


async def test_a_list_of_facts_is_a_list_of_guesses(door: Verification) -> None:
    days = ", ".join(f"{day} May 1984" for day in range(1, 8))

    assert await Person(door).gives(f"{MAYA} {days}") == "mismatch"


async def test_a_pin_verifies_by_keys_only(door: Verification) -> None:
    said, keyed = Person(door), Person(door)
    await said.gives(MAYA)
    await keyed.gives(MAYA, keyed=True)

    assert await said.gives("4071") == "mismatch"
    assert await keyed.gives("4071", keyed=True) == "verified"


@pytest.mark.parametrize("pin", ["4072", "9315"])
async def test_a_wrong_pin_or_another_accounts_is_a_wrong_guess(door: Verification, pin: str) -> None:
    person = Person(door)
    await person.gives(MAYA, keyed=True)

    assert await person.gives(pin, keyed=True) == "mismatch"


async def test_after_five_wrong_tries_the_right_fact_does_not_verify_either(door: Verification) -> None:
    for caller in range(MOST_WRONG):
        await Person(door, caller=f"caller-{caller}").gives(f"{MAYA} LF9 9ZZ")

    assert await Person(door).gives(f"{MAYA} LF1 4AB") == "locked"
    assert await Person(door).gives("10023467 LF1 4CD") == "verified"


async def test_a_lock_is_told_once_with_whose_account_it_is(door: Verification) -> None:
    told = [await Person(door, caller=f"c{number}").told(f"{MAYA} LF9 9ZZ") for number in range(MOST_WRONG + 2)]

    assert [each.outcome for each in told] == ["mismatch"] * 4 + ["locked"] * 3
    assert [each.lock_began for each in told] == [False] * 4 + [True] + [False] * 2
    assert told[4].customer_id == "cust-1001"


async def test_one_caller_is_locked_whatever_accounts_are_guessed(door: Verification) -> None:
    guesses = [await Person(door).told(f"{90000000 + number} LF9 9ZZ") for number in range(10)]

    assert [each.lock_began for each in guesses] == [False] * 9 + [True]
    assert await Person(door).gives(f"{MAYA} LF1 4AB") == "locked"
    assert await Person(door, caller="another").gives(f"{MAYA} LF1 4AB") == "verified"


async def test_callers_who_withhold_their_number_do_not_lock_each_other(door: Verification) -> None:
    for number in range(12):
        await Person(door, caller="").gives(f"{90000000 + number} LF9 9ZZ")

    assert await Person(door, caller="").gives(f"{MAYA} LF1 4AB") == "verified"


async def test_another_copy_of_the_program_knows_of_the_lock(
    door: Verification, operator: httpx.AsyncClient, redis: "Redis", clock: Clock
) -> None:
    other = SubscriberClient(operator).verification(redis, secret="test-secret", now=clock)
    for number in range(MOST_WRONG):
        await Person(door if number % 2 else other, caller=f"c{number}").gives(f"{MAYA} LF9 9ZZ")

    assert await Person(other).gives(f"{MAYA} LF1 4AB") == "locked"


async def test_many_guesses_at_once_are_no_way_around(door: Verification) -> None:
    people = [Person(door, caller=f"c{number}") for number in range(21)]
    guesses = ["LF9 9ZZ"] * 20 + ["LF1 4AB"]
    await asyncio.gather(*(person.gives(MAYA) for person in people))

    found = await asyncio.gather(*(person.told(guess) for person, guess in zip(people, guesses, strict=True)))

    checked = [each for each in found if each.outcome == "mismatch"]
    assert len(checked) <= MOST_WRONG
    assert sum(each.lock_began for each in found) <= 1


async def test_a_lock_ends_when_it_was_said_to_and_guessing_does_not_lengthen_it(
    door: Verification, clock: Clock
) -> None:
    for number in range(MOST_WRONG):
        await Person(door, caller=f"c{number}").gives(f"{MAYA} LF9 9ZZ")
    clock.now += LOCK_S - 1
    assert await Person(door, caller="late").gives(f"{MAYA} LF1 4AB") == "locked"

    clock.now += 1

    assert await Person(door, caller="late").gives(f"{MAYA} LF1 4AB") == "verified"


async def test_an_own_account_is_no_way_to_guess_for_ever(door: Verification) -> None:
    for number in range(9):
        await Person(door).gives(f"{90000000 + number} LF9 9ZZ")
        await Person(door).gives(f"{MAYA} LF1 4AB")

    assert (await Person(door).told("90000009 LF9 9ZZ")).lock_began


async def test_a_system_that_is_away_does_not_cost_a_try(door: Verification, switch_on: SwitchOn) -> None:
    person = Person(door)
    await person.gives(MAYA)
    await switch_on("customers", "error")
    for _ in range(2):  # fewer than open the circuit breaker
        assert await person.gives("LF9 9ZZ") == "unavailable"
    await switch_on("customers", "off")

    for _ in range(MOST_WRONG - 1):
        await Person(door).gives(f"{MAYA} LF9 9ZZ")

    assert await Person(door).gives(f"{MAYA} LF1 4AB") == "verified"


async def test_a_turn_that_comes_again_is_not_a_second_guess(door: Verification) -> None:
    person = Person(door)
    await person.gives(MAYA)

    found = [await person.gives("LF9 9ZZ", turn="the same") for _ in range(MOST_WRONG + 1)]

    assert found == ["mismatch"] * (MOST_WRONG + 1)
    assert await Person(door).gives(f"{MAYA} LF1 4AB") == "verified"


async def test_a_turn_that_another_copy_is_checking_is_asked_for_again(door: Verification) -> None:
    person = Person(door)

    found = await asyncio.gather(
        *(person.gives(f"{MAYA} LF1 4AB", turn="the same") for _ in range(2)), return_exceptions=True
    )

    assert "verified" in found
    assert any(isinstance(each, Busy) for each in found)
    assert await person.gives("whatever", turn="the same") == "verified"


async def test_an_unknown_account_a_wrong_fact_and_a_locked_account_take_equally_long(door: Verification) -> None:
    async def took(account: str, fact: str, number: int) -> float:
        person = Person(door, caller=f"{account}-{number}")
        await person.gives(account)
        started = time.perf_counter()
        assert await person.gives(fact) in {"mismatch", "locked"}
        return time.perf_counter() - started

    for number in range(MOST_WRONG):
        await Person(door, caller=f"c{number}").gives("10023467 LF9 9ZZ")
    took_s = [
        await took(account, fact, number)
        for account, fact in (("99999999", "LF1 4AB"), (MAYA, "LF9 9ZZ"), ("10023467", "LF1 4CD"))
        for number in range(2)
    ]

    assert min(took_s) >= 0.045


async def test_the_same_searches_are_made_whether_the_account_exists_or_not(
    operator: httpx.AsyncClient, redis: "Redis"
) -> None:
    asked: list[str] = []

    async def remember(request: httpx.Request) -> None:
        asked.append(f"{request.method} {request.url.path.rpartition('/')[0]}")

    operator.event_hooks["request"].append(remember)
    door = SubscriberClient(operator).verification(redis, secret="test-secret")

    await Person(door).gives(f"{MAYA} LF9 9ZZ")
    known = asked.copy()
    asked.clear()
    await Person(door).gives("99999999 LF9 9ZZ")

    assert asked == known
    assert len(known) == 2


async def test_a_verified_customer_carries_no_date_of_birth(door: Verification) -> None:
    person = Person(door)
    await person.gives(f"{MAYA} LF1 4AB")

    assert "1984" not in str(asdict(await person.standing()))


async def test_a_caller_is_known_by_number_but_a_shared_number_knows_nobody(
    door: Verification, subscriber: SubscriberClient
) -> None:
    assert await subscriber.find_by_phone("+447700900101") == "cust-1001"
    levels = {}
    for number in ("+447700900101", "+441632960115", "+447700900999"):
        person = Person(door)
        await door.recognise(person.contact, number)
        levels[number] = (await person.standing()).level

    assert levels == {"+447700900101": "known", "+441632960115": "none", "+447700900999": "none"}


async def test_what_was_proved_of_one_customer_does_not_count_for_another(door: Verification) -> None:
    person = Person(door)
    await person.gives(f"{MAYA} LF1 4AB")
    await person.gives("10023467 LF1 4CD")

    standing = await person.standing()

    assert standing.customer is not None
    assert (standing.customer.customer_id, standing.level) == ("cust-1002", "verified")


async def test_nothing_that_was_given_is_kept(door: Verification, redis: "Redis") -> None:
    verified, guessing = Person(door, caller="+447700900555"), Person(door, caller="+447700900666")
    await verified.gives(MAYA)
    await verified.gives("LF1 4AB")
    await guessing.gives("10023467", keyed=True)
    await guessing.gives("4444", keyed=True)

    kept = (await everything_in(redis)).casefold()

    assert "cust-1001" in kept
    assert [
        secret for secret in (MAYA, "10023467", "lf1 4ab", "lf14ab", "7700900555", "7700900666") if secret in kept
    ] == []
    assert "'4444" not in kept


async def test_every_key_has_an_end(door: Verification, redis: "Redis") -> None:
    person = Person(door)
    await person.gives(MAYA)
    await door.new_code(person.contact)
    await person.gives("000000")

    assert [key async for key in redis.scan_iter("*") if await redis.ttl(key) < 0] == []


async def test_neither_facts_nor_answers_are_logged(
    door: Verification, switch_on: SwitchOn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for mode in ("off", "error", "garbage"):
        await switch_on("customers", mode)
        await Person(door).gives(f"{MAYA} LF1 4AB")

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("subscriber")]

    assert ours
    assert not [line for line in ours if MAYA in line or "LF1" in line or "Maya" in line]
