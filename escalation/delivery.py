"""Delivers the outbox: events to Redis Streams, in order and at least once; text messages through outbound.

What it holds for the ledger of fates is taken by escalation/ledger.py, for the hub by hub.py, and for followers by
following.py.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx
from redis import RedisError
from redis.asyncio import Redis
from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from escalation import streams
from escalation.database import Sessions
from escalation.events import FATES, FOLLOWER, FOLLOWERS, SMS
from escalation.notification import HUB
from escalation.office import Office
from escalation.records import OutboxRecord
from outbound.client import OutboundUnavailable

log = logging.getLogger(__name__)

NO_STREAM = (SMS, FATES, HUB, FOLLOWERS, FOLLOWER)
LOCK = 621_0002  # one publisher at a time: that keeps the order
BATCH = 100
LIVE_KEPT = 10_000  # entries of a stream
SWEEP_S = 5.0  # the web process looks even when nobody woke it
KEPT = timedelta(days=2)  # what was delivered
LONGEST_RETRY = timedelta(minutes=15)
PACE_S = 0.05  # between two rounds: many events a second go together, and nobody sees the difference


_ALONE = select(func.pg_advisory_xact_lock(LOCK))
_WAITING = (
    select(OutboxRecord)
    .where(OutboxRecord.delivered_at.is_(None), OutboxRecord.topic.not_in(NO_STREAM))
    .order_by(OutboxRecord.id)
    .limit(BATCH)
)


class Texts(Protocol):
    """The part of outbound.client that is needed here."""

    async def send(self, *, to: str, text: str, key: str, kind: Any) -> None: ...


async def publish(sessions: Sessions, redis: Redis, now: datetime) -> int:
    """Bring waiting events to their streams, oldest first; how many. What fails stays and goes first next time."""
    async with sessions.begin() as session:
        await session.execute(_ALONE)
        events = list(await session.scalars(_WAITING))
        for event in events:
            body = json.dumps({"event_id": str(event.id), **event.payload})
            await streams.add(redis, event.topic, {"event": body}, kept=LIVE_KEPT)
            event.delivered_at = now
    return len(events)


async def send_texts(office: Office, texts: Texts) -> int:
    """Give waiting text messages to outbound; while it is away they are tried again at growing intervals."""
    now = office.now()
    async with office.sessions.begin() as session:
        waiting = await session.scalars(
            select(OutboxRecord)
            .where(OutboxRecord.delivered_at.is_(None), OutboxRecord.topic == SMS, OutboxRecord.try_at <= now)
            .order_by(OutboxRecord.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        sent = 0
        for message in waiting:
            try:
                await texts.send(**message.payload, key=f"escalation-{message.id}")
            except OutboundUnavailable:
                message.tries += 1
                message.try_at = now + min(timedelta(seconds=2**message.tries), LONGEST_RETRY)
                break
            except httpx.HTTPStatusError as error:  # no number and no address: trying again would not help
                log.error("outbound refused message %s with %s", message.id, error.response.status_code)
            message.delivered_at = now
            sent += 1
    return sent


async def forget(office: Office) -> None:
    """Delivered events are of no use any more."""
    async with office.sessions.begin() as session:
        await session.execute(delete(OutboxRecord).where(OutboxRecord.delivered_at < office.now() - KEPT))


class Publisher:
    """Publishes at once when woken after a commit, and now and then what another program left behind."""

    def __init__(self, sessions: Sessions, redis: Redis, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._redis = redis
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_S):  # wait_for of Python 3.11 may swallow a cancellation
                    await self._woken.wait()
            self._woken.clear()
            try:
                while await publish(self._sessions, self._redis, self._now()) == BATCH:
                    pass  # a full batch may have left some; what comes later wakes again
                await asyncio.sleep(PACE_S)
            except (RedisError, SQLAlchemyError) as error:
                log.warning("events wait in the outbox: %s", type(error).__name__)
                await asyncio.sleep(1)
                self._woken.set()
