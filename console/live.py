"""What changed, told to every open page at once: one reader a process, one small queue a socket.

A change of a ticket travels twice: its reference at once, and to open lists its line, which is read once for all of
them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from redis.exceptions import RedisError

from console.changed_row import ChangedRow
from console.presence import Presence
from escalation.client import EscalationRefused, EscalationUnavailable, Person, RowFacts, StaffEvent, TypingSign

log = logging.getLogger(__name__)

RETRY_S = 1.0
ANY = "*"  # told instead of single references to a page that fell behind: look at everything again
WAITING_MAX = 100
ON_OFFER = frozenset({"offered", "offer_ended"})  # changes after which somebody has other offers
GATHER_S = 0.05  # lines that change in so short a time are read together
ROWS_MAX = 100  # that escalation gives at once
PAGE_MS = 200  # of the time in which all open pages ask anew, for each of them (benchmarks/console.py)


class StaffEvents(Protocol):
    def staff_events(self) -> AsyncIterator[StaffEvent]: ...
    def typing_signs(self) -> AsyncIterator[TypingSign]: ...
    async def rows(self, references: Sequence[str]) -> list[RowFacts]: ...


class Listener:
    """The references that changed since its page was last told; bounded, each reference once.

    `own`: the ticket whose page it is, "" for a page of many; `person`: who has the page open; `shows_rows`: the page
    is the queue's, whose lines are replaced one by one. Not for somebody for whom not all tickets exist.
    """

    def __init__(self, own: str = "", person: Person | None = None, *, shows_rows: bool = False) -> None:
        self.own = own
        self._person = person
        self.takes_rows = shows_rows and person is not None and person.sees == "all"
        self._changed: dict[str, None] = {}
        self._rows: dict[str, ChangedRow] = {}
        self._is_typed_in = False
        self._has_offers = False
        self._wake = asyncio.Event()

    def tell(self, reference: str, *, on_offer: bool = False) -> None:
        """`on_offer`: somebody has other offers than before."""
        self._has_offers = self._has_offers or on_offer
        if len(self._changed) >= WAITING_MAX:
            self._changed = {ANY: None}
        else:
            self._changed[reference] = None
        self._wake.set()

    def tell_row(self, row: ChangedRow) -> None:
        if not self.takes_rows:
            return
        if len(self._rows) >= WAITING_MAX:
            self._rows.clear()
            self.tell(ANY)
        else:
            self._rows[row.reference] = row
            self._wake.set()

    def take_rows(self) -> list[ChangedRow]:
        """The newest line of each ticket that changed since this was asked last."""
        rows = list(self._rows.values())
        self._rows.clear()
        return rows

    def tell_typing(self, sign: TypingSign) -> None:
        """That the customer types in this page's chat; not to somebody for whom the ticket may not exist."""
        me = self._person
        if self.own == sign.reference and me is not None and (me.sees == "all" or me.username == sign.username):
            self._is_typed_in = True
            self._wake.set()

    def take_typing(self) -> bool:
        """Whether the customer was typing since this was asked last."""
        was, self._is_typed_in = self._is_typed_in, False
        return was

    def take_offers(self) -> bool:
        """Whether anybody's offers changed since this was asked last."""
        had, self._has_offers = self._has_offers, False
        return had

    async def changed(self) -> list[str]:
        """Wait for a change, a line, or for the customer to type, then take all references that gathered."""
        await self._wake.wait()
        self._wake.clear()
        references = list(self._changed)
        self._changed.clear()
        return references


class Live:
    """Reads the staff events once and fans them out to the listeners of this process."""

    def __init__(self, desk: StaffEvents, presence: Presence) -> None:
        self._desk = desk
        self._presence = presence
        self._listeners: set[Listener] = set()
        self._unread: dict[str, None] = {}  # references whose lines are to be read
        self._has_unread = asyncio.Event()

    @contextmanager
    def listen(self, own: str = "", person: Person | None = None, *, shows_rows: bool = False) -> Iterator[Listener]:
        listener = Listener(own, person, shows_rows=shows_rows)
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
                    self._tell(event.reference, on_offer=event.kind in ON_OFFER)
                    self._unread[event.reference] = None
                    self._has_unread.set()
            except (EscalationUnavailable, RedisError) as error:
                log.warning("staff events: %s, again in %s s", type(error).__name__, RETRY_S)
            await asyncio.sleep(RETRY_S)
            self._tell(ANY, on_offer=True)

    async def read_rows(self) -> None:
        """Until cancelled: the lines that changed, in the order in which they were read, to the lists that are open.

        Lists whose lines could not be read, or are no more, are to be asked for anew.
        """
        while True:
            await self._has_unread.wait()
            await asyncio.sleep(GATHER_S)
            references = list(self._unread)[:ROWS_MAX]
            for reference in references:
                del self._unread[reference]
            if not self._unread:
                self._has_unread.clear()
            if lists := [listener for listener in self._listeners if listener.takes_rows]:
                await self._read(references, lists)

    async def _read(self, references: list[str], lists: list[Listener]) -> None:
        try:
            rows = await self._desk.rows(references)
        except (EscalationUnavailable, EscalationRefused) as error:
            log.warning("lines of the queue: %s", type(error).__name__)
            rows = []
        changed = [ChangedRow(row) for row in rows]
        for listener in lists:
            for row in changed:
                listener.tell_row(row)
            if len(rows) < len(references):
                listener.tell(ANY)

    async def watch_presence(self) -> None:
        """Until cancelled: who looks at a ticket concerns its own pages, not the lists that it stands in."""
        while True:
            try:
                async for reference in self._presence.changes():
                    for listener in self._listeners:
                        if listener.own == reference:
                            listener.tell(reference)
            except RedisError as error:
                log.warning("presence: %s, again in %s s", type(error).__name__, RETRY_S)
            await asyncio.sleep(RETRY_S)

    async def watch_typing(self) -> None:
        """Until cancelled. What was missed meanwhile is over anyway."""
        while True:
            try:
                async for sign in self._desk.typing_signs():
                    if sign.by == "customer":
                        for listener in self._listeners:
                            listener.tell_typing(sign)
            except RedisError as error:
                log.warning("typing: %s, again in %s s", type(error).__name__, RETRY_S)
            await asyncio.sleep(RETRY_S)

    @property
    def within_ms(self) -> int:
        """In which all lists that are open may ask anew: the more of them, the further apart, so that no agent waits
        for the others' lists.
        """
        return PAGE_MS * len(self._listeners)

    def _tell(self, reference: str, *, on_offer: bool) -> None:
        for listener in self._listeners:
            listener.tell(reference, on_offer=on_offer)
