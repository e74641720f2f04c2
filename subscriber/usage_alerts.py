"""At which shares of an allowance a customer is sent a text message."""

from collections.abc import Iterable
from typing import Protocol

from subscriber.usage import Allowance


class UsageAlerts(Protocol):
    """The operator's setting, for all plans of a customer. Raises SubscriberUnavailable when the system does not answer
    sensibly."""

    async def of_customer(self, customer_id: str) -> tuple[int, ...]:
        """Percent, the smallest first; none for who is sent nothing."""
        ...

    async def set(self, customer_id: str, shares_pct: Iterable[int]) -> None:
        """Saying it again changes nothing. After SubscriberUnavailable it may be set or not."""
        ...


def has_limits(allowances: Iterable[Allowance]) -> bool:
    """Whether there is anything to be warned of."""
    return any(one.left is not None for one in allowances)
