"""A conversation's events as server-sent events, from any point, until the page goes or the program stops."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from redis import RedisError

from chat.event import Stored
from chat.store import Store
from chat.transcript import now
from chat.typing_signs import Listener, TypingSigns

HEARTBEAT_S = 15.0  # below the idle limits of common proxies (30-60 s)
RETRY_MS = 1000
SEEN_EVERY = timedelta(seconds=10)
EVENT_ID = re.compile(r"\d{1,20}-\d{1,20}")
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def starting_point(last_event_id: str | None) -> str:
    """Only an id of a stream is believed; without one the whole conversation is told."""
    return last_event_id if last_event_id and EVENT_ID.fullmatch(last_event_id) else "0-0"


async def events(
    store: Store, typing: TypingSigns, contact_id: UUID, after: str, closing: asyncio.Event
) -> AsyncIterator[str]:
    """Ends by itself when `closing` is set or the store is away; the page then comes back with the last id."""
    yield f"retry: {RETRY_MS}\n\n"
    stopped = asyncio.ensure_future(closing.wait())
    try:
        with typing.listen(contact_id) as listener:
            async for text in _told(store, listener, contact_id, after, stopped):
                yield text
    except RedisError:
        return
    finally:
        stopped.cancel()


async def _told(
    store: Store, listener: Listener, contact_id: UUID, after: str, stopped: asyncio.Future[Any]
) -> AsyncIterator[str]:
    """A sign of typing goes out between two reads' results, and never ends the read that waits."""
    seen_at = None
    reading, typing = _reading(store, contact_id, after), asyncio.ensure_future(listener.wait())
    try:
        while not stopped.done():
            if seen_at is None or now() - seen_at > SEEN_EVERY:
                seen_at = now()
                await store.seen(contact_id, seen_at)
            awaited: set[asyncio.Future[Any]] = {reading, typing, stopped}
            await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
            if typing.done():
                yield typing_text(typing.result())
                typing = asyncio.ensure_future(listener.wait())
            if reading.done():
                found = reading.result()
                yield "".join(as_text(stored) for stored in found) or ": still here\n\n"
                after = found[-1].id if found else after
                reading = _reading(store, contact_id, after)
    finally:
        reading.cancel()
        typing.cancel()


def _reading(store: Store, contact_id: UUID, after: str) -> asyncio.Future[list[Stored]]:
    return asyncio.ensure_future(store.wait_for_events(contact_id, after, int(HEARTBEAT_S * 1000)))


def typing_text(name: str) -> str:
    """Without an id: it is no part of the conversation, and is not told again."""
    return f"event: typing\ndata: {json.dumps({'name': name}, ensure_ascii=False)}\n\n"


def as_text(stored: Stored) -> str:
    data = json.dumps(stored.event.data, ensure_ascii=False)
    return f"id: {stored.id}\nevent: {stored.event.kind}\ndata: {data}\n\n"
