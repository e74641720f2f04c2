"""A caller goes to a person: the ticket first, then the line, or an honest promise to call back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal, Protocol
from uuid import UUID, uuid5

from escalation.client import Channel, ContactStart, EscalationUnavailable, HandOver, Outcome, Signals, Turn
from ivr.call import Call, Prompt, asked, collecting, opened
from ivr.record import Record, caller_turn
from ivr.reply import Ask, Goodbye, PutThrough, Reply, joined
from ivr.words import Words, words

Reason = Literal["wants_person", "bot_silent", "left", "no_input", "no_match"]
CALLS = UUID("5b0a7c1e-3a0f-4d0e-9a6c-0f6e6f1b7d55")  # the contact of a call whose own could not be read


class Desk(Protocol):
    """The part of escalation's client that a call needs, its record included."""

    async def start_contact(self, start: ContactStart) -> None: ...
    async def record(self, turns: Sequence[Turn]) -> None: ...
    async def finish_contact(self, contact_id: UUID, outcome: Outcome) -> None: ...
    async def hand_over(
        self, contact_id: UUID, signals: Signals, *, key: str, after_turn: str | None = None, channel: Channel = "chat"
    ) -> HandOver: ...


class Transfer:
    """Opens tickets for callers and says what happens next.

    `spare_line` is the number of level 1, for when escalation cannot be asked whom to call.
    """

    def __init__(self, desk: Desk, record: Record, now: Callable[[], datetime], *, spare_line: str = "") -> None:
        self._desk = desk
        self._record = record
        self._now = now
        self._spare_line = spare_line

    async def to_person(self, call: Call, reason: Reason, *, before: str) -> tuple[Call, Reply]:
        """A ticket and the line, or a callback. Who withholds the number is asked for one first, once."""
        spoken = words(call.language)
        call = _begun(call, reason)
        if call.reachable is None and call.prompt.expects != "callback_number":
            prompt = Prompt(text=spoken.say.ask_number, expects="callback_number")
            call = replace(asked(call, prompt), no_input=0, no_match=0)
            return call, Ask(joined(before, prompt.text))
        try:
            result = await self._hand_over(call, reason, live=True)
        except EscalationUnavailable:
            return self._noted(call, before, spoken)
        call = opened(call, result.ticket.reference, result.ticket.respond_by)
        reference = spoken.say.reference.format(reference=result.ticket.reference)
        if result.dial:
            return call, PutThrough(joined(before, reference, spoken.say.putting_through), result.dial)
        return call, Goodbye(joined(before, reference, self.promise(call), spoken.say.goodbye))

    async def after_the_line(self, call: Call, outcome: str) -> tuple[Call, Reply]:
        """The line was put through and came back: to the caller that is a goodbye, or the truth and a callback."""
        spoken = words(call.language)
        call = await self._record.note(call, spoken.record.line.format(outcome=outcome), {"line": outcome})
        if outcome in {"completed", "answered"}:
            return call, Goodbye(spoken.say.goodbye)
        sorry = {"busy": spoken.say.line_busy, "no-answer": spoken.say.line_no_answer}.get(
            outcome, spoken.say.line_failed
        )
        if call.reachable is None:
            prompt = Prompt(text=spoken.say.ask_number, expects="callback_number")
            return asked(call, prompt), Ask(joined(sorry, prompt.text))
        return call, Goodbye(joined(sorry, self._reference(call), self.promise(call), spoken.say.goodbye))

    async def with_number(self, call: Call, number: str | None) -> tuple[Call, Reply]:
        """The caller has keyed in where to be called back, or would not. The ticket may exist already."""
        spoken = words(call.language)
        call = replace(call, callback_number=number)
        if call.reference is None or call.episode is not None:
            reason: Reason = call.episode.signals.get("reason", "wants_person") if call.episode else "wants_person"
            return await self.to_person(call, reason, before="")
        if number:
            text = spoken.record.callback.format(number=number)
            call = await self._record.note(call, text, {"callback_number": number})
        return call, Goodbye(joined(self._reference(call), self.promise(call), spoken.say.goodbye))

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
        before = joined(spoken.say.bot_silent, self._reference(call))
        if result.dial:
            return call, PutThrough(joined(before, spoken.say.putting_through), result.dial)
        return call, Goodbye(joined(before, self.promise(call), spoken.say.goodbye))

    def promise(self, call: Call) -> str:
        """Who calls whom and by when; the truth when we have no number."""
        say = words(call.language).say
        if call.reachable is None:
            return say.no_number
        by = say.by.format(time=_time_left(call.respond_by - self._now(), call.language)) if call.respond_by else ""
        return (say.callback_caller if call.caller else say.callback_given).format(by=by)

    async def _hand_over(self, call: Call, reason: Reason, *, live: bool) -> HandOver:
        episode = call.episode
        key = episode.key if episode else caller_turn(call)
        return await self._desk.hand_over(
            call.contact_id, signals(call, reason, live=live), key=key, after_turn=call.last_turn, channel="voice"
        )

    def _noted(self, call: Call, before: str, spoken: Words) -> tuple[Call, Reply]:
        """Escalation is away: the episode stays open in our own store, and the ticket follows when it is back."""
        if self._spare_line:
            return call, PutThrough(joined(before, spoken.say.putting_through), self._spare_line)
        return call, Goodbye(joined(before, spoken.say.noted, self.promise(call), spoken.say.goodbye))

    def _reference(self, call: Call) -> str:
        return words(call.language).say.reference.format(reference=call.reference) if call.reference else ""


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


def _time_left(left: timedelta, language: str) -> str:
    """In the largest unit that does not promise too much: 100 minutes are "2 hours"."""
    say = words(language).say
    minutes = max(1, ceil(left / timedelta(minutes=1)))
    if minutes <= 90:
        return say.minutes.of(minutes) if minutes != 60 else say.hours.of(1)
    hours = ceil(minutes / 60)
    return say.hours.of(hours) if hours <= 48 else say.days.of(ceil(hours / 24))
