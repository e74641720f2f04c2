"""Known outages and planned work at a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from subscriber.services import Kind


@dataclass(frozen=True, slots=True)
class Outage:
    problem_id: str
    place: str  # the place in the operator's words, may be told to a customer who is there
    services: tuple[Kind, ...]
    started_at: datetime
    expected_end: datetime | None
    planned: bool
    summary: str

    def is_running(self, now: datetime) -> bool:
        """A fault runs until the operator says that it is over; planned work runs inside its window only."""
        if self.started_at > now:
            return False
        return not self.planned or self.expected_end is None or now < self.expected_end


class Outages(Protocol):
    """The operator's service problems. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def open_at(self, place_id: str) -> list[Outage]:
        """Every problem at the place that the operator has not ended, planned work to come among them."""
        ...


def affecting(outages: Iterable[Outage], kind: Kind, now: datetime) -> Outage | None:
    """The outage that explains a fault of this kind now: an unplanned one first, then the one that began last."""
    running = [outage for outage in outages if kind in outage.services and outage.is_running(now)]
    return max(running, key=lambda outage: (not outage.planned, outage.started_at), default=None)
