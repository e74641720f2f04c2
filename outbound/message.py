"""What is sent: one text to one address, once."""

import re
from typing import Annotated, Literal

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["ticket_opened", "ticket_update", "steps", "code", "transcript", "report", "announcement"]

Unwanted = Literal["messages", "calls"]  # what an address can be opted out of

SMS_MAX_CHARS = 1600  # Twilio refuses a longer one
_EMAIL = re.compile(r"[^@\s<>,;:\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Message(BaseModel):
    """As handed over; `key` is the sender's, and the same key is the same message."""

    model_config = ConfigDict(frozen=True)

    to: Annotated[str, Field(max_length=254, repr=False)]
    text: Annotated[str, Field(min_length=1, max_length=70_000, repr=False)]  # a conversation of 60,000 and its head
    key: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind


def address(to: str, country: str) -> str | None:
    """An e-mail address in small letters or a phone number in E.164; None when it is neither.

    A number without a country code is one of `country`.
    """
    to = to.strip()
    if "@" in to:
        return to.lower() if to.isascii() and _EMAIL.fullmatch(to) else None
    try:
        number = phonenumbers.parse(to, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_email(to: str) -> bool:
    return "@" in to


def as_sms(text: str) -> str:
    return text if len(text) <= SMS_MAX_CHARS else text[: SMS_MAX_CHARS - 1] + "…"
