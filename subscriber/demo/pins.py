"""PINs of the demo operator's accounts: compared here, never told."""

import secrets

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from subscriber.demo.book import Book


class Asked(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    pin: str = Field(pattern=r"^\d{4,8}$", repr=False)


def pins(book: Book) -> APIRouter:
    router = APIRouter()
    kept = {customer.id: customer.pin for customer in book.customers if customer.pin}

    @router.post("/operator/v1/customers/{customer_id}/pin-check")
    async def check(customer_id: str, asked: Asked) -> dict[str, bool]:
        """The same answer for a wrong PIN, for no PIN and for no such customer."""
        right = kept.get(customer_id)
        return {"matches": right is not None and secrets.compare_digest(right, asked.pin)}

    return router
