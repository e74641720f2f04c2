"""SIM cards of a customer, and the code that opens a locked one."""

import re
from dataclasses import dataclass
from typing import Literal, Protocol

SimState = Literal["active", "waiting", "activating", "ended"]  # waiting: to be switched on by its owner
_ICCID = re.compile(r"89\d{17,18}")  # ITU-T E.118, with or without its check digit
_PUK = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Sim:
    """`number` is E.164. Raises ValueError for one that cannot be: its number of digits is another."""

    sim_id: str
    iccid: str
    number: str
    name: str  # of the plan that it belongs to
    state: SimState

    def __post_init__(self) -> None:
        if not _ICCID.fullmatch(self.iccid):
            raise ValueError("not the number of a SIM")


@dataclass(frozen=True, slots=True, repr=False)
class Puk:
    """Never prints itself. Raises ValueError unless it is eight digits (3GPP TS 31.101)."""

    digits: str

    def __post_init__(self) -> None:
        if not _PUK.fullmatch(self.digits):
            raise ValueError("a PUK has eight digits")


class SimRefused(Exception):
    """The operator does not switch this SIM on; nothing has been changed."""


class Sims(Protocol):
    """The operator's SIM inventory. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def of_customer(self, customer_id: str) -> list[Sim]: ...

    async def puk(self, customer_id: str, sim_id: str) -> Puk | None:
        """None when the customer has no such SIM."""
        ...

    async def activate(self, customer_id: str, sim_id: str) -> Sim:
        """As it is now: active, or being made so. Raises SimRefused; after SubscriberUnavailable it may be active."""
        ...
