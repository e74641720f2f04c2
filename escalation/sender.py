"""Sends the hub's events, every subscriber apart from the others."""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from escalation import hub, signature
from escalation.courier import Undelivered
from escalation.hub import Taken
from escalation.office import Office

log = logging.getLogger(__name__)

ROUND_S = 0.5
EVENT_ID_HEADER = "X-Firstline-Event-Id"


class Carrier(Protocol):
    """Who brings an event to where its subscriber wants it, such as escalation.courier.Courier."""

    async def bring(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises Undelivered when it is not known to have arrived, within far less than hub.LEASE."""
        ...


class Sender:
    """A task for each subscriber that has something due: a slow one keeps nobody waiting but itself.

    `jitter` gives a number from 0 to 1.
    """

    def __init__(
        self, office: Office, carrier: Carrier, secrets: Sequence[str], jitter: Callable[[], float] = random.random
    ) -> None:
        self._office = office
        self._carrier = carrier
        self._secrets = secrets
        self._jitter = jitter
        self._busy: dict[UUID, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is on its way then is ended properly."""
        while not stop.is_set():
            try:
                await self.round()
            except SQLAlchemyError as error:
                log.warning("webhooks wait: %s", type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_S):
                    await self._woken.wait()
            self._woken.clear()
        await self.idle()

    async def round(self) -> int:
        """Begin to send all that is due and free; how many."""
        while await hub.give_out(self._office) == hub.BATCH:
            pass
        due: defaultdict[UUID, list[Taken]] = defaultdict(list)
        for taken in await hub.take(self._office, sparing=self._busy):
            due[taken.subscription_id].append(taken)
        for subscription_id, batch in due.items():
            self._busy[subscription_id] = asyncio.create_task(self._send_all(subscription_id, batch))
        return sum(map(len, due.values()))

    async def idle(self) -> None:
        """Until nothing is on its way."""
        while self._busy:
            await asyncio.wait(self._busy.values())

    async def _send_all(self, subscription_id: UUID, batch: Sequence[Taken]) -> None:
        try:
            await asyncio.gather(*(self._send(taken) for taken in batch))
        except SQLAlchemyError as error:  # sent, perhaps, and not noted: sent again when the lease is over
            log.warning("what became of webhooks is not noted: %s", type(error).__name__)
        finally:
            del self._busy[subscription_id]
            self._woken.set()

    async def _send(self, taken: Taken) -> None:
        body = taken.body.encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Firstline",
            EVENT_ID_HEADER: str(taken.event_id),
            signature.HEADER: signature.sign(body, at=self._office.now(), secrets=self._secrets),
        }
        try:
            await self._carrier.bring(taken.callback, body, headers)
        except Undelivered as error:
            await hub.failed(self._office, taken, str(error), jitter=self._jitter())
        else:
            await hub.delivered(self._office, taken)
