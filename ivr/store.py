"""Calls in Redis: their state, the answer given to each webhook, and which calls are still to be closed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.exceptions import LockError

from ivr import call as calls
from ivr.call import Call

CALL_S = 3 * 24 * 3600  # a hand-over that could not be made yet is tried this long
REPLY_S = 3600
LOCK_S = 40  # longer than the assistant's patience and a hand-over together
LOOK_AGAIN_S = 0.04
OPEN = "ivr:open"


class Busy(Exception):
    """Another webhook of the same call is being answered."""


class Store:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def load(self, call_sid: str) -> Call | None:
        stored = await self._redis.get(f"ivr:call:{call_sid}")
        return calls.load(stored) if stored else None

    async def save(
        self, call: Call, *, close_at: float, step: int | None = None, document: str = "", spare: str = ""
    ) -> None:
        """The call and the document that answers `step`, together or not at all.

        `spare` says the same without a socket, where `document` opens one. `close_at` (Unix time): when the call
        counts as hung up although nobody said so.
        """
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(f"ivr:call:{call.call_sid}", calls.dump(call), ex=CALL_S)
            if step is not None:
                pipe.set(f"ivr:reply:{call.call_sid}:{step}", document, ex=REPLY_S)
                pipe.set(f"ivr:spare:{call.call_sid}", spare or document, ex=REPLY_S)
            if call.mode == "ended":
                pipe.zrem(OPEN, call.call_sid)
            else:
                pipe.zadd(OPEN, {call.call_sid: close_at})
                pipe.expire(OPEN, CALL_S)
            await pipe.execute()

    async def answered(self, call_sid: str, step: int) -> str | None:
        """The document this webhook was answered with before."""
        document = await self._redis.get(f"ivr:reply:{call_sid}:{step}")
        return None if document is None else str(document)

    async def spare(self, call_sid: str) -> str | None:
        """What the caller is to hear since the last step, as a document that needs no socket."""
        document = await self._redis.get(f"ivr:spare:{call_sid}")
        return None if document is None else str(document)

    async def keep_told(self, call_sid: str, step: int) -> None:
        """The question that `step` answers was spoken over the socket."""
        await self._redis.set(f"ivr:told:{call_sid}", step, ex=REPLY_S)

    async def told(self, call_sid: str) -> int | None:
        step = await self._redis.get(f"ivr:told:{call_sid}")
        return None if step is None else int(step)

    async def rescued(self, call_sid: str, token: str) -> str | None:
        """The document that the fallback webhook with this retry token was answered with."""
        document = await self._redis.get(f"ivr:rescue:{call_sid}:{token}")
        return None if document is None else str(document)

    async def keep_rescue(self, call_sid: str, token: str, document: str) -> None:
        await self._redis.set(f"ivr:rescue:{call_sid}:{token}", document, ex=REPLY_S)

    async def keep_pressed(self, call_sid: str, step: int, pressed: str) -> None:
        """What the person who was called for `step` answered to the whisper."""
        await self._redis.set(f"ivr:leg:{call_sid}:{step}", pressed, ex=REPLY_S)

    async def pressed(self, call_sid: str, step: int) -> str | None:
        pressed = await self._redis.get(f"ivr:leg:{call_sid}:{step}")
        return None if pressed is None else str(pressed)

    async def answer_within(self, call_sid: str, step: int, budget_s: float) -> str | None:
        """The document, as soon as another webhook has written it; None after `budget_s`, or when nobody is at it."""
        end = time.monotonic() + budget_s
        while (document := await self.answered(call_sid, step)) is None:
            if time.monotonic() >= end or not await self.is_busy(call_sid):
                return await self.answered(call_sid, step)
            await asyncio.sleep(LOOK_AGAIN_S)
        return document

    async def is_busy(self, call_sid: str) -> bool:
        return bool(await self._redis.exists(f"ivr:lock:{call_sid}"))

    @asynccontextmanager
    async def alone(self, call_sid: str, *, wait_s: float) -> AsyncIterator[None]:
        """One webhook of a call at a time, on any copy of the service. Raises `Busy` after `wait_s`."""
        lock = self._redis.lock(f"ivr:lock:{call_sid}", timeout=LOCK_S, sleep=LOOK_AGAIN_S, thread_local=False)
        if not await lock.acquire(blocking_timeout=wait_s):
            raise Busy(call_sid)
        try:
            yield
        finally:
            with suppress(LockError):  # it took longer than LOCK_S: the lock is free or another's
                await lock.release()

    async def to_close(self, now: float) -> list[str]:
        return [str(call_sid) for call_sid in await self._redis.zrangebyscore(OPEN, 0, now, start=0, num=50)]

    async def close_later(self, call_sid: str, at: float) -> None:
        await self._redis.zadd(OPEN, {call_sid: at}, xx=True)

    async def forget(self, call_sid: str) -> None:
        await self._redis.zrem(OPEN, call_sid)
