"""One-time codes and locks: a few tries, a few minutes, one use, whatever the order."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import hypothesis
import pytest
from hypothesis import strategies as st
from redis.asyncio import Redis

from settings import ROOT
from subscriber.attempts import Attempts
from subscriber.client import NewCode, SubscriberClient, Verification
from subscriber.code import OneTimeCodes
from subscriber.identity_policy import IdentityPolicy
from tests.subscriber.person import Clock, Person

POLICY = IdentityPolicy.read(ROOT / "data" / "operator" / "identity.yml")
MAYA = "10023456"


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


async def code_for(door: Verification, person: Person) -> str:
    found = await door.new_code(person.contact)
    assert isinstance(found, NewCode)
    assert found.code is not None
    return found.code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_code_to_the_number_on_file_verifies(door: Verification) -> None:
    person = Person(door)
    await person.gives(MAYA)

    found = await door.new_code(person.contact)

    assert isinstance(found, NewCode)
    assert found.number == "+447700900101"
    assert len(found.code or "") == 6
    assert await person.gives(found.code or "") == "verified"


async def test_a_known_caller_needs_no_account_number(door: Verification) -> None:
    person = Person(door)
    await door.recognise(person.contact, "+447700900101")

    assert await person.gives(await code_for(door, person)) == "verified"


async def test_facts_and_a_code_are_strong_in_either_order(door: Verification) -> None:
    first, second = Person(door, caller="a"), Person(door, caller="b")
    await first.gives(f"{MAYA} LF1 4AB")
    await door.recognise(second.contact, "+447700900101")
    await second.gives(await code_for(door, second))
    await door.start_again(second.contact)

    assert await first.gives(await code_for(door, first)) == "strong"
    assert await second.gives(f"{MAYA} LF1 4AB") == "strong"


async def test_a_second_code_is_not_more_than_one(door: Verification) -> None:
    person = Person(door)
    await door.recognise(person.contact, "+447700900101")
    await person.gives(await code_for(door, person))

    assert await person.gives(await code_for(door, person)) == "verified"


async def test_a_code_works_once(door: Verification) -> None:
    person = Person(door)
    await person.gives(MAYA)
    code = await code_for(door, person)
    await person.gives(code)
    await code_for(door, person)

    assert await person.gives(code) == "wrong_code"


async def test_the_code_of_another_conversation_is_none(door: Verification) -> None:
    mine, other = Person(door, caller="a"), Person(door, caller="b")
    await mine.gives(MAYA)
    await other.gives(MAYA)
    code, _ = await code_for(door, mine), await code_for(door, other)

    assert await other.gives(code) == "wrong_code"


async def test_the_third_wrong_try_ends_a_code(door: Verification) -> None:
    person = Person(door)
    await person.gives(MAYA)
    code = await code_for(door, person)

    assert [await person.gives(wrong(code)) for _ in range(3)] == ["wrong_code", "wrong_code", "over"]
    assert await person.gives(code) == "over"


async def test_a_code_is_good_for_ten_minutes(door: Verification, clock: Clock) -> None:
    person = Person(door)
    await person.gives(MAYA)
    code = await code_for(door, person)
    clock.now += POLICY.code_minutes * 60

    assert await person.gives(code) == "over"


async def test_an_account_that_there_is_not_looks_like_any_other(door: Verification) -> None:
    person = Person(door)
    await person.gives("99999999")

    found = await door.new_code(person.contact)

    assert isinstance(found, NewCode)
    assert found.code is None
    assert await person.gives("123456") == "wrong_code"


async def test_a_landline_gets_no_code(door: Verification) -> None:
    person = Person(door)
    await person.gives("10023490 LF7 2AB")

    assert await door.new_code(person.contact) == "no_number"


async def test_codes_are_few_for_an_account_whoever_asks(door: Verification, clock: Clock) -> None:
    people = [Person(door, caller=f"c{number}") for number in range(4)]
    for person in people:
        await person.gives(MAYA)

    found = [await door.new_code(person.contact) for person in people]

    assert [each == "too_many" for each in found] == [False, False, False, True]
    clock.now += 3600
    assert await code_for(door, people[3])


async def test_codes_are_limited_for_who_asks_whatever_the_account(redis: "Redis") -> None:
    """A house shares an address, so that more are sent there than to an account."""
    codes = OneTimeCodes(redis, POLICY, lambda text: text)

    found = [
        await codes.may_send(1.0, account=f"a{number}", number=f"n{number}", caller="1.2.3.4")
        for number in range(POLICY.codes_per_caller + 1)
    ]

    assert POLICY.codes_per_caller > POLICY.codes_per_account
    assert found == [True] * POLICY.codes_per_caller + [False]


async def test_a_code_stands_nowhere(door: Verification, redis: "Redis") -> None:
    person = Person(door)
    await person.gives(MAYA)
    code = await code_for(door, person)

    kept = await redis.hgetall(f"subscriber:code:{person.contact}")

    assert code not in str(kept)
    assert set(kept) == {"digest", "until", "tries"}


async def test_many_tries_at_once_are_three(redis: "Redis") -> None:
    codes, contact = OneTimeCodes(redis, POLICY, str), uuid4()
    code = await codes.issue(contact, "cust-1001", 0)

    found = await asyncio.gather(*(codes.check(contact, "cust-1001", wrong(code), 1) for _ in range(20)))

    assert found.count("wrong") == POLICY.code_tries - 1


@hypothesis.settings(max_examples=40, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(st.lists(st.tuples(st.sampled_from(["right", "wrong", "wait"]), st.integers(1, 400)), max_size=8))
async def test_a_code_is_right_exactly_within_its_time_and_tries(redis: "Redis", steps: list[tuple[str, int]]) -> None:
    codes, contact = OneTimeCodes(redis, POLICY, str), uuid4()
    now, tries, is_good = 0, POLICY.code_tries, True
    code = await codes.issue(contact, "cust-1001", now)

    for step, seconds in steps:
        if step == "wait":
            now += seconds
            continue
        is_good = is_good and now < POLICY.code_minutes * 60
        found = await codes.check(contact, "cust-1001", code if step == "right" else wrong(code), now)
        tries -= step == "wrong" and is_good
        assert found == (step if is_good and (step == "right" or tries > 0) else "over")
        is_good = is_good and step == "wrong" and tries > 0


@hypothesis.settings(max_examples=40, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(st.lists(st.integers(0, 600), min_size=1, max_size=25))
async def test_no_more_guesses_are_checked_in_a_lock_time_than_the_policy_says(
    redis: "Redis", pauses: list[int]
) -> None:
    attempts, account = Attempts(redis, POLICY), str(uuid4())
    now, checked, locks = 0.0, [], []

    for number, pause in enumerate(pauses):
        now += pause
        guess = await attempts.take(account, f"{account}-{number}", now)
        if guess:
            checked.append(now)
            if await attempts.was_wrong(guess, now):
                locks.append(now)

    window_s, lock_s = POLICY.guess_minutes * 60, POLICY.lock_minutes * 60
    assert all(
        sum(1 for at in checked if start <= at < start + window_s) <= POLICY.guesses_per_account for start in checked
    )
    assert not [at for at in checked for lock in locks if lock < at < lock + lock_s]
