"""Trying again, giving up, and never sending twice: with a clock of our own and a real Redis."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from outbound.app import POLICY
from outbound.carrier import Tried
from outbound.message import Kind, Message
from outbound.policy import KEEP_TRYING, MOST_TRIES, Policy
from outbound.queue import LEASE_S, Queue
from outbound.worker import Worker

SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = SUNDAY_NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


class Scripted:
    """A carrier that answers what it is told to."""

    is_set_up = True

    def __init__(self) -> None:
        self.answer = Tried("sent")
        self.carried: list[str] = []

    async def carry(self, message_id: str, kind: Kind, to: str, text: str) -> Tried:
        self.carried.append(text)
        return self.answer


@pytest.fixture
async def queue(redis_url: str) -> AsyncIterator[Queue]:
    redis: Redis = Redis.from_url(redis_url, decode_responses=True)
    yield Queue(redis)
    await redis.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def carrier() -> Scripted:
    return Scripted()


@pytest.fixture
def worker(queue: Queue, clock: Clock, carrier: Scripted) -> Worker:
    return Worker(queue, sms=carrier, mail=carrier, policy=Policy.read(POLICY), now=clock, jitter=lambda: 0.0)


async def accept(queue: Queue, clock: Clock, text: str = "hello", *, kind: Kind = "ticket_update") -> None:
    to = "+447700900101"
    await queue.accept(Message(to=to, text=text, key=text, kind=kind), to=to, now=clock.now)


async def test_tries_come_at_growing_distances(queue: Queue, clock: Clock, carrier: Scripted, worker: Worker) -> None:
    carrier.answer = Tried("later", "busy")
    await accept(queue, clock)
    tried_at = []

    for _ in range(120):
        if await worker.turn():
            tried_at.append((clock.now - SUNDAY_NOON).total_seconds())
        clock.pass_by(seconds=5)

    assert tried_at == [0, 5, 15, 35, 75, 155, 315]


async def test_after_the_last_try_it_is_given_up_with_the_reason(
    queue: Queue, clock: Clock, carrier: Scripted, worker: Worker
) -> None:
    carrier.answer = Tried("later", "Twilio answered 503")
    await accept(queue, clock)

    for _ in range(MOST_TRIES + 5):
        await worker.turn()
        clock.pass_by(minutes=16)

    assert len(carrier.carried) == MOST_TRIES
    assert (await queue.waiting())[0] == 0
    count, last = await queue.dead(10)
    assert (count, last[0]["reason"]) == (1, "Twilio answered 503")


async def test_a_revived_message_starts_from_the_beginning(
    queue: Queue, clock: Clock, carrier: Scripted, worker: Worker
) -> None:
    carrier.answer = Tried("refused", "no such number")
    await accept(queue, clock)
    await worker.turn()
    dead = (await queue.dead(1))[1][0]["id"]

    carrier.answer = Tried("sent")
    assert await queue.revive(dead, clock.now)
    await worker.turn()

    assert carrier.carried == ["hello", "hello"]
    assert (await queue.waiting(), await queue.dead(1)) == ((0, None), (0, []))


async def test_waiting_for_a_carrier_to_be_set_up_costs_no_try_but_ends_after_days(
    queue: Queue, clock: Clock, carrier: Scripted, worker: Worker
) -> None:
    carrier.answer = Tried("waiting", "text messages are not set up")
    await accept(queue, clock)

    for _ in range(MOST_TRIES * 2):
        assert await worker.turn() == 1
        clock.pass_by(minutes=1)
    assert (await queue.waiting())[0] == 1
    clock.now = SUNDAY_NOON + KEEP_TRYING + timedelta(minutes=1)
    await worker.turn()

    assert (await queue.waiting())[0] == 0
    assert (await queue.dead(1))[1][0]["reason"] == "text messages are not set up"


async def test_an_announcement_waits_for_the_morning_and_a_ticket_does_not(
    queue: Queue, clock: Clock, carrier: Scripted, worker: Worker
) -> None:
    clock.now = SUNDAY_NOON + timedelta(hours=11)  # 23:00
    await accept(queue, clock, "planned work", kind="announcement")
    await accept(queue, clock, "your ticket", kind="ticket_update")

    await worker.turn()
    assert carrier.carried == ["your ticket"]
    clock.pass_by(hours=9, minutes=59)
    await worker.turn()
    assert carrier.carried == ["your ticket"]
    clock.pass_by(minutes=1)
    await worker.turn()

    assert carrier.carried == ["your ticket", "planned work"]


async def test_a_fault_of_ours_with_one_message_does_not_stop_the_others(queue: Queue, clock: Clock) -> None:
    class Broken(Scripted):
        async def carry(self, message_id: str, kind: Kind, to: str, text: str) -> Tried:
            if text == "poison":
                raise ValueError(text)
            return await super().carry(message_id, kind, to, text)

    carrier = Broken()
    worker = Worker(queue, sms=carrier, mail=carrier, policy=Policy.read(POLICY), now=clock)
    await accept(queue, clock, "poison")
    await accept(queue, clock, "medicine")

    for _ in range(MOST_TRIES):
        await worker.turn()
        clock.pass_by(minutes=16)

    assert carrier.carried == ["medicine"]
    assert (await queue.dead(1))[1][0]["reason"] == "a fault of ours: ValueError"


async def test_what_one_copy_has_taken_no_other_takes(queue: Queue, clock: Clock) -> None:
    for number in range(30):
        await accept(queue, clock, str(number))

    taken = [await queue.claim(clock.now, most=20) for _ in range(3)]

    assert [len(part) for part in taken] == [20, 10, 0]
    assert len({message.message_id for part in taken for message in part}) == 30


async def test_what_a_crashed_copy_had_taken_comes_back_after_its_lease(
    queue: Queue, clock: Clock, carrier: Scripted, worker: Worker
) -> None:
    await accept(queue, clock)
    await queue.claim(clock.now, most=10)  # and then it crashed

    assert await worker.turn() == 0
    clock.pass_by(seconds=LEASE_S)
    await worker.turn()

    assert carrier.carried == ["hello"]


async def test_a_message_whose_time_ran_out_leaves_the_queue(
    queue: Queue, clock: Clock, carrier: Scripted, worker: Worker, redis_url: str
) -> None:
    await accept(queue, clock)
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        await redis.delete(*[key async for key in redis.scan_iter("outbound:message:*")])

    await worker.turn()

    assert carrier.carried == []
    assert await queue.waiting() == (0, None)
