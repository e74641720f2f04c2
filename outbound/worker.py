"""Takes what is due out of the queue and gives it to a carrier, until it is sent or given up."""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from redis.exceptions import RedisError

from outbound.carrier import Carrier, Tried
from outbound.message import is_email
from outbound.policy import MOST_TRIES, Policy, keep_trying, retry_delay_s
from outbound.queue import Queue, Waiting

logger = logging.getLogger(__name__)

AT_ONCE = 10  # messages in flight
LOOK_EVERY_S = 1.0  # for retries that have become due; a new message wakes the worker at once
NOT_SET_UP_S = 30.0  # between looks at a message whose carrier is not set up
REDIS_AWAY_S = 2.0


def _now() -> datetime:
    return datetime.now(UTC)


class Worker:
    """Several copies may run on one Redis: a message is leased to one of them."""

    def __init__(
        self,
        queue: Queue,
        *,
        sms: Carrier,
        mail: Carrier,
        policy: Policy,
        now: Callable[[], datetime] = _now,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._queue = queue
        self._sms = sms
        self._mail = mail
        self._policy = policy
        self._now = now
        self._jitter = jitter
        self._woken = asyncio.Event()
        self._stopped = False

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """After what is in flight."""
        self._stopped = True
        self.wake()

    async def run(self) -> None:
        while not self._stopped:
            try:
                idle = await self.turn() == 0
            except RedisError:
                logger.warning("Redis does not answer; messages wait")
                await self._until_woken(REDIS_AWAY_S)
                continue
            if idle:
                await self._until_woken(LOOK_EVERY_S)

    async def _until_woken(self, at_most_s: float) -> None:
        try:
            async with asyncio.timeout(at_most_s):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def turn(self) -> int:
        """One look at the queue; how many messages were taken."""
        messages = await self._queue.claim(self._now(), most=AT_ONCE)
        done = await asyncio.gather(*(self._handle(message) for message in messages), return_exceptions=True)
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure
        return len(messages)

    async def _handle(self, message: Waiting) -> None:
        now = self._now()
        welcome_at = self._policy.may_go_at(message.kind, now)
        if welcome_at > now:
            await self._queue.put_back(message, due=welcome_at, tries=message.tries)
        elif await self._queue.has_opted_out(message.to):
            await self._settle(message, Tried("opted_out"))
        else:
            await self._settle(message, await self._carry(message))

    async def _carry(self, message: Waiting) -> Tried:
        """A fault of ours with one message must not stop the others: it is tried again and then given up, visibly."""
        carrier = self._mail if is_email(message.to) else self._sms
        try:
            return await carrier.carry(message.message_id, message.kind, message.to, message.text)
        except Exception as error:  # its words may hold the address or the text
            return Tried("later", f"a fault of ours: {type(error).__name__}")

    async def _settle(self, message: Waiting, tried: Tried) -> None:
        logger.info("message %s (%s): %s %s", message.message_id, message.kind, tried.state, tried.reason)
        now = self._now()
        too_old = now.timestamp() - message.accepted_at > keep_trying(message.kind).total_seconds()
        match tried.state:
            case "sent":
                await self._queue.done(message.message_id)
            case "opted_out":
                await self._queue.opt_out(message.to)
                await self._queue.done(message.message_id)
            case "refused":
                await self._queue.give_up(message, reason=tried.reason, now=now)
            case "waiting" if not too_old:
                due = now + timedelta(seconds=NOT_SET_UP_S)
                await self._queue.put_back(message, due=due, tries=message.tries)
            case "later" if not too_old and message.tries + 1 < MOST_TRIES:
                tries = message.tries + 1
                due = now + timedelta(seconds=retry_delay_s(tries, self._jitter()))
                await self._queue.put_back(message, due=due, tries=tries)
            case _:
                await self._queue.give_up(message, reason=tried.reason, now=now)
