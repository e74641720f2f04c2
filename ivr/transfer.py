"""A caller goes to a person: the ticket first, then the line, or an honest promise to call back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from escalation.client import ContactStart, EscalationUnavailable, HandOver, Signals
from ivr.call import Call, Prompt, asked, collecting, opened, understood
from ivr.desk import Desk
from ivr.promise import promise, reference
from ivr.queue import Queue
from ivr.record import Record, caller_turn
from ivr.reply import Ask, Goodbye, PutThrough, Reply, joined
from ivr.words import Words, words

Reason = Literal["wants_person", "bot_silent", "left", "no_input", "no_match"]
CALLS = UUID("5b0a7c1e-3a0f-4d0e-9a6c-0f6e6f1b7d55")  # the contact of a call whose own could not be read


class Transfer:
    """Opens tickets for callers and says what happens next.

    `spare_line` is the number of level 1, for when escalation cannot be asked whom to call.
    """

    def __init__(
        self, desk: Desk, record: Record, queue: Queue, now: Callable[[], datetime], *, spare_line: str = ""
    ) -> None:
        self._desk = desk
        self._record = record
        self._queue = queue
        self._now = now
        self._spare_line = spare_line

    async def to_person(self, call: Call, reason: Reason, *, before: str) -> tuple[Call, Reply]:
        """A ticket and the line, or a callback. Who withholds the number is asked for one first, once."""
        spoken = words(call.language)
        call = _begun(call, reason)
        if call.reachable is None and call.prompt.expects != "callback_number":
            prompt = Prompt(text=spoken.say.ask_number, expects="callback_number")
            return understood(asked(call, prompt)), Ask(joined(before, prompt.text))
        try:
            result = await self._hand_over(call, reason, live=True)
        except EscalationUnavailable:
            return self._noted(call, before, spoken)
        call = opened(call, result.ticket.reference, result.ticket.respond_by)
        if not result.dial:
            return await self._queue.offer(call, before)
        before, place = joined(before, reference(call)), result.queue_position
        return self._queue.connect(call, before, result.dial, position=place, wait_s=result.expected_wait_s)

    async def with_number(self, call: Call, number: str | None) -> tuple[Call, Reply]:
        """The caller has given a number to be called back on, or would not. The ticket may exist already."""
        call = replace(call, callback_number=number)
        if call.reference is None or call.episode is not None:
            reason: Reason = call.episode.signals.get("reason", "wants_person") if call.episode else "wants_person"
            return await self.to_person(call, reason, before="")
        if number:
            text = words(call.language).record.callback.format(number=number)
            call = await self._record.note(call, text, {"callback_number": number})
        return await self._queue.call_back(call)

    async def hung_up(self, call: Call) -> Call:
        """The end, however it came: an unfinished hand-over becomes a ticket, the contact gets its outcome.

        Raises EscalationUnavailable when the ticket could not be opened: to be tried again.
        """
        if call.mode == "ended":
            return call
        if call.episode:
            reason: Reason = call.episode.signals["reason"] if call.episode.signals.get("waiting") else "left"
            result = await self._hand_over(call, reason, live=False)
            call = opened(call, result.ticket.reference, result.ticket.respond_by)
        await self._record.finish(call)
        return replace(call, mode="ended")

    async def without_state(self, call_sid: str, caller: str | None, language: str) -> tuple[Call, Reply]:
        """For a call that cannot be looked up: a ticket all the same. Raises EscalationUnavailable."""
        contact_id = uuid5(CALLS, call_sid)
        call = Call(call_sid=call_sid, contact_id=contact_id, language=language, caller=caller)
        await self._desk.start_contact(
            ContactStart(
                contact_id=contact_id, channel="voice", language=language, started_at=self._now(), caller=caller
            )
        )
        spoken = words(language)
        result = await self._hand_over(_begun(call, "bot_silent"), "bot_silent", live=True)
        call = opened(call, result.ticket.reference, result.ticket.respond_by)
        before = joined(spoken.say.bot_silent, reference(call))
        if result.dial:
            return call, PutThrough(joined(before, spoken.say.putting_through), result.dial)
        return call, Goodbye(joined(before, promise(call, self._now()), spoken.say.goodbye))

    async def _hand_over(self, call: Call, reason: Reason, *, live: bool) -> HandOver:
        episode = call.episode
        key = episode.key if episode else caller_turn(call)
        return await self._desk.hand_over(
            call.contact_id, signals(call, reason, live=live), key=key, after_turn=call.last_turn, channel="voice"
        )

    def _noted(self, call: Call, before: str, spoken: Words) -> tuple[Call, Reply]:
        """Escalation is away: the episode stays open in our own store, and the ticket follows when it is back."""
        if self._spare_line:
            return self._queue.connect(call, before, self._spare_line)
        return call, Goodbye(joined(before, spoken.say.noted, promise(call, self._now()), spoken.say.goodbye))


def signals(call: Call, reason: Reason, *, live: bool) -> Signals:
    """What the dialogue has collected, completed by what the telephone knows."""
    known = {name: value for name, value in (call.episode.signals if call.episode else {}).items() if value is not None}
    ours: dict[str, Any] = {"category": "general", "problem": call.problem, "articles": call.articles}
    reachable = known.get("reachable") or call.reachable
    return Signals.model_validate({**ours, **known, "reason": reason, "live": live, "reachable": reachable})


def _begun(call: Call, reason: Reason) -> Call:
    """From here on the call owes the caller a ticket, even if the line drops now: `waiting` says that it was asked."""
    known = call.episode.signals if call.episode else {}
    key = call.episode.key if call.episode else caller_turn(call)
    return collecting(call, key, {**known, "reason": reason, "waiting": True})
