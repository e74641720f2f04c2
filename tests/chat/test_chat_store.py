"""chat.store: an inbox gives up no message that was not answered."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from chat.event import Item
from chat.store import Store

CONTACT = uuid4()


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[Store]:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        await redis.flushall()
        yield Store(redis, redis)


async def test_an_answered_message_goes_and_the_next_is_first(store: Store) -> None:
    for name in ("one", "two"):
        await store.put(CONTACT, Item(kind="text", message_id=name))
    assert await store.take_lock(CONTACT, "us")
    first = await store.next_item(CONTACT)
    assert first is not None
    assert first.item.message_id == "one"

    assert not await store.let_go(CONTACT, "us", first)
    second = await store.next_item(CONTACT)

    assert second is not None
    assert second.item.message_id == "two"
    assert not await store.take_lock(CONTACT, "others")
    assert await store.let_go(CONTACT, "us", second)
    assert await store.next_item(CONTACT) is None
    assert await store.waiting_ids() == []
    assert await store.take_lock(CONTACT, "others")


async def test_asked_twice_because_a_reply_was_lost_the_next_message_stays(store: Store) -> None:
    for name in ("one", "two"):
        await store.put(CONTACT, Item(kind="text", message_id=name))
    first = await store.next_item(CONTACT)

    await store.let_go(CONTACT, "us", first)
    await store.let_go(CONTACT, "us", first)
    second = await store.next_item(CONTACT)

    assert second is not None
    assert second.item.message_id == "two"
