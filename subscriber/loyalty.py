"""Loyalty points: what a customer has, when some of them end, and what they can be turned into."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that end on one day. Raises ValueError for none or fewer."""

    points: int
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.points <= 0:
            raise ValueError("no points in a lot")


@dataclass(frozen=True, slots=True)
class Points:
    """Raises ValueError for a balance below zero, or below what is still to end."""

    account_id: str
    balance: int
    lots: tuple[Lot, ...]  # those that end some day, the next first

    def __post_init__(self) -> None:
        if self.balance < sum(lot.points for lot in self.lots):
            raise ValueError("more points end than there are")


@dataclass(frozen=True, slots=True)
class Reward:
    """Raises ValueError for one that costs nothing."""

    reward_id: str
    name: str  # in the operator's words
    points: int

    def __post_init__(self) -> None:
        if self.points <= 0:
            raise ValueError("a reward for nothing")


class RewardRefused(Exception):
    """The operator does not give this reward; no point has been taken."""


class Loyalty(Protocol):
    """The operator's loyalty programme. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def points(self, customer_id: str) -> Points | None:
        """None when the customer is no member."""
        ...

    async def rewards(self) -> list[Reward]: ...

    async def redeem(self, customer_id: str, account_id: str, reward: Reward, *, key: str) -> None:
        """Once for a key, however often asked. Raises RewardRefused; after SubscriberUnavailable the points may be
        taken or not."""
        ...


def affordable(rewards: list[Reward], balance: int) -> list[Reward]:
    """The dearest first."""
    return sorted((one for one in rewards if one.points <= balance), key=lambda one: (-one.points, one.name))
