"""An account or a caller that was locked after wrong guesses: a person is told, once, even when nobody can be now."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions.tools import Escalation
from escalation.client import Check, EscalationUnavailable, Signals

log = logging.getLogger(__name__)

UNTOLD = "actions:locks"
KEPT_S = 7 * 24 * 3600
AGAIN_S = 2.0
CATEGORY = "security-fraud"
CHECK = "identity"


def _now() -> datetime:
    return datetime.now(UTC)


class LockNews:
    """Kept in Redis until the ticket exists. The same lock is the same ticket, however often it is told."""

    def __init__(self, redis: "Redis", escalation: Escalation, *, now: Callable[[], datetime] = _now) -> None:
        self._redis = redis
        self._escalation = escalation
        self._now = now

    async def keep(self, contact_id: UUID, turn_id: str, customer_id: str) -> None:
        """`customer_id` is whose account was guessed at; "" where there is no such account."""
        news = {"contact_id": str(contact_id), "customer_id": customer_id, "at": self._now().isoformat()}
        await cast(Any, self._redis.hset(UNTOLD, f"lock-{turn_id}-{contact_id}", json.dumps(news)))
        await self._redis.expire(UNTOLD, KEPT_S)

    async def run(self) -> None:
        while True:
            try:
                await self.tell()
            except (RedisError, EscalationUnavailable):
                log.warning("a lock cannot be told to people yet")
            await asyncio.sleep(AGAIN_S)

    async def tell(self) -> None:
        """Raises EscalationUnavailable and RedisError; what is untold stays so."""
        for key, written in (await cast(Any, self._redis.hgetall(UNTOLD))).items():
            news = json.loads(written)
            try:
                await self._escalation.hand_over(UUID(news["contact_id"]), _signals(news), key=key)
            except httpx.HTTPStatusError as error:  # our own mistake: it would be refused again
                log.error("a lock could not be told to people: %s", error.response.status_code)
            await cast(Any, self._redis.hdel(UNTOLD, key))


def _signals(news: dict[str, str]) -> Signals:
    whose = news["customer_id"] or "no such account"
    found = Check(
        name=CHECK, result=f"fault: locked after wrong guesses: {whose}", at=datetime.fromisoformat(news["at"])
    )
    return Signals(category=CATEGORY, reason="verification_failed", checks=(found,))
