"""What Rasa keeps in Redis: one conversation at a time (locks), and its events (append-only)."""

import asyncio
import json
import logging
import secrets
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Iterable, List, Optional

import redis.asyncio
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

LOCK_LEASE_MS = 10_000  # renewed as long as the turn takes; a server that died lets go after this
LOCK_RENEWED_S = 2.5
LOCK_PATIENCE_S = 10.0
LOCK_PAUSE_S = 0.02
TRACKER_LIFETIME_S = 7 * 24 * 3600
EVENTS_BEFORE_COMPACTION = 300  # about 30 turns
EVENTS_KEPT = 60
STORED = "firstline_stored"  # on a tracker: how many of its events are in Redis

# Only the holder of the token may let go: after the lifetime somebody else may hold the lock.
RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class RedisLocks(LockStore):
    """One turn of a conversation at a time, over any number of Rasa servers. Turns that wait are not ordered."""

    def __init__(self, endpoint_config: Any = None, client: Optional["redis.asyncio.Redis"] = None) -> None:
        self._redis = client or redis.asyncio.from_url(endpoint_config.url, decode_responses=True)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LEASE_MS / 1000,  # noqa: ARG002  (Rasa's signature)
        wait_time_in_seconds: float = LOCK_PAUSE_S,  # noqa: ARG002
    ) -> AsyncIterator[TicketLock]:
        """Raises `LockError` when the conversation stays busy for longer than `LOCK_PATIENCE_S`, or without Redis."""
        key, token = f"bot:lock:{conversation_id}", secrets.token_hex(8)
        try:
            await self._take(key, token)
        except redis.exceptions.RedisError as error:
            raise LockError(f"Redis did not answer: {type(error).__name__}") from error
        keeper = asyncio.ensure_future(self._keep(key, token))
        try:
            yield TicketLock(conversation_id)
        finally:
            keeper.cancel()
            await self._let_go(key, token)

    async def _take(self, key: str, token: str) -> None:
        deadline = asyncio.get_running_loop().time() + LOCK_PATIENCE_S
        while not await self._redis.set(key, token, nx=True, px=LOCK_LEASE_MS):
            if asyncio.get_running_loop().time() > deadline:
                raise LockError("the conversation is busy")
            await asyncio.sleep(LOCK_PAUSE_S)

    async def _keep(self, key: str, token: str) -> None:
        while True:
            await asyncio.sleep(LOCK_RENEWED_S)
            try:
                await self._redis.eval(RENEW, 1, key, token, LOCK_LEASE_MS)
            except redis.exceptions.RedisError as error:
                logger.warning("a lock is not renewed: %s", type(error).__name__)

    async def _let_go(self, key: str, token: str) -> None:
        """The turn is done, whether or not Redis can be told: then the lease ends by itself."""
        try:
            await self._redis.eval(RELEASE, 1, key, token)
        except redis.exceptions.RedisError as error:
            logger.warning("a lock is left to end by itself: %s", type(error).__name__)


class RedisEvents(TrackerStore):
    """A conversation is a list of events; a turn appends its own, so a long conversation costs no more to save.

    Rasa's events are the assistant's memory only (the record is the contact): when the list grows long it is
    replaced by the values of the slots and the latest turns.
    """

    def __init__(
        self, domain: Any, host: str = "", event_broker: Any = None, client: Any = None, **options: Any
    ) -> None:
        self._redis = client or redis.asyncio.from_url(host, decode_responses=True)
        super().__init__(domain, event_broker, **options)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        key = _key(tracker.sender_id)
        events = list(tracker.events)
        stored = tracker.__dict__.get(STORED, 0)  # nobody else has added one: the conversation is locked
        async with self._redis.pipeline(transaction=True) as change:
            if len(events) > EVENTS_BEFORE_COMPACTION or len(events) < stored:
                change.delete(key)
                stored, events = 0, compacted(tracker)
            if new := events[stored:]:
                change.rpush(key, *(json.dumps(event.as_dict()) for event in new))
            change.expire(key, TRACKER_LIFETIME_S)
            await change.execute()
        setattr(tracker, STORED, stored + len(new))

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        stored = await self._redis.lrange(_key(sender_id), 0, -1)
        if not stored:
            return None
        events = deserialise_events([json.loads(event) for event in stored])
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots, domain=self.domain)
        setattr(tracker, STORED, len(stored))
        return tracker

    async def keys(self) -> Iterable[str]:
        return [key async for key in self._redis.scan_iter(_key("*"))]


def compacted(tracker: DialogueStateTracker) -> List[Event]:
    """The same state in few events: every slot's value, then the events from one of the latest turns on."""
    events = list(tracker.events)
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    first = next((place for place in turns if place >= len(events) - EVENTS_KEPT), turns[-1] if turns else len(events))
    slots = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.has_been_set]
    tail = [event for event in events[first:] if not isinstance(event, SlotSet)]
    return [SessionStarted(), *slots, ActionExecuted("action_listen"), *tail]


def _key(sender_id: str) -> str:
    return f"bot:events:{sender_id}"
