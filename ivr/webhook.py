"""A webhook's way through the telephone: answered once, within the budget, and never with a dead line."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import httpx
from redis import RedisError

from escalation.client import EscalationUnavailable
from ivr import reply as replies
from ivr import voice
from ivr.call import Call, Transport, next_step
from ivr.line import Line
from ivr.queue import outcome_of
from ivr.reply import Ask, Goodbye, PutThrough, Reply, TakeMessage
from ivr.store import Busy, Store
from ivr.switchboard import Switchboard
from ivr.transfer import Transfer
from ivr.words import words

log = logging.getLogger(__name__)

Work = Callable[[Call], Awaitable[tuple[Call, Reply]]]

POLL_S = 2.0  # a waiting caller's webhook is held this long, then says a word and asks again
RESCUE_S = 2.5  # for a ticket when nothing else can be read
QUIET_S = {
    Ask: 300.0,
    PutThrough: 4 * 3600.0,
    TakeMessage: 300.0,
    Goodbye: 30.0,
}  # no webhook for so long: the caller has hung up
TRY_AGAIN_S = 10.0
REFUSED_S = 600.0
LOOK_S = 5.0


class Webhooks:
    """`line` holds what every document needs, `language` is that of a call that has not said another."""

    def __init__(
        self,
        *,
        store: Store,
        switchboard: Switchboard,
        transfer: Transfer,
        line: Line,
        language: str,
        budget_s: float,
        fallback_number: str,
    ) -> None:
        self._store = store
        self.switchboard = switchboard
        self._transfer = transfer
        self._line = line
        self._language = language
        self.budget_s = budget_s
        self._tasks: set[asyncio.Task[str]] = set()
        self.static = voice.fallback(language, line, fallback_number)

    async def came_in(self, call_sid: str, caller: str | None, transport: Transport = "gather") -> str:
        async def work() -> tuple[Call, Reply]:
            call, reply = await self.switchboard.answer(call_sid, caller, self._language)
            return replace(call, transport=transport), reply

        return await self._once(call_sid, 0, self._answer_again, work)

    async def step(self, call_sid: str, step: int, caller: str | None, work: Work) -> str:
        """`work` moves the call on; a webhook that comes again gets the document it got before and moves nothing."""

        return await self._once(call_sid, step, work, lambda: self._lost(call_sid, step, caller))

    async def began_again(self, call_sid: str, caller: str | None) -> str:
        """A call that was going on, and of which nothing is known any more."""
        return await self._once(call_sid, 0, self._answer_again, lambda: self._lost(call_sid, 0, caller))

    async def line_came_back(self, call_sid: str, step: int, caller: str | None, *, status: str, bridged: bool) -> str:
        """The <Dial> is over. What the person pressed counts: a mailbox that answers has taken no call."""

        async def work(call: Call) -> tuple[Call, Reply]:
            pressed = await self._store.pressed(call_sid, step)
            outcome = outcome_of(status, pressed=pressed, was_bridged=bridged)
            return await self.switchboard.line_came_back(call, outcome)

        return await self.step(call_sid, step, caller, work)

    async def goes_on(self, call_sid: str, begin: Callable[[], Awaitable[tuple[Call, Reply]]]) -> str:
        """A call that we made becomes one like any other: `begin` gives it and its first reply, once."""
        return await self._once(call_sid, 0, self._answer_again, begin)

    async def contact_of(self, call_sid: str) -> UUID | None:
        """None: nobody knows this call any more."""
        call = await self._store.load(call_sid)
        return None if call is None else call.contact_id

    async def wait(self, call_sid: str, step: int, asked: int, caller: str | None) -> str:
        """The document that `step` waits for, or one moment more. Nobody at it any more: the caller is asked again."""
        document = await self._store.answer_within(call_sid, step, min(POLL_S, self.budget_s))
        if document:
            return document
        if await self._store.is_busy(call_sid):
            return await self._one_moment(call_sid, step, asked=asked)
        return await self.step(call_sid, step, caller, self.switchboard.again)

    async def rescue(self, call_sid: str, caller: str | None, token: str) -> str:
        """Twilio could not use our last answer: a person, by what still works. A retry has the same `token`."""
        try:
            async with asyncio.timeout(self.budget_s):
                if token and (document := await self._store.rescued(call_sid, token)):
                    return document
                call = await self._store.load(call_sid)
                if call is not None:
                    document = await self.step(call_sid, call.step, caller, self.switchboard.to_person)
                    await self._store.keep_rescue(call_sid, token, document)
                    return document
        except (RedisError, TimeoutError):
            log.warning("call %s: its state cannot be read", call_sid)
        return await self.without_state(call_sid, caller)

    async def without_state(self, call_sid: str, caller: str | None) -> str:
        """No Redis, or a call nobody knows: a ticket if escalation answers, else the document that needs nothing."""
        try:
            async with asyncio.timeout(RESCUE_S):
                call, reply = await self._transfer.without_state(call_sid, caller, self._language)
        except (EscalationUnavailable, TimeoutError, httpx.HTTPStatusError):
            return self.static
        return voice.document(reply, next_step(call), self._line)

    def goodbye(self) -> str:
        """After a line that was put through, when the call cannot be looked up."""
        return voice.farewell(words(self._language).say.fallback_after, self._language, self._line)

    async def ended(self, call_sid: str) -> None:
        """The caller is gone: the contact is closed; what cannot be done now stays due."""
        try:
            async with self._store.alone(call_sid, wait_s=self.budget_s):
                call = await self._store.load(call_sid)
                if call is None:
                    await self._store.forget(call_sid)
                elif call.mode != "ended":
                    call = await self.switchboard.hung_up(call)
                    await self._store.save(call, close_at=0)
        except (EscalationUnavailable, Busy):
            await self._store.close_later(call_sid, time.time() + TRY_AGAIN_S)
        except httpx.HTTPStatusError as refused:
            log.error("call %s: its ticket was refused with %d", call_sid, refused.response.status_code)
            await self._store.close_later(call_sid, time.time() + REFUSED_S)

    async def close_for_ever(self) -> None:
        """Calls whose end nobody reported, and tickets that could not be opened when their caller hung up."""
        while True:
            try:
                for call_sid in await self._store.to_close(time.time()):
                    await self.ended(call_sid)
            except RedisError:
                log.warning("calls to close cannot be read, trying again")
            await asyncio.sleep(LOOK_S)

    async def finish(self) -> None:
        """Let answers that are on their way be stored."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self.budget_s)

    async def _lost(self, call_sid: str, step: int, caller: str | None) -> tuple[Call, Reply]:
        call, reply = await self.switchboard.answer(call_sid, caller, self._language, lost=True)
        return replace(call, step=step), reply

    async def _once(
        self, call_sid: str, step: int, work: Work, unknown: Callable[[], Awaitable[tuple[Call, Reply]]]
    ) -> str:
        """The answer goes on being worked out when the budget is over; the caller's telephone asks for it again."""
        if document := await self._store.answered(call_sid, step):
            return document
        task = asyncio.create_task(self._alone(call_sid, step, work, unknown))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        done, _ = await asyncio.wait({task}, timeout=self.budget_s)
        return task.result() if done else await self._one_moment(call_sid, step)

    async def _one_moment(self, call_sid: str, step: int, *, asked: int = 0) -> str:
        """In the language of the call."""
        call = await self._store.load(call_sid)
        return voice.one_moment(call.language if call else self._language, self._line, step=step, asked=asked)

    async def _alone(
        self, call_sid: str, step: int, work: Work, unknown: Callable[[], Awaitable[tuple[Call, Reply]]]
    ) -> str:
        try:
            async with self._store.alone(call_sid, wait_s=self.budget_s):
                if document := await self._store.answered(call_sid, step):
                    return document
                call = await self._store.load(call_sid)
                if call is not None and call.mode == "ended":
                    return voice.nothing_more()
                if call is not None and call.step != step:  # an old webhook whose answer is forgotten
                    return voice.document((await self._answer_again(call))[1], call, self._line)
                call, reply = await (unknown() if call is None else work(call))
                return await self._stored(next_step(call), reply, step)
        except Busy:
            return await self._one_moment(call_sid, step)

    async def _stored(self, call: Call, reply: Reply, step: int) -> str:
        document = voice.document(reply, call, self._line)
        spare = voice.document(reply, replace(call, transport="gather"), self._line)
        close_at = time.time() + QUIET_S[type(reply)]
        await self._store.save(call, close_at=close_at, step=step, document=document, spare=spare)
        return document

    async def _answer_again(self, call: Call) -> tuple[Call, Reply]:
        return call, replies.ask(call, words(call.language))

    def _done(self, task: asyncio.Task[str]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a webhook could not be answered: %s", type(error).__name__)
