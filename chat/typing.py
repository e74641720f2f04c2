"""That a person writes to a customer: passed on to the open pages of the conversation, and kept nowhere."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Literal, Protocol
from uuid import UUID

from redis import RedisError

from escalation.client import TypingSign

log = logging.getLogger(__name__)

RETRY_S = 1.0


class Signs(Protocol):
    """What of `escalation.client.EscalationClient` tells who writes."""

    def typing(self, by: Literal["customer", "agent"]) -> AsyncIterator[TypingSign]: ...

    async def customer_is_typing(self, contact_id: UUID, reference: str) -> None: ...


class Page:
    """An open stream, and the person who wrote to it last, until that is told."""

    def __init__(self) -> None:
        self._sign: TypingSign | None = None
        self._wake = asyncio.Event()

    def tell(self, sign: TypingSign) -> None:
        self._sign = sign
        self._wake.set()

    async def sign(self) -> TypingSign:
        """The next one."""
        while self._sign is None:
            self._wake.clear()
            await self._wake.wait()
        sign, self._sign = self._sign, None
        return sign


class Typing:
    def __init__(self, signs: Signs) -> None:
        self._signs = signs
        self._pages: defaultdict[UUID, set[Page]] = defaultdict(set)

    @contextmanager
    def page(self, contact_id: UUID) -> Iterator[Page]:
        page = Page()
        self._pages[contact_id].add(page)
        try:
            yield page
        finally:
            self._pages[contact_id].discard(page)
            if not self._pages[contact_id]:
                del self._pages[contact_id]

    async def say(self, contact_id: UUID, reference: str) -> None:
        """The customer writes. A courtesy: without Redis nobody sees it."""
        try:
            await self._signs.customer_is_typing(contact_id, reference)
        except RedisError as error:
            log.warning("typing: %s", type(error).__name__)

    async def run(self) -> None:
        """Never ends."""
        while True:
            try:
                async for sign in self._signs.typing("agent"):
                    for page in self._pages.get(sign.contact_id, ()):
                        page.tell(sign)
            except RedisError as error:
                log.warning("typing: %s, again in %s s", type(error).__name__, RETRY_S)
            await asyncio.sleep(RETRY_S)
