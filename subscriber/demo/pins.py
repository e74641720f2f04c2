"""PINs of the demo operator's accounts: compared here, never told."""

import secrets

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo.book import Book


class Asked(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    pin: str = Field(pattern=r"^\d{4,8}$", repr=False)


class PinBook:
    """Kept while the program runs."""

    def __init__(self, book: Book) -> None:
        self._kept = {customer.id: customer.pin for customer in book.customers if customer.pin}

    def matches(self, customer_id: str, pin: str) -> bool:
        """The same answer for a wrong PIN, for no PIN and for no such customer."""
        right = self._kept.get(customer_id)
        return right is not None and secrets.compare_digest(right, pin)

    def renew(self, customer_id: str) -> str:
        """Another one than before, for nobody but its owner's message."""
        before = self._kept.get(customer_id)
        while (new := f"{secrets.randbelow(10**4):04d}") == before:
            pass
        self._kept[customer_id] = new
        return new


def pins(kept: PinBook) -> APIRouter:
    router = APIRouter()

    @router.post("/operator/v1/customers/{customer_id}/pin-check")
    async def check(customer_id: str, asked: Asked) -> dict[str, bool]:
        return {"matches": kept.matches(customer_id, asked.pin)}

    return router
