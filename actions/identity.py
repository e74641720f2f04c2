"""What a front door hands in for checking while the assistant asks who somebody is; the assistant never sees it."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from redis.exceptions import RedisError

from actions.locks import LockNews
from signed_token import KeysUnavailable
from subscriber.client import Busy, SubscriberUnavailable, Verification, Vouchers, WebLogin

BODY_BYTES = 256 * 1024  # a message as long as a front door takes, twice, however it is written

B = TypeVar("B", bound=BaseModel)
T = TypeVar("T")


class SecretIn(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    words: str = Field(max_length=20_000, repr=False)
    figures: str = Field(max_length=20_000, repr=False)
    turn_id: Annotated[str, Field(min_length=1, max_length=200)]
    caller: str = Field(max_length=200, repr=False)
    keyed: bool = False


class LoginIn(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    token: str = Field(min_length=1, max_length=8192, repr=False)


def identity(
    verification: Callable[[], Verification],
    news: Callable[[], LockNews],
    web_login: Callable[[], WebLogin],
    vouchers: Callable[[], Vouchers],
) -> APIRouter:
    """Who asks is checked by the program; a system that is away is 503, and the front door asks again."""
    router = APIRouter(prefix="/identity/{contact_id}")

    @router.post("/secrets")
    async def secrets(contact_id: UUID, request: Request) -> dict[str, str]:
        told = await _body(request, SecretIn)
        given = await _answered(
            verification().give(
                contact_id,
                told.words,
                figures=told.figures,
                turn_id=told.turn_id,
                caller=told.caller,
                keyed=told.keyed,
            )
        )
        if given.lock_began:
            await _answered(news().keep(contact_id, told.turn_id, given.customer_id))
        return {"outcome": given.outcome}

    @router.post("/voucher")
    async def voucher(contact_id: UUID, request: Request) -> dict[str, str]:
        told = await _body(request, SecretIn)
        given = await _answered(vouchers().give(contact_id, told.figures, turn_id=told.turn_id, caller=told.caller))
        if given.lock_began:
            await _answered(news().keep(contact_id, told.turn_id, given.customer_id))
        return {"outcome": given.outcome}

    @router.post("/login")
    async def log_in(contact_id: UUID, request: Request) -> dict[str, str]:
        told = await _body(request, LoginIn)
        logged_in = await _answered(web_login().read(told.token))
        if logged_in is None:
            return {"outcome": "refused"}
        customer_id, proves = logged_in.customer_id, web_login().proves
        return {"outcome": await _answered(verification().log_in(contact_id, customer_id, proves=proves))}

    return router


async def _body(request: Request, kind: type[B]) -> B:
    """Raises HTTPException(422), which says nothing of what was in it."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_BYTES:
            raise HTTPException(413)
    try:
        return kind.model_validate_json(bytes(raw))
    except ValidationError:
        raise HTTPException(422, "not what is asked for") from None


async def _answered(work: Awaitable[T]) -> T:
    try:
        return await work
    except (SubscriberUnavailable, KeysUnavailable, RedisError, Busy) as error:
        raise HTTPException(503, "it cannot be checked now") from error
