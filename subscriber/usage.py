"""What is left of data, minutes and messages, what was used before, and the credit of a prepaid number."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from subscriber.money import Money

UsageKind = Literal["data", "voice", "sms"]  # in GB, minutes, messages


@dataclass(frozen=True, slots=True)
class Allowance:
    """One kind of use of one service in its current period."""

    kind: UsageKind
    service: str  # in the operator's words
    product_id: str
    used: Decimal
    left: Decimal | None  # None: unlimited
    resets_at: datetime
    past: tuple[Decimal, ...] = ()  # used in each full period before, the newest first


@dataclass(frozen=True, slots=True)
class Credit:
    amount: Money
    expires_at: datetime | None


class Usage(Protocol):
    """The operator's usage records. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Allowance]: ...


class Credits(Protocol):
    """The operator's prepaid balances. Raises SubscriberUnavailable when the system does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Credit]:
        """Of each prepaid number; none for who pays by bill."""
        ...
