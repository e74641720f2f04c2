"""Who is there while something breaks: subscribers who write, some of whom want a person, and two callers."""

import asyncio
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx

from benchmarks.faults.stage import Stage
from benchmarks.writer import Writer, writing
from ivr.overheard import ServiceFailed
from ivr.simulator import Telephone
from knowledge.cases import QUESTIONS, lines_of

WRITERS, OF_THEM_WANT_A_PERSON = 12, 4
EVERY_S = 2.0  # a message; a writer waits for no answer
LAST_ANSWER_S = 45.0
WANTS_A_PERSON = "I want to talk to a person"
REFERENCE = re.compile(r"FL-\d{8}")
EXAMPLE = "FL-12345678"  # in the question for one
SPOKEN_REFERENCE = re.compile(r"reference is (?:F L[ ,.]+)?((?:\d[ ,.]+){7}\d)")  # a number read back has digits too
NO_DOCUMENT = "nobody of ours answers: the phone network plays the spoken fallback it keeps"


@dataclass
class Caller:
    """A call that goes on while something breaks."""

    phone: Telephone
    said: list[str] = field(default_factory=list)

    async def does(self, *, dial: bool = False, words: str = "") -> None:
        """One step; where a webhook fails, what the network does then."""
        try:
            await (self.phone.dial() if dial else self.phone.says(words))
            self.said.append(self.phone.said)
        except (ServiceFailed, httpx.TransportError):
            await self._falls_back()

    async def _falls_back(self) -> None:
        try:
            await self.phone.use_fallback()
            self.said.append(self.phone.said or "put through to a person")
        except (ServiceFailed, httpx.TransportError):
            self.phone.wants = "nothing"
            self.said.append(NO_DOCUMENT)

    @property
    def reference(self) -> str | None:
        everything = " ".join(line.text for line in self.phone.heard if line.what == "says")
        found = SPOKEN_REFERENCE.findall(everything)
        return "FL-" + re.sub(r"\D", "", found[-1]) if found else None


@dataclass
class Crowd:
    """Opened before the fault; `write` and `call` go on through it."""

    stage: Stage
    stack: AsyncExitStack
    writers: list[Writer] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)
    not_taken: int = 0
    unanswered: int = 0

    async def gather(self) -> None:
        http = await self.stack.enter_async_context(httpx.AsyncClient(base_url=self.stage.product.url, timeout=15))
        for _ in range(WRITERS):
            self.writers.append(await self.stack.enter_async_context(writing(http)))
        for writer in self.writers:
            await writer.answered(0, 20)
        settings = self.stage.product.settings
        token = self.stage.product.environment["TWILIO_AUTH_TOKEN"]
        for _ in range(2):
            number = f"+4477009{secrets.randbelow(100000):05d}"
            self.callers.append(Caller(Telephone(http, token, settings.public_url, caller=number, sleep=_no_pause)))
        await self.callers[0].does(dial=True)

    async def write(self, until: asyncio.Event) -> None:
        await asyncio.gather(*(self._writes(number, until) for number in range(WRITERS)))

    async def _writes(self, number: int, until: asyncio.Event) -> None:
        writer, dice = self.writers[number], random.Random(number)
        texts = [line["text"] for line in lines_of(QUESTIONS)]
        await asyncio.sleep(EVERY_S * number / WRITERS)
        for turn in range(1000):
            wants_person = number < OF_THEM_WANT_A_PERSON and turn in (2, 3)
            text = (WANTS_A_PERSON if turn == 2 else f"07700 9{number:05d}") if wants_person else dice.choice(texts)
            before = len(writer.events)
            try:
                await writer.say(text)
            except TimeoutError:
                self.not_taken += 1
            if until.is_set():
                break
            await asyncio.sleep(EVERY_S)
        if await writer.answered(before, LAST_ANSWER_S) is None and writer.mode == "bot":
            given_on = any(event.kind == "ticket" for event in writer.events[before:])
            self.unanswered += not given_on
            if not given_on:
                print(f"    no answer to {text!r}, only {[str(event.data) for event in writer.events[before:]]}")

    async def call(self) -> None:
        """The first speaks in a call that was begun before, the second rings now."""
        await asyncio.sleep(1.0)
        await self.callers[0].does(words="I want to talk to a person")
        await self.callers[1].does(dial=True)

    def told_references(self) -> set[str]:
        in_chat = {
            reference
            for writer in self.writers
            for event in writer.events
            for reference in REFERENCE.findall(str(event.data))
            if reference != EXAMPLE
        }
        return in_chat | {caller.reference for caller in self.callers if caller.reference}

    def notices(self, since: float) -> Counter[str]:
        """What the writers read from the system, or were told instead, since then; by how many times."""
        heard = Counter(
            event.data["text"]
            for writer in self.writers
            for event in writer.events
            if event.at >= since and event.kind == "message" and event.data.get("author") == "system"
        )
        heard.update(text for writer in self.writers for text in writer.refused)
        return heard

    def spoken(self) -> Sequence[str]:
        return [words for caller in self.callers for words in caller.said[-1:]]


async def _no_pause(_: float) -> None:
    await asyncio.sleep(0.05)


async def until_a_chat_works(url: str, within_s: float = 120.0) -> float | None:
    """Seconds until a new subscriber gets an answer from the assistant; None when that does not come."""
    begun = time.monotonic()
    async with httpx.AsyncClient(base_url=url, timeout=5) as http:
        while time.monotonic() - begun < within_s:
            try:
                async with asyncio.timeout(10), writing(http) as probe:
                    await probe.answered(0, 5)
                    before = len(probe.events)
                    await probe.say("how do I pay my bill")
                    if await probe.answered(before, 5) is not None:
                        return time.monotonic() - begun
            except TimeoutError:
                pass
    return None
