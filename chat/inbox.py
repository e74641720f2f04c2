"""Messages are answered one at a time per conversation, in order, by whichever copy of the program holds its lock."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from redis import RedisError

import tracing
from chat.event import Item
from chat.relay import Relay
from chat.session import Conversation
from chat.store import LOCK_MS, Store

log = logging.getLogger(__name__)

CHECK_S = 5.0  # how often messages are looked for that nobody is answering


class LockLost(Exception):
    """Another copy answers this conversation now."""


@dataclass(slots=True)
class Held:
    """The lock of a conversation."""

    owner: str
    is_dropped: bool = False


class Inbox:
    def __init__(self, store: Store, relay: Relay) -> None:
        self._store = store
        self._relay = relay
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def in_progress(self) -> int:
        """Conversations that this copy is answering now."""
        return len(self._tasks)

    def wake(self, contact_id: UUID) -> None:
        """Answer what is in the conversation's inbox, in the background."""
        task = asyncio.create_task(self._answer(contact_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Takes up what a crash or a lost connection left; never ends."""
        while True:
            try:
                for contact_id in await self._store.waiting_ids():
                    self.wake(contact_id)
            except RedisError:
                log.warning("inboxes cannot be read, trying again")
            await asyncio.sleep(CHECK_S)

    async def stop(self) -> None:
        """What is being answered stays in the inbox for the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @asynccontextmanager
    async def held(self, contact_id: UUID) -> AsyncIterator[Held | None]:
        """The conversation's lock, kept while inside; None when somebody else has it."""
        held = Held(owner=secrets.token_hex(8))
        if not await self._store.take_lock(contact_id, held.owner):
            yield None
            return
        try:
            async with asyncio.timeout(None) as scope:
                keeper = asyncio.create_task(self._keep(contact_id, held.owner, scope))
                try:
                    yield held
                finally:
                    keeper.cancel()
        except TimeoutError as error:
            raise LockLost(contact_id) from error
        finally:
            if not held.is_dropped:
                await self._store.drop_lock(contact_id, held.owner)

    async def _answer(self, contact_id: UUID) -> None:
        try:
            async with self.held(contact_id) as held:
                if held is not None:
                    await self._answer_all(contact_id, held)
        except (RedisError, LockLost):
            log.warning("inbox of conversation %s is left for later", contact_id)

    async def _answer_all(self, contact_id: UUID, held: Held) -> None:
        """Until nothing is left, and the lock is let go."""
        while not held.is_dropped:
            first = await self._store.next_item(contact_id)
            if first is not None and first.conversation is not None:
                await self._deliver(first.conversation, first.item)
            held.is_dropped = await self._store.let_go(contact_id, held.owner, first)

    async def _deliver(self, conversation: Conversation, item: Item) -> None:
        try:
            with tracing.joined(item.trace, "turn"):
                await self._relay.deliver(conversation, item)
        except RedisError:
            raise
        except Exception as error:  # our own mistake must not hold up the messages behind this one
            log.error("message of contact %s could not be answered: %s", conversation.id, type(error).__name__)
            await self._relay.give_up(conversation, item)

    async def _keep(self, contact_id: UUID, owner: str, scope: asyncio.Timeout) -> None:
        """Renews the lock; when it is lost all the same, the holder must stop: another copy has taken over."""
        kept = True
        while kept:
            await asyncio.sleep(LOCK_MS / 3000)
            kept = await self._renewed(contact_id, owner)
        scope.reschedule(asyncio.get_running_loop().time())

    async def _renewed(self, contact_id: UUID, owner: str) -> bool:
        try:
            return await self._store.renew_lock(contact_id, owner)
        except RedisError:
            return False
