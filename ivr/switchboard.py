"""Answers a caller, step by step: the menu, the assistant, and always a way on to a person or a callback."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.client import BotUnavailable
from escalation.client import LineOutcome
from ivr import assistant, doubt, ending, language
from ivr import call as calls
from ivr import reply as replies
from ivr.arrival import Arrival
from ivr.assistant import Assistant, Connect
from ivr.call import Call, Miss, Prompt, asked
from ivr.heard import understand
from ivr.meaning import Command, Heard, Number, Open, Rating, Say, Speak, Unsure
from ivr.misheard import Misheard
from ivr.news import News
from ivr.promise import promise, reference
from ivr.queue import Queue
from ivr.reading import Reading
from ivr.record import Record
from ivr.reply import Goodbye, Reply, joined
from ivr.texts import Texts
from ivr.transfer import Reason, Transfer
from ivr.words import Words, words

log = logging.getLogger(__name__)


Handler = Callable[[Call], Awaitable[tuple[Call, Reply]]]


class Switchboard:
    """Takes a call and what was heard, returns the call and what to say. Knows neither HTTP nor TwiML."""

    def __init__(
        self,
        *,
        bot: Assistant,
        record: Record,
        transfer: Transfer,
        queue: Queue,
        texts: Texts,
        news: News,
        now: Callable[[], datetime],
        operator_name: str,
        patience_s: float,
    ) -> None:
        self._bot = bot
        self._record = record
        self._transfer = transfer
        self._queue = queue
        self._misheard = Misheard(record, queue, transfer)
        self._reading = Reading(record, texts)
        self._arrival = Arrival(bot, record, operator_name=operator_name)
        self._now = now
        self._patience_s = patience_s
        self._commands: dict[Command, Handler] = {
            "silence": partial(self._missed, miss="no_input"),
            "no_match": partial(self._missed, miss="no_match"),
            "person": self._person,
            "repeat": self._told(self._reading.repeat),
            "back": self._back,
            "go_on": self._told(self._reading.go_on),
            "more_choices": self._told(self._reading.more_choices),
            "ready": self._told(self._reading.ready),
            "text_me": self._told(self._reading.text_me),
            "right": self._right,
            "wrong": self._wrong,
            "call_back": self._told(self._queue.call_back),
            "leave_message": self._told(self._queue.take_message),
            "keep_waiting": self._told(self._queue.go_on),
            "to_chat": self._told(self._queue.to_chat),
            "news": self._told(news.promise),
        }

    async def answer(self, call_sid: str, caller: str | None, first: str, *, lost: bool = False) -> tuple[Call, Reply]:
        """A call comes in; `lost`: it has been going on, but what we knew of it is gone."""
        return await self._said(*await self._arrival.answer(call_sid, caller, first, lost=lost))

    async def turn(self, call: Call, heard: Heard) -> tuple[Call, Reply]:
        call = language.followed(call, heard)
        answer: Awaitable[tuple[Call, Reply]]
        match understand(heard, call, words(call.language)):
            case Speak(chosen):
                answer = self._tell(self._arrival.speak(call, chosen))
            case "silence" | "no_match" | "repeat" as command if call.prompt.asks == "language":
                answer = self._tell(self._arrival.not_chosen(call, command))
            case Open(level):
                answer = self._tell(self._reading.open(call, level, heard.speech or heard.keys))
            case Number(e164):
                answer = self._number(call, e164)
            case Unsure(meaning):
                answer = self._tell(self._misheard.unsure(call, meaning, heard.confidence))
            case Rating(stars):
                answer = self._rated(call, stars)
            case Say() as say:
                answer = self._tell_bot(call, say)
            case command:
                answer = self._commands[command](call)
        return await answer

    async def again(self, call: Call) -> tuple[Call, Reply]:
        """The answer to the last step got lost on our side: the caller is asked once more."""
        call = replace(call, misses=call.misses + 1)
        return await self._ask(call, before=words(call.language).say.lost)

    async def line_came_back(self, call: Call, outcome: LineOutcome) -> tuple[Call, Reply]:
        """To a caller who has talked to a person it is the end, to another one the truth and what is possible."""
        if outcome == "accepted":
            return await self._said(*ending.farewell(await self._queue.taken(call)))
        return await self._said(*await self._queue.came_back(call, outcome))

    async def called(
        self, call: Call, before: str, dial: str | None, *, position: int | None, wait_s: int | None
    ) -> tuple[Call, Reply]:
        """A customer whom we have rung wants a person now: the line, or the truth and what is possible."""
        call = await self._record.note(call, words(call.language).record.called)
        if dial is None:
            return await self._said(*await self._queue.offer(call, before))
        return await self._said(*self._queue.connect(call, before, dial, position=position, wait_s=wait_s))

    async def message_left(self, call: Call, length_s: int) -> tuple[Call, Reply]:
        return await self._said(*await self._queue.message_left(call, length_s))

    async def to_person(
        self, call: Call, reason: Reason = "bot_silent", *, before: str | None = None
    ) -> tuple[Call, Reply]:
        """The assistant is of no use now: a person, whatever the caller was doing. One ticket is enough."""
        say, call = words(call.language).say, await self._record.start(call)
        if call.reference and not call.episode:
            text = joined(say.already_passed, promise(call, self._now()), say.goodbye)
            return await self._said(call, Goodbye(text))
        before = say.bot_silent if before is None else before
        return await self._said(*await self._transfer.to_person(call, reason, before=before))

    async def hung_up(self, call: Call) -> Call:
        """Raises EscalationUnavailable while a ticket that the call owes cannot be opened."""
        call = await self._record.start(call)
        if call.mode != "ended" and not call.said_goodbye:
            call = await self._record.note(call, words(call.language).record.hung_up)
        return await self._transfer.hung_up(call)

    async def _rated(self, call: Call, stars: int) -> tuple[Call, Reply]:
        text = words(call.language).record.rating.format(n=stars)
        call = await self._record.caller(call, text, {"satisfaction": stars})
        return await self._said(*ending.rated(call))

    async def _tell_bot(self, call: Call, say: Say) -> tuple[Call, Reply]:
        call = await self._record.caller(calls.understood(call), say.shown, say.about)
        if not call.problem and say.shown == say.text and "wish" not in say.about:
            call = replace(call, problem=say.text)
        try:
            keyed = say.about.get("input") == "keys"
            spoken = await assistant.ask_bot(self._bot, call, say.text, keyed=keyed, patience_s=self._patience_s)
        except BotUnavailable:
            log.warning("contact %s: the assistant is silent, step %d", call.contact_id, call.step)
            return await self.to_person(call)
        call, reply = assistant.answer(call, spoken)
        if isinstance(reply, Connect):
            call, reply = self._queue.connect(
                call, reply.said, reply.number, position=reply.position, wait_s=reply.wait_s
            )
        return await self._said(call, reply, spoken.about)

    async def _person(self, call: Call) -> tuple[Call, Reply]:
        """The first wish goes to the assistant, which knows what to ask; the second straight to a person."""
        spoken = words(call.language)
        call, _ = await self._arrival.begun(call)
        call = replace(call, person_asked=call.person_asked + 1)
        if call.prompt.expects == "callback_number":
            call = await self._record.caller(call, spoken.messages.person)
            return await self._said(*await self._transfer.with_number(call, None))
        if call.reference and not call.episode:
            call = await self._record.caller(call, spoken.messages.person)
            return await self._already_passed(call, spoken)
        if call.person_asked == 1:
            return await self._tell_bot(call, Say(spoken.messages.person, spoken.messages.person, {"wish": "person"}))
        call = await self._record.caller(call, spoken.messages.person)
        return await self.to_person(call, "wants_person", before=spoken.say.person_now)

    async def _already_passed(self, call: Call, spoken: Words) -> tuple[Call, Reply]:
        promised = promise(call, self._now())
        text = joined(spoken.say.already_passed, reference(call), promised, spoken.say.offer_message)
        return await self._ask(calls.understood(asked(call, Prompt(text=text, asks="callback", may_end=True))))

    async def _missed(self, call: Call, *, miss: Miss) -> tuple[Call, Reply]:
        return await self._answered(await self._misheard.missed(call, miss), miss)

    async def _wrong(self, call: Call) -> tuple[Call, Reply]:
        return await self._answered(await self._misheard.wrong(call), "no_match")

    async def _answered(self, found: tuple[Call, Reply | None], miss: Miss) -> tuple[Call, Reply]:
        call, reply = found
        if reply is None:
            return await self.to_person(call, miss, before=words(call.language).say.no_luck)
        return await self._said(call, reply)

    async def _right(self, call: Call) -> tuple[Call, Reply]:
        call, found = doubt.settled(call)
        if found.is_number:
            return await self._number(call, found.text)
        return await self._tell_bot(call, Say(found.text, found.shown, {**found.about, "confirmed": True}))

    async def _number(self, call: Call, e164: str | None) -> tuple[Call, Reply]:
        record = words(call.language).record
        call = await self._record.caller(call, record.phone if e164 else record.silence)
        return await self._said(*await self._transfer.with_number(call, e164))

    async def _back(self, call: Call) -> tuple[Call, Reply]:
        spoken = words(call.language)
        if call.prompt.level is None and (call.prompt.in_flow or call.episode):
            return await self._tell_bot(call, Say(spoken.messages.back, spoken.messages.back, {"wish": "back"}))
        return await self._said(*await self._reading.up(call))

    async def _ask(self, call: Call, *, before: str = "", text: str | None = None) -> tuple[Call, Reply]:
        return await self._said(call, replies.ask(call, words(call.language), before=before, text=text))

    def _told(self, handler: Handler) -> Handler:
        return lambda call: self._tell(handler(call))

    async def _tell(self, found: Awaitable[tuple[Call, Reply]]) -> tuple[Call, Reply]:
        return await self._said(*await found)

    async def _said(self, call: Call, reply: Reply, about: dict[str, object] | None = None) -> tuple[Call, Reply]:
        call = replace(call, said_goodbye=isinstance(reply, Goodbye))
        return await self._record.heard(call, reply, about), reply
