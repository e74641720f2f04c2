"""Who else looks at a ticket: shown to its readers, gone with the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import from_url

from console.presence import STALE_S, Presence
from tests.console.fake_desk import DANA, OMAR, SUE
from tests.console.morning import CHARGED, SLOW


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@asynccontextmanager
async def presence(redis_url: str) -> AsyncIterator[tuple[Presence, Clock]]:
    clock = Clock()
    async with from_url(redis_url, decode_responses=True) as redis:
        yield Presence(redis, clock), clock


async def names(found: Presence, reference: str = SLOW) -> list[str]:
    return [each.name for each in await found.others(reference, DANA)]


async def test_others_are_named_once_and_never_oneself(redis_url: str) -> None:
    async with presence(redis_url) as (found, _):
        async with (
            found.shown(SLOW, SUE, "1"),
            found.shown(SLOW, OMAR, "2"),
            found.shown(SLOW, OMAR, "3"),
            found.shown(SLOW, DANA, "4"),
            found.shown(CHARGED, SUE, "5"),
        ):
            assert await names(found) == ["Omar Reyes", "Sue Lindqvist"]
        assert await names(found) == []


async def test_a_page_whose_program_died_is_forgotten(redis_url: str) -> None:
    async with presence(redis_url) as (found, clock):
        await found.stay(SLOW, OMAR, "1")

        clock.at += STALE_S - 1
        assert await names(found) == ["Omar Reyes"]
        clock.at += 2

        assert await names(found) == []


async def test_without_redis_nobody_is_shown_and_nothing_fails() -> None:
    async with presence("redis://127.0.0.1:1/0") as (found, _), found.shown(SLOW, OMAR, "1"):
        assert await names(found) == []
