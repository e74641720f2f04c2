"""Who comes in: the holder of a conversation's token, from a site that may, with a body that is not too large."""

import json
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from chat.errors import ChatError, Elsewhere, NotUnderstood, NotYours, TooLarge
from chat.front import Front
from chat.session import Conversation
from settings import Settings

BODY_BYTES = 128 * 1024  # 4,000 characters fit, however they are written
Body = TypeVar("Body", bound=BaseModel)


async def _front(request: Request) -> Front:
    found: Front = request.app.state.front
    return found


async def _admit(conversation_id: str, request: Request) -> Conversation:
    """The bearer's conversation. An unknown one, a wrong token and a malformed id get the same answer."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        known = UUID(conversation_id)
    except ValueError as error:
        raise NotYours from error
    here = await _front(request)
    return await here.reception.admit(known, token if kind.lower() == "bearer" else "")


Here = Annotated[Front, Depends(_front)]
Admitted = Annotated[Conversation, Depends(_admit)]


async def body_of(request: Request, kind: type[Body]) -> Body:
    """The JSON body, bounded; an empty one stands for the defaults."""
    raw = await bounded_body(request, BODY_BYTES, TooLarge)
    try:
        return kind.model_validate(json.loads(raw or b"{}"))
    except (ValueError, ValidationError, RecursionError) as error:
        raise NotUnderstood from error


async def bounded_body(request: Request, most: int, refusal: type[ChatError]) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most:
            raise refusal
    return bytes(raw)


def check_origin(request: Request) -> None:
    """A browser names the site it is on: ours, the one we were asked at, or one that may embed the chat."""
    origin = request.headers.get("origin")
    settings: Settings = request.app.state.settings
    ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours and origin not in (settings.public_url, *settings.allowed_origins):
        raise Elsewhere


def address_of(request: Request) -> str:
    """Behind a trusted proxy the address it saw, otherwise the peer's."""
    settings: Settings = request.app.state.settings
    seen = request.headers.get("x-forwarded-for", "") if settings.firstline_trusted_proxy else ""
    return seen.split(",")[-1].strip() or (request.client.host if request.client else "unknown")
