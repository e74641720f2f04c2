"""One fault undergone by a crowd, and what came of it."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass

import psycopg

from benchmarks.faults.fault import Fault
from benchmarks.faults.people import Crowd, until_a_chat_works
from benchmarks.faults.stage import Stage

BEFORE_S = 3.0
SETTLES_S = 60.0


@dataclass(frozen=True)
class Outcome:
    fault: str
    notices: Counter[str]  # what the chat said of its own accord
    phone_said: tuple[str, ...]
    sent: int  # messages
    not_taken: int  # refused until their writer gave up
    in_chat: int  # of those sent, shown by a page that is opened anew
    twice: int  # shown more than once
    recorded: int  # of those sent, in the transcript that agents read
    unanswered: int  # writers whose last message got no answer
    told: int  # references that customers were given
    stored: int  # of those, tickets that exist
    doubled: int  # problems of a conversation with more than one ticket
    recovered_s: float | None  # after it was put right, until a new subscriber gets an answer

    @property
    def lost(self) -> int:
        """Whatever should be there and is not, or is there twice."""
        messages = 2 * self.sent - self.in_chat - self.recorded + self.twice + self.unanswered
        return messages + self.not_taken + self.told - self.stored + self.doubled


async def undergo(stage: Stage, fault: Fault) -> Outcome:
    over, begun = asyncio.Event(), 0.0
    supervising = asyncio.create_task(_supervise(stage))
    try:
        async with AsyncExitStack() as stack:
            crowd = Crowd(stage, stack)
            await crowd.gather()
            writing = asyncio.create_task(crowd.write(over))
            await asyncio.sleep(BEFORE_S)
            begun = time.monotonic()
            async with fault.lasts(stage):
                calling = asyncio.create_task(crowd.call())
                await asyncio.sleep(fault.for_s)
            recovered_s = await until_a_chat_works(stage.product.url)
            over.set()
            await asyncio.gather(writing, calling)
            return await _counted(stage, fault, crowd, begun, recovered_s)
    finally:
        supervising.cancel()


async def _supervise(stage: Stage) -> None:
    while True:
        for name in stage.supervise():
            print(f"    {name} ended by itself and was started again", flush=True)
        await asyncio.sleep(0.5)


async def _counted(stage: Stage, fault: Fault, crowd: Crowd, begun: float, recovered_s: float | None) -> Outcome:
    names = [name for writer in crowd.writers for name in writer.sent]
    histories = await asyncio.gather(*(writer.history() for writer in crowd.writers))
    shown = [
        str(event.data["message_id"])
        for writer, history in zip(crowd.writers, histories, strict=True)
        for event in history
        if event.data.get("message_id") in writer.sent
    ]
    conversations = [writer.id for writer in crowd.writers]
    told = sorted(crowd.told_references())
    recorded = await _until(stage, len(names), conversations, names)
    missing = [each for each in told if not _one(stage, "SELECT count(*) FROM tickets WHERE reference = %s", each)]
    for reference in missing:
        print(f"    {reference} was told and is no ticket", flush=True)
    doubled = _one(
        stage,
        "SELECT count(*) FROM (SELECT 1 FROM tickets WHERE contact_id = ANY(%s::uuid[])"
        " GROUP BY contact_id, problem HAVING count(*) > 1) AS more",
        conversations,
    )
    return Outcome(
        fault.name,
        crowd.notices(begun),
        tuple(crowd.spoken()),
        sent=len(names),
        not_taken=crowd.not_taken,
        in_chat=len(set(shown)),
        twice=len(shown) - len(set(shown)),
        recorded=recorded,
        unanswered=crowd.unanswered,
        told=len(told),
        stored=len(told) - len(missing),
        doubled=doubled,
        recovered_s=recovered_s,
    )


async def _until(stage: Stage, all_of_them: int, conversations: list[str], names: list[str]) -> int:
    """How many are in the transcript once all are, or after a while."""
    deadline = time.monotonic() + SETTLES_S
    query = "SELECT count(*) FROM turns WHERE contact_id = ANY(%s::uuid[]) AND turn_id = ANY(%s)"
    while True:
        found = _one(stage, query, conversations, [f"c-{name}" for name in names])
        if found >= all_of_them or time.monotonic() > deadline:
            return found
        await asyncio.sleep(0.5)


def _one(stage: Stage, query: str, *values: list[str] | str) -> int:
    with psycopg.connect(stage.database_url) as connection:
        row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])
