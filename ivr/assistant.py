"""The assistant on the telephone: the same one as in chat, its messages turned into one thing to say."""

import asyncio
import logging
import time
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from bot.client import BotMessage, BotUnavailable, Expects, Medium
from escalation.client import TicketView
from ivr import reply as replies
from ivr.call import Call, Incident, Prompt, asked, collecting, opened
from ivr.ending import farewell
from ivr.record import caller_turn
from ivr.reply import Reply, joined
from ivr.words import words

log = logging.getLogger(__name__)

WORTH_KEEPING = {"article", "step"}  # what an answer is about when a caller may want to have it in writing
WELCOME_S = 1.0  # the telephone has its own welcome: it does not wait longer for the assistant's
FIRST_PAUSE_S = 0.5  # before it is asked again; doubled each time


class Assistant(Protocol):
    """The part of the assistant's door that a call needs."""

    async def start(
        self, contact_id: UUID, *, medium: Medium, language: str, caller: str | None = None, turn_id: str
    ) -> list[BotMessage]: ...
    async def send(
        self,
        contact_id: UUID,
        text: str,
        *,
        turn_id: str,
        medium: Medium,
        language: str,
        caller: str | None = None,
        expects: str | None = None,
        keyed: bool = False,
    ) -> list[BotMessage]: ...


@dataclass(frozen=True, slots=True)
class Connect:
    """The assistant has opened a ticket and a person can be called: what is said first, whom, the place in line."""

    said: str
    number: str
    position: int | None
    wait_s: int | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """All messages of one turn as one: their texts in a row, the last choices, the hand-over if there is one."""

    text: str
    choices: tuple[str, ...]
    expects: Expects
    about: dict[str, Any]
    handover: dict[str, Any] | None
    closing: bool


async def greet(bot: Assistant, call: Call) -> tuple[str, tuple[Incident, ...]]:
    """Let it know of the call, and hear what is told before the menu: major incidents where the caller lives.

    That it cannot be reached shows when it is needed.
    """
    try:
        async with asyncio.timeout(WELCOME_S):
            said = await bot.start(
                call.contact_id,
                medium="ear",
                language=call.language,
                caller=call.caller,
                turn_id=f"{call.step}.start",
            )
    except (BotUnavailable, TimeoutError):
        log.warning("contact %s: the assistant was not reached at the start of the call", call.contact_id)
        return "", ()
    announced = [message for message in said if message.about.get("announcement")]
    incidents = tuple(
        Incident(about["area"], about["service"], about["reporter"])
        for about in (message.about for message in announced)
        if about.get("area") and about.get("service") and about.get("reporter")
    )
    return joined(*(message.text.strip() for message in announced)), incidents


async def ask_bot(bot: Assistant, call: Call, text: str, *, keyed: bool = False, patience_s: float) -> Spoken:
    """Its answer. While it restarts it is asked again, up to `patience_s`; then raises BotUnavailable.

    The turn's id stays the same, so a hand-over made in a reply that got lost is not made twice.
    """
    end, pause_s = time.monotonic() + patience_s, FIRST_PAUSE_S
    while True:
        try:
            async with asyncio.timeout(max(0.05, end - time.monotonic())):
                messages = await bot.send(
                    call.contact_id,
                    text,
                    turn_id=caller_turn(call),
                    medium="ear",
                    language=call.language,
                    caller=call.caller,
                    expects=call.prompt.expects,
                    keyed=keyed,
                )
            return _as_one(messages)
        except TimeoutError as error:
            raise BotUnavailable("too slow") from error
        except BotUnavailable:
            if time.monotonic() + pause_s >= end:
                raise
        await asyncio.sleep(pause_s)
        pause_s *= 2


def answer(call: Call, spoken: Spoken) -> tuple[Call, Reply | Connect]:
    """What the caller hears next. A ticket that was opened leads to the line, where there is one."""
    call = _remembered(call, spoken)
    text, rest = replies.in_parts(spoken.text)
    prompt = Prompt(
        text=text,
        rest=rest,
        choices=spoken.choices,
        expects=spoken.expects,
        in_flow=bool(spoken.about.get("flow")),
        whole=spoken.text if spoken.about.keys() & WORTH_KEEPING else "",
    )
    opening = spoken.handover if spoken.handover and spoken.handover.get("state") == "opened" else None
    if opening:
        told = _reference_untold(call, spoken)
        if opening.get("live") and opening.get("dial"):
            said, place = joined(spoken.text, told), opening.get("queue_position")
            return asked(call, prompt), Connect(said, opening["dial"], place, opening.get("expected_wait_s"))
        prompt = _after_ticket(call, prompt, told)
    if spoken.closing:
        return farewell(asked(call, prompt), spoken.text)
    call = asked(call, prompt)
    return call, replies.ask(call, words(call.language))


def _reference_untold(call: Call, spoken: Spoken) -> str:
    """The assistant tells it as a rule, digit by digit, and says so."""
    if spoken.about.get("reference") == call.reference or str(call.reference) in spoken.text:
        return ""
    return words(call.language).say.reference.format(reference=call.reference)


def _after_ticket(call: Call, prompt: Prompt, told: str) -> Prompt:
    """The caller may go on, or stop: nothing more is needed."""
    last = prompt.rest or prompt.text
    asks = bool(prompt.choices) or last.endswith("?")
    more = joined(told, "" if asks else words(call.language).say.anything_else)
    if prompt.rest:
        return replace(prompt, rest=joined(prompt.rest, more), may_end=True)
    return replace(prompt, text=joined(prompt.text, more), may_end=True)


def _as_one(messages: list[BotMessage]) -> Spoken:
    about: dict[str, Any] = {}
    for message in messages:
        about |= message.about
    return Spoken(
        text=joined(*(message.text.strip() for message in messages)),
        choices=next((message.choices for message in reversed(messages) if message.choices), ()),
        expects=messages[-1].expects or "text",
        about=about,
        handover=next((message.handover for message in reversed(messages) if message.handover), None),
        closing=any(message.closing for message in messages),
    )


def _remembered(call: Call, spoken: Spoken) -> Call:
    article = spoken.about.get("article")
    if article and article not in call.articles:
        call = replace(call, articles=(*call.articles, str(article)))
    if spoken.about.get("outcome") == "confirmed_solved":
        call = replace(call, solved=True)
    if not spoken.handover:
        return call
    match spoken.handover["state"]:
        case "collecting":
            return collecting(call, spoken.handover["key"], spoken.handover.get("signals") or {})
        case "opened":
            ticket = TicketView.model_validate(spoken.handover["ticket"])
            return opened(call, ticket.reference, ticket.respond_by)
        case _:
            return replace(call, episode=None)
