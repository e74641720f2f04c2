"""The PIN of an account: the operator's own system compares it, we only ever send it."""

import re
from typing import Protocol

PIN = re.compile(r"\d{4}")  # other lengths are dates, codes and numbers


class Pins(Protocol):
    async def check(self, customer_id: str, pin: str) -> bool:
        """False where the customer has none. Raises SubscriberUnavailable."""
        ...


def pin_in(figures: str) -> str | None:
    figures = figures.strip()
    return figures if PIN.fullmatch(figures) else None
