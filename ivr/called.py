"""A customer whom we have called: what they are asked, what each key means, and how the call goes on."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from escalation.client import CalledCustomer, CallEnd, EscalationUnavailable, KeyAnswer
from ivr import voice
from ivr.call import Call
from ivr.desk import Desk
from ivr.line import Line
from ivr.reply import Reply, joined
from ivr.texts import Messages
from ivr.webhook import Webhooks
from ivr.words import words
from outbound.client import OutboundUnavailable

log = logging.getLogger(__name__)

Purpose = Literal["callback", "confirmation"]

KEY_S = 8  # to press a key; people look for it first
MOST_ASKED = 2
KEYS: Mapping[Purpose, Mapping[str, KeyAnswer]] = {
    "callback": {"1": "yes", "2": "later", "9": "never"},
    "confirmation": {"1": "yes", "2": "no", "9": "never"},
}
ENDS: Mapping[str, CallEnd] = {
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "no_answer",
    "failed": "failed",
    "completed": "no_key",
}
MACHINES = ("machine", "fax")
SAID: Mapping[str, str] = {
    "closed": "called_closed",
    "noted": "called_noted",
    "later": "called_later",
    "dropped": "called_dropped",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer whom we have called is asked, as the address of their answer keeps it."""

    call_id: UUID
    purpose: Purpose
    language: str
    asked: int = 1


class Called:
    """Every method returns a document. `language`: spoken where the customer's is not known."""

    def __init__(
        self, desk: Desk, messages: Messages, webhooks: Webhooks, line: Line, *, language: str, operator_name: str
    ) -> None:
        self._desk = desk
        self._messages = messages
        self._webhooks = webhooks
        self._line = line
        self._language = language
        self._operator_name = operator_name

    async def picked_up(self, call_id: UUID, call_sid: str, *, answered_by: str) -> str:
        """A machine hears nothing of ours: neither that there is a request, nor whose."""
        try:
            if answered_by.startswith(MACHINES):
                await self._desk.call_ended(call_id, "mailbox", call_sid=call_sid)
                return voice.hang_up()
            about = await self._desk.picked_up(call_id)
        except EscalationUnavailable:
            return self._end("called_failed", self._language)
        if about is None:
            return self._end("called_over", self._language)
        return self._ask(Question(call_id, about.purpose, about.language or self._language))

    async def key(self, question: Question, *, keys: str, call_sid: str, number: str) -> str:
        """`number`: the customer's; empty where the network tells none, and then no wish can be noted for it.

        Nothing pressed, or no key of ours, is asked once more. Raises RedisError.
        """
        answer = KEYS[question.purpose].get(keys)
        if answer is None and question.asked < MOST_ASKED:
            return self._ask(replace(question, asked=question.asked + 1))
        try:
            if answer is None:
                await self._desk.call_ended(question.call_id, "no_key", call_sid=call_sid)
                return self._end("goodbye", question.language)
            if answer == "never" and question.purpose == "confirmation":
                if not number:
                    return self._end("called_failed", question.language)
                await self._messages.opt_out(number, opted_out=True, of="calls")
            answered = await self._desk.call_answered(question.call_id, answer)
        except (EscalationUnavailable, OutboundUnavailable):
            log.warning("call %s: what was pressed could not be told", question.call_id)
            return self._end("called_failed", question.language)
        if answered.caller is not None:
            before = words(question.language).say.called_person
            if answered.became == "reopened":
                before = words(question.language).say.called_reopened
            return await self._goes_on(question, call_sid, answered.caller, before)
        return self._end(SAID.get(answered.became, "called_over"), question.language)

    async def ended(self, call_id: UUID, form: Mapping[str, str]) -> None:
        """Raises EscalationUnavailable and RedisError: then the network should report it again."""
        how = ENDS.get(form.get("CallStatus", ""))
        if how is not None:
            await self._webhooks.ended(form["CallSid"])
            await self._desk.call_ended(call_id, how, call_sid=form["CallSid"])

    async def _goes_on(self, question: Question, call_sid: str, customer: CalledCustomer, before: str) -> str:
        async def begin() -> tuple[Call, Reply]:
            return await self._webhooks.switchboard.called(
                _call(question, call_sid, customer),
                before,
                customer.dial,
                position=customer.queue_position,
                wait_s=customer.expected_wait_s,
            )

        return await self._webhooks.goes_on(call_sid, begin)

    def _ask(self, question: Question) -> str:
        say = words(question.language).say
        asked = say.called_callback if question.purpose == "callback" else say.called_confirmation
        said = joined(say.called_hello.format(operator=self._operator_name), asked)
        action = self._line.called_key(question.call_id, question.purpose, question.language, question.asked)
        return voice.ask_key(said, question.language, self._line, action=action, patience_s=KEY_S)

    def _end(self, sentence: str, language: str) -> str:
        return voice.farewell(getattr(words(language).say, sentence), language, self._line)


def _call(question: Question, call_sid: str, customer: CalledCustomer) -> Call:
    """The conversation that the ticket came from goes on by this call."""
    return Call(
        call_sid=call_sid,
        contact_id=customer.contact_id,
        language=question.language,
        caller=customer.number,
        callback_number=customer.number,
        mode="handed_over",
        reference=customer.reference,
        respond_by=customer.respond_by,
        problem=customer.problem,
        turns=f"{question.call_id.hex[:12]}.",
        chose_language=True,
    )
