"""What the assistant must tell escalation, kept while it is away: reports of faults, visits agreed and cancelled."""

import asyncio
import logging
import time
from typing import Any, Protocol

import httpx
from pydantic import ValidationError
from redis import RedisError
from redis.asyncio import Redis

from escalation import streams
from escalation.errors import EscalationUnavailable
from escalation.outages.outage_wire import FaultReport, ReportTaken
from escalation.visits.visit_wire import VisitAgreed, VisitTaken

log = logging.getLogger(__name__)

KEPT = 200_000  # entries kept while escalation is away
REFUSED_KEPT = 1000
PAUSE_S = 1.0
LOCKED_S = 30.0  # longer than one request may take
BATCH_S = 15.0  # then the lock is taken anew


class Told(Protocol):
    """Whom it is told: the part of EscalationClient that is needed."""

    async def report_fault(self, said: FaultReport) -> ReportTaken: ...
    async def visit_agreed(self, said: VisitAgreed) -> VisitTaken: ...
    async def visit_cancelled(self, visit_id: str) -> None: ...


class ToldLater:
    """Told in the order in which it was kept, by one copy at a time, until escalation took it.

    While anything waits, what comes later waits behind it: a visit that was moved must not be moved back.
    """

    def __init__(self, redis: Redis, client: Told, *, name: str = "assistant") -> None:
        self._redis = redis
        self._stream = f"{name}:told-later"
        self._client = client

    async def report_fault(self, said: FaultReport) -> ReportTaken | None:
        """What explains the fault; None when it will be told later. A report stands for itself: it need not wait."""
        try:
            return await self._client.report_fault(said)
        except EscalationUnavailable:
            await self._keep("fault", said.model_dump_json())
            return None

    async def visit_agreed(self, said: VisitAgreed) -> VisitTaken | None:
        """None when it will be told later."""
        try:
            if not await self._redis.xlen(self._stream):
                return await self._client.visit_agreed(said)
        except (EscalationUnavailable, RedisError):
            pass
        await self._keep("visit", said.model_dump_json())
        return None

    async def visit_cancelled(self, visit_id: str) -> None:
        """Nobody waits for an answer."""
        await self._keep("cancelled", visit_id)

    async def run(self) -> None:
        while True:
            try:
                if await self._redis.xlen(self._stream):
                    await self._tell()
            except RedisError:
                log.warning("what waits to be told cannot be read, trying again")
            await asyncio.sleep(PAUSE_S)

    async def _keep(self, kind: str, body: str) -> None:
        """Raises EscalationUnavailable when Redis is away too: then nobody has it, and the customer is told so."""
        try:
            await streams.add(self._redis, self._stream, {"kind": kind, "body": body}, kept=KEPT)
        except RedisError as error:
            raise EscalationUnavailable(kind) from error

    async def _tell(self) -> None:
        lock = self._redis.lock(f"{self._stream}:lock", timeout=LOCKED_S)
        if not await lock.acquire(blocking=False):
            return
        try:
            until = time.monotonic() + BATCH_S
            while time.monotonic() < until and await self._first():
                pass
        finally:
            await lock.release()

    async def _first(self) -> bool:
        """Whether there may be more to tell now."""
        waiting: Any = await self._redis.xrange(self._stream, count=1)
        for entry_id, fields in waiting:
            try:
                await self._send(fields["kind"], fields["body"])
            except EscalationUnavailable:
                return False
            except (httpx.HTTPStatusError, ValidationError, KeyError):
                log.error("escalation refused entry %s of %s", entry_id, self._stream)
                await streams.add(self._redis, f"{self._stream}:refused", fields, kept=REFUSED_KEPT)
            await self._redis.xdel(self._stream, entry_id)
            return True
        return False

    async def _send(self, kind: str, body: str) -> None:
        if kind == "fault":
            await self._client.report_fault(FaultReport.model_validate_json(body))
        elif kind == "visit":
            await self._client.visit_agreed(VisitAgreed.model_validate_json(body))
        elif kind == "cancelled":
            await self._client.visit_cancelled(body)
        else:
            raise KeyError(kind)
