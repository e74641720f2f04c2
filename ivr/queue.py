"""Callers who wait for a person: rung in their turn, told where they stand, offered a callback or a voicemail."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from escalation.client import EscalationRefused, EscalationUnavailable, LineOutcome, Waiting
from ivr.call import Call, Holding, Prompt, asked, understood
from ivr.desk import Desk
from ivr.promise import place, promise, reference
from ivr.record import Record
from ivr.reply import Ask, Goodbye, PutThrough, Reply, TakeMessage, joined
from ivr.reply import ask as ask_again
from ivr.texts import Texts, can_go_on_in_chat
from ivr.words import words

log = logging.getLogger(__name__)

RINGS_EVERY = 3  # rounds of music after which a caller further back rings all the same: who is ahead may be in chat
TONE_PATIENCE_S = 1  # the music itself is the time to choose


class Queue:
    """The order is escalation's: the more urgent first (gold, failed before), then who has waited longer.

    `most_wait`: after that nobody is kept on the line any more.
    """

    def __init__(
        self, desk: Desk, record: Record, texts: Texts, now: Callable[[], datetime], *, most_wait: timedelta
    ) -> None:
        self._desk = desk
        self._texts = texts
        self._record = record
        self._now = now
        self._most_wait = most_wait

    def connect(
        self, call: Call, before: str, number: str, *, position: int | None = None, wait_s: int | None = None
    ) -> tuple[Call, Reply]:
        """The line rings, unless others are first."""
        call = replace(call, holding=call.holding or Holding(number=number, since=self._now()))
        if position is not None and position > 1:
            return self._hold(call, before, position, wait_s)
        return self._ring(call, joined(before, words(call.language).say.putting_through), number)

    async def came_back(self, call: Call, outcome: LineOutcome) -> tuple[Call, Reply]:
        """Nobody took the call: the next person or tier, else the truth and the offers. Accepted: see ending.py."""
        spoken = words(call.language)
        call = await self._ended(call, outcome)
        sorry = {
            "busy": spoken.say.line_busy,
            "no_answer": spoken.say.line_no_answer,
            "refused": spoken.say.line_refused,
        }.get(outcome, spoken.say.line_failed)
        waiting = await self._waiting(call)
        number = self._number(call, waiting)
        if number is None:
            return await self._closed(call, sorry)
        if call.holding is not None and number not in call.holding.tried:
            return self._ring(call, joined(sorry, spoken.say.trying_next), number)
        position, wait_s = (waiting.queue_position, waiting.expected_wait_s) if waiting else (None, None)
        return self._hold(call, sorry, position, wait_s)

    async def go_on(self, call: Call) -> tuple[Call, Reply]:
        """The music is over and the caller is still there: ring again, or say where they stand."""
        spoken = words(call.language)
        holding = call.holding or Holding(number="", since=self._now())
        holding = replace(holding, rounds=holding.rounds + 1)
        call = replace(call, holding=holding)
        if self._now() - holding.since >= self._most_wait:
            return await self.call_back(call, before=spoken.say.waited_long)
        waiting = await self._waiting(call)
        number = self._number(call, waiting)
        if not number:
            return await self._closed(call, spoken.say.closed_now)
        position, wait_s = (waiting.queue_position, waiting.expected_wait_s) if waiting else (None, None)
        if position is None or position == 1 or holding.rounds % RINGS_EVERY == 0:
            return self._ring(call, spoken.say.trying_again, number)
        return self._hold(call, "", position, wait_s)

    async def offer(self, call: Call, before: str) -> tuple[Call, Reply]:
        """Nobody can be had now: a callback is promised, a message may be left, anything else may be asked."""
        call = await self._promised(call, by_voicemail=False)
        text = joined(before, reference(call), promise(call, self._now()), words(call.language).say.offer_message)
        call = understood(asked(call, Prompt(text=text, asks="callback", may_end=True)))
        return call, Ask(text)

    async def call_back(self, call: Call, *, before: str = "", by_voicemail: bool = False) -> tuple[Call, Reply]:
        """The caller need not wait. Who withholds the number is asked for one first, once."""
        spoken = words(call.language)
        if call.reachable is None and call.prompt.expects != "callback_number":
            prompt = Prompt(text=spoken.say.ask_number, expects="callback_number")
            return understood(asked(call, prompt)), Ask(joined(before, prompt.text))
        call = await self._promised(call, by_voicemail=by_voicemail)
        noted = spoken.say.noted if call.episode else ""
        return call, Goodbye(joined(before, noted, reference(call), promise(call, self._now()), spoken.say.goodbye))

    async def to_chat(self, call: Call) -> tuple[Call, Reply]:
        """The caller hangs up and goes on by a link, at the place they had; who does not is called back.

        Without a message that goes out they hold on, and are told.
        """
        spoken = words(call.language)
        call, sent = await self._texts.chat_link(call)
        if not sent:
            waiting = await self._waiting(call)
            position, wait_s = (waiting.queue_position, waiting.expected_wait_s) if waiting else (None, None)
            return self._hold(call, spoken.say.not_texted, position, wait_s)
        call = await self._record.note(call, spoken.record.chat_link)
        call = await self._promised(call, by_voicemail=False)
        told = joined(spoken.say.chat_link_sent, reference(call), promise(call, self._now()), spoken.say.goodbye)
        return call, Goodbye(told)

    async def take_message(self, call: Call) -> tuple[Call, Reply]:
        text = words(call.language).say.leave_message
        return understood(asked(call, Prompt(text=text))), TakeMessage(text)

    async def message_left(self, call: Call, length_s: int) -> tuple[Call, Reply]:
        """The sound itself comes by recordings.py. Nothing was said: the callback is still promised."""
        spoken = words(call.language)
        if not length_s:
            return await self.call_back(call, before=spoken.say.no_message)
        call = await self._record.note(call, spoken.record.message.format(n=length_s), {"voicemail_s": length_s})
        return await self.call_back(call, before=spoken.say.message_kept, by_voicemail=True)

    async def _closed(self, call: Call, before: str) -> tuple[Call, Reply]:
        return await self.offer(await self._ended(call, "closed"), before)

    def _ring(self, call: Call, said: str, number: str) -> tuple[Call, Reply]:
        holding = call.holding or Holding(number=number, since=self._now())
        tried = dict.fromkeys((*holding.tried, number))
        return replace(call, holding=replace(holding, number=number, tried=tuple(tried))), PutThrough(said, number)

    def _hold(self, call: Call, before: str, position: int | None, wait_s: int | None) -> tuple[Call, Reply]:
        spoken = words(call.language)
        text = joined(place(position, wait_s, call.language), spoken.say.hold)
        call = understood(
            asked(call, Prompt(text=text, asks="hold", patience_s=TONE_PATIENCE_S, offers_chat=can_go_on_in_chat(call)))
        )
        return call, replace(ask_again(call, spoken, before=before), tone=True)

    def _number(self, call: Call, waiting: Waiting | None) -> str | None:
        """Of the tier that has the ticket now; the last one while escalation cannot say; None: it is closed."""
        if waiting is not None:
            return waiting.dial
        return call.holding.number if call.holding else None

    async def _waiting(self, call: Call) -> Waiting | None:
        try:
            return await self._desk.waiting(call.contact_id)
        except EscalationUnavailable:
            log.warning("contact %s: its place in the queue cannot be read", call.contact_id)
            return None

    async def _ended(self, call: Call, outcome: LineOutcome) -> Call:
        """In the record of the call and in the ticket's history; a history that cannot be written stops nobody."""
        text = words(call.language).record.line.format(outcome=outcome)
        call = await self._record.note(call, text, {"line": outcome})
        try:
            dialled = call.holding.number if call.holding and outcome != "closed" else ""
            await self._desk.line_ended(call.contact_id, outcome, dialled=dialled)
        except EscalationUnavailable:
            log.warning("contact %s: the ticket does not know how its line ended", call.contact_id)
        return call

    async def taken(self, call: Call) -> Call:
        """A person took the call."""
        return replace(await self._ended(call, "accepted"), holding=None)

    async def _promised(self, call: Call, *, by_voicemail: bool) -> Call:
        """Stored with the ticket. While that cannot be reached the ticket's own promise holds."""
        try:
            callback = await self._desk.promise_callback(
                call.contact_id, number=call.callback_number, by_voicemail=by_voicemail
            )
        except (EscalationUnavailable, EscalationRefused):
            log.warning("contact %s: the callback is only in its ticket's deadline", call.contact_id)
            return replace(call, holding=None)
        return replace(call, holding=None, respond_by=callback.call_by or call.respond_by)


def outcome_of(status: str, *, pressed: str | None, was_bridged: bool) -> LineOutcome:
    """`pressed`: what the person answered to the whisper. Somebody who pressed nothing may be a mailbox."""
    if pressed in {"accepted", "refused"}:
        return "accepted" if pressed == "accepted" else "refused"
    if status in {"completed", "answered"}:
        return "accepted" if was_bridged else "no_answer"
    if status in {"no-answer", "canceled"}:
        return "no_answer"
    return "busy" if status == "busy" else "failed"
