"""What changed, told to every open page at once: one reader a process, one small queue a socket."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Protocol

from redis.exceptions import RedisError

from escalation.client import EscalationUnavailable, StaffEvent

log = logging.getLogger(__name__)

RETRY_S = 1.0
ANY = "*"  # told instead of single references to a page that fell behind: look at everything again
WAITING_MAX = 100


class StaffEvents(Protocol):
    def staff_events(self) -> AsyncIterator[StaffEvent]: ...


class Listener:
    """The references that changed since its page was last told; bounded, each reference once."""

    def __init__(self) -> None:
        self._changed: dict[str, None] = {}
        self._wake = asyncio.Event()

    def tell(self, reference: str) -> None:
        if len(self._changed) >= WAITING_MAX:
            self._changed = {ANY: None}
        else:
            self._changed[reference] = None
        self._wake.set()

    async def changed(self) -> list[str]:
        """Wait for a change, then take all that gathered."""
        await self._wake.wait()
        self._wake.clear()
        references = list(self._changed)
        self._changed.clear()
        return references


class Live:
    """Reads the staff events once and fans them out to the listeners of this process."""

    def __init__(self, desk: StaffEvents) -> None:
        self._desk = desk
        self._listeners: set[Listener] = set()

    @contextmanager
    def listen(self) -> Iterator[Listener]:
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def run(self) -> None:
        """Until cancelled. Events missed while the stream was away come back as one `ANY`."""
        while True:
            try:
                async for event in self._desk.staff_events():
                    self._tell(event.reference)
            except (EscalationUnavailable, RedisError) as error:
                log.warning("staff events: %s, again in %s s", type(error).__name__, RETRY_S)
            await asyncio.sleep(RETRY_S)
            self._tell(ANY)

    def _tell(self, reference: str) -> None:
        for listener in self._listeners:
            listener.tell(reference)
