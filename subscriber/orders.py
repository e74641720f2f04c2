"""Orders of a customer: what was ordered, how far it is, and when it should be there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

OrderState = Literal[
    "received", "in_progress", "waiting", "held", "part_done", "done", "cancelled", "failed", "rejected"
]
OPEN: frozenset[OrderState] = frozenset({"received", "in_progress", "waiting", "held", "part_done"})


@dataclass(frozen=True, slots=True)
class Order:
    """Raises ValueError for an order that cannot be right: nothing ordered, or done before it was ordered."""

    order_id: str
    items: tuple[str, ...]  # in the operator's words
    state: OrderState
    ordered_at: datetime
    expected_at: datetime | None = None  # when it should be done
    done_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("an order of nothing")
        if any(at < self.ordered_at for at in (self.expected_at, self.done_at) if at):
            raise ValueError("done before it was ordered")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def promised(self, now: datetime) -> datetime | None:
        """When it should be done; None when that is not known, or past without its being done."""
        return self.expected_at if self.is_open and self.expected_at is not None and self.expected_at > now else None


class Orders(Protocol):
    """The operator's orders. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Order]: ...


def told(orders: Iterable[Order], now: datetime, *, most: int) -> list[Order]:
    """The open ones, the newest first; without any the newest of those that ended. None from the future."""
    newest_first = sorted(
        (one for one in orders if one.ordered_at <= now), key=lambda one: one.ordered_at, reverse=True
    )
    still_open = [one for one in newest_first if one.is_open]
    return still_open[:most] or newest_first[:1]
