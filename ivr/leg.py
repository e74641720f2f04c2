"""The agent's leg of a call: what they hear before the caller, and whether they take it."""

import asyncio
import logging

import httpx

from escalation.client import Brief, EscalationUnavailable
from ivr import voice
from ivr.call import Call
from ivr.desk import Desk
from ivr.line import Line
from ivr.reply import joined
from ivr.store import Store
from ivr.words import Words, words

log = logging.getLogger(__name__)

BRIEF_S = 1.5  # then the whisper does without what escalation knows
WHISPER_S = 6  # for the person to press a key
MOST_ASKED = 2  # a mailbox presses nothing
MOST_STEPS = 4
PROBLEM_CHARS = 300
NO_TOPIC = "general"  # the category of who has not said what it is about
KEYS = {"1": "accepted", "2": "refused"}


class Legs:
    def __init__(self, store: Store, desk: Desk, line: Line) -> None:
        self._store = store
        self._desk = desk
        self._line = line

    async def whisper(self, call_sid: str, step: int, asked: int = 1) -> str:
        """Who waits, what about, what was tried; 1 takes the call, 2 refuses it. A caller who is gone is not announced.

        Raises RedisError.
        """
        call = await self._store.load(call_sid)
        if call is None or call.mode == "ended":
            return voice.hang_up()
        said = _told(call, await self._brief(call), words(call.language))
        action = self._line.pressed(call_sid, step, asked)
        return voice.ask_key(said, call.language, self._line, action=action, patience_s=WHISPER_S)

    async def pressed(self, call_sid: str, step: int, digits: str, asked: int) -> str:
        """1 connects the two; nothing pressed is asked once more, then the next one is rung. Raises RedisError."""
        answer = KEYS.get(digits)
        if answer is None and asked < MOST_ASKED:
            return await self.whisper(call_sid, step, asked + 1)
        if answer is not None:
            await self._store.keep_pressed(call_sid, step, answer)
        return voice.nothing_more() if answer == "accepted" else voice.hang_up()

    async def _brief(self, call: Call) -> Brief | None:
        try:
            async with asyncio.timeout(BRIEF_S):
                return await self._desk.brief(call.contact_id)
        except (EscalationUnavailable, TimeoutError, httpx.HTTPStatusError):
            log.warning("contact %s: nothing is known about it for the whisper", call.contact_id)
            return None


def _told(call: Call, brief: Brief | None, spoken: Words) -> str:
    """The problem in the caller's words; what is not known is not said."""
    say = spoken.say
    reference, problem = call.reference, call.problem
    known = ""
    steps: tuple[str, ...] = ()
    if brief is not None:
        reference, problem = brief.reference, brief.problem or problem
        topic = "" if brief.category == NO_TOPIC else say.whisper_topic.format(topic=brief.category.replace("-", " "))
        known = say.whisper_ticket.format(priority=brief.priority, topic=topic)
        steps = tuple(step.step.replace("-", " ") for step in brief.steps[-MOST_STEPS:])
    return joined(
        say.whisper,
        say.whisper_reference.format(reference=reference) if reference else "",
        known,
        say.whisper_problem.replace("{problem}", problem[:PROBLEM_CHARS]) if problem else say.whisper_silent,
        say.whisper_steps.replace("{steps}", ", ".join(steps)) if steps else "",
        say.whisper_keys,
    )
