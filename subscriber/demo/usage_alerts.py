"""At which shares of an allowance the demo operator texts a customer; kept while the program runs."""

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from subscriber.demo import tmf
from subscriber.demo.book import Book

PATH = "/usage-alert/v1/alert/{customer_id}"
AT_FIRST = [80, 100]


class Wanted(BaseModel):
    shares_pct: list[Annotated[int, Field(ge=1, le=100)]] = Field(alias="sharesPct", max_length=10)


def usage_alerts(book: Book) -> APIRouter:
    router, kept = APIRouter(), dict[str, list[int]]()

    def told(customer_id: str) -> tmf.Body:
        if not book.customers_for(customer_id):
            raise HTTPException(404, "there is no such customer")
        return {"customerId": customer_id, "sharesPct": kept.get(customer_id, AT_FIRST)}

    @router.get(PATH)
    async def read(customer_id: str) -> tmf.Body:
        return told(customer_id)

    @router.patch(PATH)
    async def change(customer_id: str, wanted: Wanted) -> tmf.Body:
        told(customer_id)
        kept[customer_id] = wanted.shares_pct
        return told(customer_id)

    return router
