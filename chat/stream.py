"""A conversation's events as server-sent events, from any point, until the page goes or the program stops."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

from redis import RedisError

from chat.event import Stored
from chat.store import Store
from chat.transcript import now

HEARTBEAT_S = 15.0  # below the idle limits of common proxies (30-60 s)
RETRY_MS = 1000
SEEN_EVERY = timedelta(seconds=10)
EVENT_ID = re.compile(r"\d{1,20}-\d{1,20}")
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def starting_point(last_event_id: str | None) -> str:
    """Only an id of a stream is believed; without one the whole conversation is told."""
    return last_event_id if last_event_id and EVENT_ID.fullmatch(last_event_id) else "0-0"


async def events(store: Store, contact_id: UUID, after: str, closing: asyncio.Event) -> AsyncIterator[str]:
    """Ends by itself when `closing` is set or the store is away; the page then comes back with the last id."""
    yield f"retry: {RETRY_MS}\n\n"
    stopped = asyncio.ensure_future(closing.wait())
    seen_at = None
    try:
        while not closing.is_set():
            if seen_at is None or now() - seen_at > SEEN_EVERY:
                seen_at = now()
                await store.seen(contact_id, seen_at)
            reading = asyncio.ensure_future(store.wait_for_events(contact_id, after, int(HEARTBEAT_S * 1000)))
            try:
                await asyncio.wait({reading, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not reading.done():
                    return
                found = reading.result()
            finally:
                reading.cancel()
            yield "".join(as_text(stored) for stored in found) or ": still here\n\n"
            after = found[-1].id if found else after
    except RedisError:
        return
    finally:
        stopped.cancel()


def as_text(stored: Stored) -> str:
    data = json.dumps(stored.event.data, ensure_ascii=False)
    return f"id: {stored.id}\nevent: {stored.event.kind}\ndata: {data}\n\n"
