"""escalation.streams: an entry is read until it is acknowledged, whoever died or was not heard in between."""

import pytest
from redis.asyncio import Redis

from escalation import streams
from escalation.streams import Reader


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BLOCK_MS", 20)
    monkeypatch.setattr(streams, "LOOK_BACK_S", 0.1)


async def read(reader: Reader) -> list[str]:
    """The numbers of the next entries, asked for until there are some."""
    for _ in range(100):
        if batch := await reader.take(10):
            return [fields["number"] for _, fields in batch]
    return []


async def test_what_came_before_the_first_reader_is_read(redis: Redis) -> None:
    await redis.xadd("told", {"number": "1"})

    assert await read(Reader(redis, "told", "group", "one")) == ["1"]


async def test_an_answer_of_redis_that_was_lost_on_its_way_is_asked_for_again(redis: Redis) -> None:
    reader = Reader(redis, "told", "group", "one")
    assert await reader.take(10) == []
    await redis.xadd("told", {"number": "1"})
    await redis.xreadgroup("group", "one", {"told": ">"})

    assert await read(reader) == ["1"]


async def test_a_new_reader_begins_with_what_the_last_one_left(redis: Redis) -> None:
    for number in ("1", "2"):
        await redis.xadd("told", {"number": number})
    first = await Reader(redis, "told", "group", "one").take(1)
    reader = Reader(redis, "told", "group", "one")

    assert await read(reader) == ["1"]
    await reader.acknowledge(first[0][0])
    assert await read(reader) == ["2"]


async def test_a_dead_readers_entries_are_taken_over(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "ABANDONED_MS", 1)
    await redis.xadd("told", {"number": "1"})
    assert await read(Reader(redis, "told", "group", "one")) == ["1"]

    assert await read(Reader(redis, "told", "group", "two")) == ["1"]


async def test_entries_go_on_after_redis_has_forgotten_the_group(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RETRY_S", 0.01)
    told = streams.entries(redis, "told", "group", "one")
    await redis.xadd("told", {"number": "1"})
    assert (await anext(told))[1] == {"number": "1"}

    await redis.flushall()
    await redis.xadd("told", {"number": "2"})

    assert (await anext(told))[1] == {"number": "2"}
