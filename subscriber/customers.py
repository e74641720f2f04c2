"""The customer system: who a customer is, and the facts that prove it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

Segment = Literal["consumer", "gold", "corporate"]


@dataclass(frozen=True, slots=True)
class Customer:
    """What may be used once the customer is verified; it carries no date of birth."""

    customer_id: str
    account_number: str
    name: str
    segment: Segment
    phone: str  # E.164; "" when the operator holds none
    email: str
    postcode: str
    place_id: str  # where the customer's home or main site is, for known outages
    barred: bool  # suspended because a bill was not paid
    vulnerable: bool


@dataclass(frozen=True, slots=True, repr=False)
class CustomerRecord:
    """A customer with the facts that verification compares; it never leaves this folder and never prints itself."""

    customer: Customer
    born_on: date | None = None  # companies have none
    phones: tuple[str, ...] = field(default=())  # every number on the account, E.164
    mobiles: tuple[str, ...] = field(default=())  # those that take text messages, the preferred one first

    @property
    def mobile(self) -> str:
        """Where text messages go; "" when there is none."""
        return self.mobiles[0] if self.mobiles else ""


class Customers(Protocol):
    """The operator's customer system. Each method raises SubscriberUnavailable when it does not answer sensibly."""

    async def get(self, customer_id: str) -> CustomerRecord | None: ...

    async def by_account(self, account_number: str) -> CustomerRecord | None: ...

    async def by_phone(self, e164: str) -> list[CustomerRecord]:
        """Everyone with this number on the account; a shared number has several."""
        ...
