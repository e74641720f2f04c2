"""A sign that somebody types, as it goes through Redis: told to all who listen now, and kept nowhere."""

import logging
from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

from pydantic import ValidationError
from redis import RedisError
from redis.asyncio import Redis

from escalation import streams
from escalation.storable import Wire

log = logging.getLogger(__name__)

CHANNEL = f"{streams.OURS}typing"
WAIT_S = 2.0


class TypingSign(Wire):
    """Says nothing of what is written. Whoever shows it takes it away again a few seconds later."""

    by: Literal["customer", "agent"]
    contact_id: UUID
    reference: str
    username: str  # of the person in the chat
    name: str = ""  # of the person who types, as the customer reads it


async def tell(redis: Redis, sign: TypingSign) -> None:
    """A sign that Redis does not take is not missed."""
    try:
        await redis.publish(CHANNEL, sign.model_dump_json())
    except RedisError as error:
        log.warning("typing is not shown: %s", type(error).__name__)


async def signs(redis: Redis) -> AsyncIterator[TypingSign]:
    """Those of all chats from now on, to every reader alike. Raises RedisError."""
    async with redis.pubsub() as channel:
        await channel.subscribe(CHANNEL)
        while True:
            message = await channel.get_message(ignore_subscribe_messages=True, timeout=WAIT_S)
            if message is not None and (sign := _parsed(message["data"])) is not None:
                yield sign


def _parsed(data: str) -> TypingSign | None:
    """One of another version is passed over."""
    try:
        return TypingSign.model_validate_json(data)
    except ValidationError:
        return None
