"""Where orders are taken and asked about at the demo operator (TMF622, TMF679): changes of plans, and moves."""

from typing import Annotated

from fastapi import APIRouter, Header

from subscriber.demo import tmf
from subscriber.demo.moving import MOVE, MoveBook
from subscriber.demo.ordering import ORDERS, QUALIFICATIONS, OrderBook, Ordered, Question


def ordering(placed: OrderBook, moves: MoveBook) -> APIRouter:
    router = APIRouter()

    @router.post(ORDERS, status_code=201)
    async def place(
        ordered: Ordered, idempotency_key: Annotated[str, Header(min_length=1, max_length=200)]
    ) -> tmf.Body:
        book = moves if ordered.category == MOVE else placed
        return book.place(ordered, idempotency_key)

    return router


def qualifications(placed: OrderBook, moves: MoveBook) -> APIRouter:
    router = APIRouter()

    @router.post(QUALIFICATIONS, status_code=201)
    async def qualify(question: Question) -> tmf.Body:
        book = moves if any(item.product.place for item in question.items) else placed
        return book.qualify(question)

    return router
