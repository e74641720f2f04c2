"""A technician's visits: the windows that are free, the one agreed, and what of them can be believed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

VisitState = Literal["agreed", "done", "missed", "cancelled"]
LONGEST = timedelta(hours=12)  # a window that is longer is none to wait at home for
NOTICE = timedelta(hours=2)  # the soonest that somebody can be sent
HORIZON = timedelta(days=28)  # how far ahead free windows are asked for


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """The window in which the technician comes. Raises ValueError for one that cannot be right."""

    begins: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.begins.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("a window without a time zone")
        if not timedelta(0) < self.ends - self.begins <= LONGEST:
            raise ValueError("a window that ends before it begins, or lasts more than half a day")


@dataclass(frozen=True, slots=True)
class Visit:
    visit_id: str
    slot: Slot
    state: VisitState
    order_id: str | None = None


class SlotTaken(Exception):
    """Somebody else has taken the window, or it can no longer be had."""


class Visits(Protocol):
    """The operator's appointments. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Visit]: ...

    async def free(self, customer_id: str, *, begins: datetime, ends: datetime) -> list[Slot]: ...

    async def book(self, customer_id: str, slot: Slot, *, key: str, order_id: str | None = None) -> Visit:
        """One appointment for a key, however often asked. Raises SlotTaken."""
        ...

    async def move(self, visit: Visit, slot: Slot) -> Visit:
        """Raises SlotTaken; the visit stays where it was then."""
        ...

    async def cancel(self, visit: Visit) -> None:
        """A visit that was cancelled stays so. Raises SlotTaken when it can no longer be cancelled."""
        ...


def offered(slots: Iterable[Slot], now: datetime) -> list[Slot]:
    """Each once, the soonest first: none of the past, none sooner than somebody can be sent, none too far ahead."""
    return sorted({slot for slot in slots if now + NOTICE <= slot.begins <= now + HORIZON})


def upcoming(visits: Iterable[Visit], now: datetime) -> Visit | None:
    """The next one that is agreed and not over."""
    agreed = [visit for visit in visits if visit.state == "agreed" and visit.slot.ends > now]
    return min(agreed, key=lambda visit: visit.slot, default=None)


async def free_slots(visits: Visits, customer_id: str, now: datetime) -> list[Slot]:
    return offered(await visits.free(customer_id, begins=now, ends=now + HORIZON), now)
