"""The password of a customer's web login and the PIN of their account: made anew and sent by the operator's system."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

Credential = Literal["password", "pin"]
Channel = Literal["sms", "email", "letter"]
Form = Literal["link", "temporary", "pin"]  # temporary: a password that is good until another one is chosen
# Why nothing was sent: where it would go was changed lately or is not on file, there is no such credential, the
# operator has locked it, it was sent too often, or something else.
NotSent = Literal["contact_changed", "no_contact", "none", "locked", "too_many", "other"]
LONGEST = timedelta(days=60)  # what is good for longer is no temporary thing


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is sent by which way. `to` names the address on file without telling it: the last three digits of a number,
    "j…@example.com", "" for a letter."""

    form: Form
    channel: Channel
    to: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Raises ValueError for a time that cannot be."""

    delivery: Delivery
    sent_at: datetime
    valid_until: datetime | None  # None: until another one is made

    def __post_init__(self) -> None:
        if self.valid_until is not None and not timedelta(0) < self.valid_until - self.sent_at <= LONGEST:
            raise ValueError("valid for no time, or too long")

    @property
    def lasts(self) -> timedelta | None:
        return self.valid_until - self.sent_at if self.valid_until else None


class Credentials(Protocol):
    """The operator's own login system. Raises SubscriberUnavailable when it does not answer sensibly."""

    async def possible(self, customer_id: str, credential: Credential) -> Delivery | NotSent:
        """How it would be sent; nothing is changed by asking."""
        ...

    async def renew(self, customer_id: str, credential: Credential, *, key: str) -> Sent | NotSent:
        """Have a new one made and sent to the address on file, once for a key. It opens no lock.

        After SubscriberUnavailable it may have been sent or not.
        """
        ...


def masked(channel: Channel, address: str) -> str:
    """What `Delivery.to` says of the whole address. Raises ValueError for one that the channel cannot have."""
    if channel == "letter":
        return ""
    if channel == "sms":
        if not (address.startswith("+") and address[1:].isdecimal() and 7 <= len(address) <= 16):
            raise ValueError("not a telephone number")
        return address[-3:]
    name, at, domain = address.rpartition("@")
    if not (name and at and "." in domain):
        raise ValueError("not an e-mail address")
    return f"{name[0]}…@{domain}"
