"""Answers a caller, step by step: the menu, the assistant, and always a way on to a person or a callback."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from uuid import uuid4

from bot.client import BotUnavailable
from ivr import assistant, menu
from ivr import call as calls
from ivr import reply as replies
from ivr.assistant import Assistant
from ivr.call import Call, Miss, Prompt, asked
from ivr.heard import Command, Heard, Number, Open, Say, understand
from ivr.record import Record
from ivr.reply import Ask, Goodbye, Reply, joined
from ivr.transfer import Reason, Transfer
from ivr.words import Words, words

log = logging.getLogger(__name__)

SHORT_CHARS = 160  # a question up to here is repeated whole; of a longer one only the last sentence


class Switchboard:
    """Takes a call and what was heard, returns the call and what to say. Knows neither HTTP nor TwiML."""

    def __init__(
        self, *, bot: Assistant, record: Record, transfer: Transfer, operator_name: str, patience_s: float
    ) -> None:
        self._bot = bot
        self._record = record
        self._transfer = transfer
        self._operator_name = operator_name
        self._patience_s = patience_s
        self._commands: dict[Command, Callable[[Call], Awaitable[tuple[Call, Reply]]]] = {
            "silence": partial(self._missed, miss="no_input"),
            "no_match": partial(self._missed, miss="no_match"),
            "person": self._person,
            "repeat": self._repeat,
            "back": self._back,
            "go_on": self._go_on,
            "more_choices": self._more_choices,
        }

    async def answer(
        self, call_sid: str, caller: str | None, language: str, *, lost: bool = False
    ) -> tuple[Call, Reply]:
        """A call comes in; `lost`: it has been going on, but what we knew of it is gone."""
        spoken = words(language)
        call = Call(call_sid=call_sid, contact_id=uuid4(), language=language, caller=caller)
        await self._record.start(call)
        await assistant.greet(self._bot, call)
        call = asked(call, replies.menu_prompt(spoken, menu.TOP))
        welcome = spoken.say.lost_call if lost else spoken.say.welcome.format(operator=self._operator_name)
        return await self._said(call, replies.ask(call, spoken, before=welcome))

    async def turn(self, call: Call, heard: Heard) -> tuple[Call, Reply]:
        match understand(heard, call, words(call.language)):
            case Open(level):
                call = await self._record.caller(call, heard.speech or heard.keys, {"menu": level})
                return await self._menu(call, level)
            case Number(e164):
                record = words(call.language).record
                call = await self._record.caller(call, record.phone if e164 else record.silence)
                return await self._said(*await self._transfer.with_number(call, e164))
            case Say() as say:
                return await self._tell_bot(call, say)
            case command:
                return await self._commands[command](call)

    async def again(self, call: Call) -> tuple[Call, Reply]:
        """The answer to the last step got lost on our side: the caller is asked once more."""
        call = replace(call, misses=call.misses + 1)
        return await self._ask(call, before=words(call.language).say.lost)

    async def line_came_back(self, call: Call, outcome: str) -> tuple[Call, Reply]:
        return await self._said(*await self._transfer.after_the_line(call, outcome))

    async def to_person(
        self, call: Call, reason: Reason = "bot_silent", *, before: str | None = None
    ) -> tuple[Call, Reply]:
        """The assistant is of no use now: a person, whatever the caller was doing. One ticket is enough."""
        say = words(call.language).say
        if call.reference and not call.episode:
            text = joined(say.already_passed, self._transfer.promise(call), say.goodbye)
            return await self._said(call, Goodbye(text))
        before = say.bot_silent if before is None else before
        return await self._said(*await self._transfer.to_person(call, reason, before=before))

    async def hung_up(self, call: Call) -> Call:
        """Raises EscalationUnavailable while a ticket that the call owes cannot be opened."""
        if call.mode != "ended" and not call.said_goodbye:
            call = await self._record.note(call, words(call.language).record.hung_up)
        return await self._transfer.hung_up(call)

    async def _tell_bot(self, call: Call, say: Say) -> tuple[Call, Reply]:
        call = await self._record.caller(calls.understood(call), say.shown, say.about)
        if not call.problem and say.shown == say.text and "wish" not in say.about:
            call = replace(call, problem=say.text)
        try:
            spoken = await assistant.ask_bot(self._bot, call, say.text, patience_s=self._patience_s)
        except BotUnavailable:
            log.warning("contact %s: the assistant is silent, step %d", call.contact_id, call.step)
            return await self.to_person(call)
        call, reply = assistant.answer(call, spoken)
        return await self._said(call, reply, spoken.about)

    async def _person(self, call: Call) -> tuple[Call, Reply]:
        """The first wish goes to the assistant, which knows what to ask; the second straight to a person."""
        spoken = words(call.language)
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
        reference = spoken.say.reference.format(reference=call.reference)
        text = joined(spoken.say.already_passed, reference, self._transfer.promise(call), spoken.say.anything_else)
        return await self._ask(calls.understood(asked(call, Prompt(text=text, may_end=True))))

    async def _repeat(self, call: Call) -> tuple[Call, Reply]:
        spoken = words(call.language)
        call = await self._record.note(calls.understood(call), spoken.record.asked_again)
        return await self._said(call, replies.ask(call, spoken))

    async def _missed(self, call: Call, *, miss: Miss) -> tuple[Call, Reply]:
        spoken = words(call.language)
        call = await self._record.note(
            call, spoken.record.silence if miss == "no_input" else spoken.record.unclear, {"miss": miss}
        )
        if call.prompt.may_end and miss == "no_input":
            return await self._said(call, Goodbye(spoken.say.goodbye))
        if call.prompt.expects == "callback_number" and miss == "no_input":
            return await self._said(*await self._transfer.with_number(call, None))
        call, rung = calls.missed(call, miss)
        sorry = spoken.say.not_heard if miss == "no_input" else spoken.say.not_understood
        match rung:
            case "shorter":
                return await self._ask(call, before=sorry, text=_shorter(call.prompt, spoken))
            case "keys":
                return await self._keys_only(call, sorry)
            case "person":
                return await self.to_person(call, miss, before=spoken.say.no_luck)

    async def _keys_only(self, call: Call, sorry: str) -> tuple[Call, Reply]:
        """Keys cannot answer an open question: then there is the menu or, in the middle of something, * and 0."""
        spoken = words(call.language)
        prompt = call.prompt
        if prompt.keyed:
            return await self._said(call, Ask(joined(sorry, spoken.say.key_in), keys_only=True))
        if not prompt.choices and not prompt.rest:
            if call.episode or prompt.in_flow:
                return await self._said(call, Ask(joined(sorry, spoken.say.star_or_person), keys_only=True))
            call = asked(call, replies.menu_prompt(spoken, menu.TOP))
        return await self._said(call, replies.ask(call, spoken, before=sorry, text="", keys_only=True))

    async def _back(self, call: Call) -> tuple[Call, Reply]:
        spoken = words(call.language)
        if call.prompt.level is None and (call.prompt.in_flow or call.episode):
            return await self._tell_bot(call, Say(spoken.messages.back, spoken.messages.back, {"wish": "back"}))
        call = await self._record.note(call, spoken.record.went_back)
        level = menu.above(spoken, call.prompt.level) if call.prompt.level else menu.TOP
        return await self._menu(call, level)

    async def _menu(self, call: Call, level: str) -> tuple[Call, Reply]:
        return await self._ask(calls.understood(asked(call, replies.menu_prompt(words(call.language), level))))

    async def _more_choices(self, call: Call) -> tuple[Call, Reply]:
        first = call.prompt.first_choice + len(call.prompt.offered)
        return await self._ask(calls.understood(asked(call, replace(call.prompt, first_choice=first))), text="")

    async def _go_on(self, call: Call) -> tuple[Call, Reply]:
        text, rest = replies.in_parts(call.prompt.rest)
        return await self._ask(calls.understood(asked(call, replace(call.prompt, text=text, rest=rest))))

    async def _ask(self, call: Call, *, before: str = "", text: str | None = None) -> tuple[Call, Reply]:
        return await self._said(call, replies.ask(call, words(call.language), before=before, text=text))

    async def _said(self, call: Call, reply: Reply, about: dict[str, object] | None = None) -> tuple[Call, Reply]:
        call = replace(call, said_goodbye=isinstance(reply, Goodbye))
        return await self._record.heard(call, reply, about), reply


def _shorter(prompt: Prompt, spoken: Words) -> str:
    if prompt.level:
        return spoken.say.tell_me
    if prompt.keyed:
        return spoken.say.key_in
    if len(prompt.text) <= SHORT_CHARS:
        return prompt.text
    return prompt.text.rstrip().rpartition(". ")[2]
