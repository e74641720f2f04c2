"""Who has a ticket's page open right now, over all copies of the program."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis
from redis.exceptions import RedisError

from escalation.client import Person

log = logging.getLogger(__name__)

CHANNEL = "console:presence"  # on which the references are told whose onlookers changed
STALE_S = 75.0  # an open page says so every 30 s; one that died is forgotten after this


class Onlooker(BaseModel):
    model_config = ConfigDict(frozen=True)

    username: str
    name: str


class Presence:
    """`console:present:<reference>`: a sorted set of open pages, each with the time until which it is believed.

    Presence is a courtesy: while Redis is away nobody is shown, and everything else goes on.
    """

    def __init__(self, redis: Redis, now: Callable[[], float] = time.time) -> None:
        self._redis = redis
        self._now = now

    @asynccontextmanager
    async def shown(self, reference: str, person: Person, page_id: str) -> AsyncIterator[None]:
        """While the block runs, unless its program dies: then until STALE_S have passed."""
        entry = f"{page_id} {Onlooker(username=person.username, name=person.name).model_dump_json()}"
        await self._tell(reference, entry, is_here=True)
        try:
            yield
        finally:
            await self._tell(reference, entry, is_here=False)

    async def stay(self, reference: str, person: Person, page_id: str) -> None:
        """The page is still open."""
        entry = f"{page_id} {Onlooker(username=person.username, name=person.name).model_dump_json()}"
        try:
            await self._keep(reference, entry)
        except RedisError as error:
            log.warning("presence: %s", type(error).__name__)

    async def others(self, reference: str, me: Person) -> list[Onlooker]:
        """Each other person once, in the order of their names."""
        try:
            entries = await self._redis.zrangebyscore(_key(reference), self._now(), "+inf")
        except RedisError as error:
            log.warning("presence: %s", type(error).__name__)
            return []
        found = {Onlooker.model_validate_json(str(entry).partition(" ")[2]) for entry in entries}
        return sorted((each for each in found if each.username != me.username), key=lambda each: each.name)

    async def changes(self) -> AsyncIterator[str]:
        """The reference of each ticket whose onlookers change, from now on. Raises RedisError."""
        async with self._redis.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            while True:
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=2.0)
                if message is not None:
                    yield str(message["data"])

    async def _tell(self, reference: str, entry: str, *, is_here: bool) -> None:
        try:
            await (self._keep(reference, entry) if is_here else self._redis.zrem(_key(reference), entry))
            await self._redis.publish(CHANNEL, reference)
        except RedisError as error:
            log.warning("presence: %s", type(error).__name__)

    async def _keep(self, reference: str, entry: str) -> None:
        await self._redis.zadd(_key(reference), {entry: self._now() + STALE_S})
        await self._redis.expire(_key(reference), int(STALE_S) + 1)


def _key(reference: str) -> str:
    return f"console:present:{reference}"
