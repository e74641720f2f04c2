"""A call's steps over a socket: decided and stored as those by webhook are, so that either can go on with the other."""

import asyncio
import logging
import time
from dataclasses import dataclass, replace

from ivr import ladder, voice
from ivr import reply as replies
from ivr.call import Call, next_step
from ivr.line import Line
from ivr.meaning import Heard
from ivr.record import Record
from ivr.reply import Ask, Reply
from ivr.store import Busy, Store
from ivr.switchboard import Switchboard
from ivr.webhook import QUIET_S
from ivr.words import words

log = logging.getLogger(__name__)

Step = tuple[Call, Reply]


@dataclass(frozen=True, slots=True)
class Ended:
    """What the network says of a session that is over. `handed_over`: it was us who ended it."""

    session_id: str
    handed_over: bool


class Relayed:
    """Methods raise RedisError."""

    def __init__(self, *, store: Store, switchboard: Switchboard, record: Record, line: Line, budget_s: float) -> None:
        self._store = store
        self._switchboard = switchboard
        self._record = record
        self._line = line
        self._budget_s = budget_s
        self._tasks: set[asyncio.Task[Step | None]] = set()

    async def begin(self, call_sid: str) -> Call | None:
        """The call whose question the network is speaking now; None when there is nothing to go on with."""
        call = await self._store.load(call_sid)
        if call is None or call.mode == "ended" or call.transport != "relay":
            return None
        await self.told(call)
        return call

    async def told(self, call: Call) -> None:
        await self._store.keep_told(call.call_sid, call.step)

    def turn(self, call: Call, heard: Heard) -> asyncio.Task[Step | None]:
        """Goes on when the socket is gone: the answer is then fetched by webhook. None: the call has moved on."""
        task = asyncio.create_task(self._turn(call, heard))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def interrupted(self, call: Call, heard: str, asked: Ask | None) -> None:
        """`asked`: what was being spoken; where the record must not hold it, it does not hold a part of it either."""
        is_secret = asked is not None and asked.shown is not None
        await self._record.interrupted(call, None if is_secret else heard)

    async def over(self, call_sid: str, ended: Ended) -> str | None:
        """The document that goes on without the socket; None when nobody knows the call.

        After our own end it says what the socket could not. After a break it says what was not spoken yet; what was
        is not said again, only the question in short. From a break on, the call goes by webhooks.
        """
        if document := await self._store.rescued(call_sid, ended.session_id):
            return document
        try:
            async with self._store.alone(call_sid, wait_s=self._budget_s):
                call = await self._store.load(call_sid)
                if call is None:
                    return None
                if call.mode == "ended":
                    return voice.nothing_more()
                document = await self._going_on(call, ended)
                await self._store.keep_rescue(call_sid, ended.session_id, document)
                return document
        except Busy:
            call = await self._store.load(call_sid)
            return None if call is None else voice.one_moment(call.language, self._line, step=call.step, asked=0)

    async def finish(self) -> None:
        """Let answers that are on their way be stored."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._budget_s)

    async def _going_on(self, call: Call, ended: Ended) -> str:
        spare = await self._store.spare(call.call_sid)
        if ended.handed_over and spare:
            return spare
        call = replace(call, transport="gather")
        await self._store.save(call, close_at=time.time() + QUIET_S[Ask])
        spoken = words(call.language)
        if await self._store.told(call.call_sid) == call.step:
            call, asks = ladder.shorter(call, spoken.say.lost_call)
            return voice.document(asks, call, self._line)
        return spare or voice.document(replies.ask(call, spoken, before=spoken.say.lost_call), call, self._line)

    async def _turn(self, before: Call, heard: Heard) -> Step | None:
        async with self._store.alone(before.call_sid, wait_s=self._budget_s):
            call = await self._store.load(before.call_sid)
            if call is None or call.mode == "ended" or (call.step, call.transport) != (before.step, "relay"):
                return None
            call, reply = await self._switchboard.turn(call, heard)
            call = next_step(call)
            document = voice.document(reply, replace(call, transport="gather"), self._line)
            close_at = time.time() + QUIET_S[type(reply)]
            await self._store.save(call, close_at=close_at, step=before.step, document=document)
            return call, reply

    def _done(self, task: asyncio.Task[Step | None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a step could not be answered: %s", type(error).__name__)
