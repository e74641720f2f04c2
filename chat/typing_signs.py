"""That the other side types: the customer's sign on its way to the person, the person's into every open page."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

import httpx
from redis import RedisError

from chat.session import Conversation
from chat.store import Store
from escalation.client import EscalationUnavailable, TypingSign

log = logging.getLogger(__name__)

EVERY_MS = 2000  # of one conversation; what comes sooner is dropped
RETRY_S = 1.0


class Signs(Protocol):
    """What of `escalation.client.EscalationClient` tells that somebody types."""

    async def customer_types(self, contact_id: UUID) -> None: ...
    def typing_signs(self) -> AsyncIterator[TypingSign]: ...


class Listener:
    """An open page: at most one sign waits for it, the newest."""

    def __init__(self) -> None:
        self._name = ""
        self._wake = asyncio.Event()

    def tell(self, name: str) -> None:
        self._name = name
        self._wake.set()

    async def wait(self) -> str:
        """The name of the person who types."""
        await self._wake.wait()
        self._wake.clear()
        return self._name


class TypingSigns:
    """A sign is passed on or lost; while Redis or escalation is away there are none, and everything else goes on."""

    def __init__(self, signs: Signs, store: Store) -> None:
        self._signs = signs
        self._store = store
        self._pages: defaultdict[UUID, set[Listener]] = defaultdict(set)

    async def customer_types(self, conversation: Conversation) -> None:
        if conversation.mode != "agent" or not await self._store.first_for(f"typing:{conversation.id}", EVERY_MS):
            return
        try:
            await self._signs.customer_types(conversation.id)
        except (EscalationUnavailable, httpx.HTTPStatusError) as error:
            log.warning("typing is not shown: %s", type(error).__name__)

    @contextmanager
    def listen(self, contact_id: UUID) -> Iterator[Listener]:
        listener = Listener()
        self._pages[contact_id].add(listener)
        try:
            yield listener
        finally:
            self._pages[contact_id].discard(listener)
            if not self._pages[contact_id]:
                del self._pages[contact_id]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async for sign in self._signs.typing_signs():
                    if sign.by == "agent":
                        for listener in self._pages.get(sign.contact_id, ()):
                            listener.tell(sign.name)
            except RedisError as error:
                log.warning("typing signs: %s, again in %s s", type(error).__name__, RETRY_S)
            await asyncio.sleep(RETRY_S)
