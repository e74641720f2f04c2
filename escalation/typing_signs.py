"""That somebody is writing: told to whoever looks at the other side at this moment, and kept nowhere."""

from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

from pydantic import ValidationError
from redis.asyncio import Redis

from escalation.storable import Wire

SHOWN_S = 5.0  # how long a sign is believed; whoever goes on writing gives another one before
_CHANNEL = "escalation:typing"


class TypingSign(Wire):
    """`by` writes in the conversation; `name` of a person. No word of what is written."""

    contact_id: UUID
    reference: str
    by: Literal["customer", "agent"]
    name: str | None = None


async def tell(redis: "Redis", sign: TypingSign) -> None:
    """Raises redis.exceptions.RedisError."""
    await redis.publish(_CHANNEL, sign.model_dump_json())


async def heard(redis: "Redis", by: Literal["customer", "agent"]) -> AsyncIterator[TypingSign]:
    """From now on, without end. Raises redis.exceptions.RedisError."""
    async with redis.pubsub() as channel:
        await channel.subscribe(_CHANNEL)
        while True:
            message = await channel.get_message(ignore_subscribe_messages=True, timeout=2.0)
            if message is None:
                continue
            try:
                sign = TypingSign.model_validate_json(str(message["data"]))
            except ValidationError:  # of another version
                continue
            if sign.by == by:
                yield sign
