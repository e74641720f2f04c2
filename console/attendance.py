"""Who has the console open in this copy of the program: reported to escalation every few seconds, all at once."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Protocol

from escalation.client import EscalationUnavailable

log = logging.getLogger(__name__)

EVERY_S = 5.0


class Reports(Protocol):
    async def attend(self, people: Collection[str], *, begins: bool) -> None: ...


class Attendance:
    """A person is here while one of their sockets is open, and when they ask for anything: some networks have no
    sockets.
    """

    def __init__(self, desk: Reports) -> None:
        self._desk = desk
        self._pages: Counter[str] = Counter()
        self._asked: set[str] = set()
        self._begins = True

    @contextmanager
    def open(self, username: str) -> Iterator[None]:
        """One page of theirs; each tab has its own."""
        self._pages[username] += 1
        self._asked.add(username)
        try:
            yield
        finally:
            self._asked.add(username)
            self._pages[username] -= 1

    def asked(self, username: str) -> None:
        self._asked.add(username)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.report()
            await asyncio.sleep(EVERY_S)

    async def report(self) -> None:
        self._pages = +self._pages
        asked, self._asked = self._asked, set()
        try:
            await self._desk.attend(sorted(self._pages.keys() | asked), begins=self._begins)
            self._begins = False
        except EscalationUnavailable as error:
            self._asked |= asked
            log.warning("attendance is not reported: %s", type(error).__name__)
