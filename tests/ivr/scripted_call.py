"""Plays a call written down in `calls/*.yml` against the telephone, and checks what it promises."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
import yaml
from fastapi import FastAPI
from redis.asyncio import Redis

import ivr.app
from bounded import MOST_FRAME_BYTES
from ivr.call import Transport
from ivr.desk import Desk
from ivr.exchange import Doors
from ivr.pace import KEY_IN_S
from ivr.relay_simulator import RelayTelephone
from ivr.simulator import Telephone
from settings import Settings
from tests.ivr.fake_calls import CUSTOMER, FakeCall
from tests.ivr.fake_ends import FakeAssistant, FakeDesk, FakeMessages, Patience, network

CALLS = Path(__file__).resolve().parent / "calls"
SETTLED_S = 5.0


async def _recorded(redis_url: str) -> None:
    """Until nothing is left on the way to the record."""
    async with Redis.from_url(redis_url) as redis, asyncio.timeout(SETTLED_S):
        while await redis.xlen("ivr:trail"):  # a stream tells nobody that it is empty
            await asyncio.sleep(0.02)


async def no_time(_: float) -> None:
    await asyncio.sleep(0.02)


@asynccontextmanager
async def service(
    settings: Settings, bot: FakeAssistant, desk: FakeDesk, messages: FakeMessages | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """The telephone mounted as `web.py` mounts it."""
    doors = Doors(bot=bot, desk=desk, messages=messages or FakeMessages(), network=network())
    telephone = ivr.app.create_app(settings, doors)
    web = FastAPI()
    web.mount("/ivr", telephone)
    transport = httpx.ASGITransport(app=web, raise_app_exceptions=False)
    async with (
        telephone.router.lifespan_context(telephone),
        httpx.AsyncClient(transport=transport, base_url=settings.public_url) as http,
    ):
        yield http


@asynccontextmanager
async def served(
    settings: Settings,
    bot: FakeAssistant,
    desk: Desk,
    messages: FakeMessages | None = None,
    patience: Patience | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """The same on a real port, which sockets need."""
    doors = Doors(bot=bot, desk=desk, messages=messages or FakeMessages(), network=network())
    doors = replace(doors, sleep=(patience or Patience()).sleep)
    telephone = ivr.app.create_app(settings, doors)
    web = FastAPI()
    web.mount("/ivr", telephone)
    config = uvicorn.Config(
        web,
        port=0,
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=3,
        ws_max_size=MOST_FRAME_BYTES,
    )
    server = uvicorn.Server(config)
    async with telephone.router.lifespan_context(telephone):
        running = asyncio.create_task(server.serve())
        while not server.started:  # uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)
        base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=base) as http:
                yield http
        finally:
            server.should_exit = True
            await running


def relay_phone(
    http: httpx.AsyncClient, settings: Settings, patience: Patience, caller: str = "+447700900123"
) -> RelayTelephone:
    return RelayTelephone(
        http=http,
        token=settings.twilio_auth_token.get_secret_value(),
        public_url=settings.public_url,
        caller=caller,
        sleep=no_time,
        socket_base=f"ws{str(http.base_url).removeprefix('http').rstrip('/')}",
        silence=patience.ends,
    )


def phone(http: httpx.AsyncClient, settings: Settings, caller: str = "+447700900123") -> Telephone:
    return Telephone(
        http=http,
        token=settings.twilio_auth_token.get_secret_value(),
        public_url=settings.public_url,
        caller=caller,
        sleep=no_time,
    )


class ScriptedCall:
    def __init__(self, name: str) -> None:
        self.script: dict[str, Any] = yaml.safe_load((CALLS / f"{name}.yml").read_text(encoding="utf-8"))
        self.languages: list[str] = self.script.get("languages", [])
        people = self.script.get("people", {})
        self.desk = FakeDesk(
            line=people.get("line"),
            next_line=people.get("next line"),
            is_away=people.get("away", False),
            places=list(people.get("places", ())),
            wait_s=people.get("wait"),
        )
        if "we call" in self.script:
            self.desk.our_call = FakeCall(
                line=people.get("line"),
                place=self.desk.places.pop(0) if self.desk.places else None,
                is_away=self.desk.is_away,
                **{name.replace(" ", "_"): value for name, value in self.script["we call"].items()},
            )
        self.messages = FakeMessages(is_away="text messages" in self.script.get("down", ()))
        self.patience = Patience()
        self.bot = FakeAssistant(
            self.desk,
            {entry["hears"].lower(): entry for entry in self.script.get("assistant", [])},
            is_silent="assistant" in self.script.get("down", ()),
            news=self.script.get("news", ""),
            slow_s=self.script.get("assistant takes", 0),
        )

    async def play(self, settings: Settings, transport: Transport = "gather") -> None:
        if "redis" in self.script.get("down", ()):
            settings = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
        if "level 1 number" in self.script:
            settings = settings.model_copy(update={"ivr_fallback_number": self.script["level 1 number"]})
        if "most wait" in self.script:
            settings = settings.model_copy(update={"ivr_most_wait_s": self.script["most wait"]})
        if "budget" in self.script:
            settings = settings.model_copy(update={"ivr_budget_s": self.script["budget"]})
        caller = self.script.get("from", "+447700900123")
        settings = settings.model_copy(update={"ivr_transport": transport})
        async with self._open(settings, transport) as http:
            telephone = phone(http, settings, caller)
            if transport == "relay":
                telephone = relay_phone(http, settings, self.patience, caller)
            if self.desk.our_call is None:
                await telephone.dial()
            else:
                telephone.caller, telephone.called = telephone.called, CUSTOMER
            for number, step in enumerate(self.script["call"], start=1):
                await self._do(telephone, step, f"step {number}")
            if telephone.status == "in-progress":
                await telephone.hangs_up()
            if "redis" not in self.script.get("down", ()) and not self.desk.is_away:
                await _recorded(settings.redis_url)
            await self._check()

    def _open(self, settings: Settings, transport: Transport) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        if transport == "relay":
            return served(settings, self.bot, self.desk, self.messages, self.patience)
        return service(settings, self.bot, self.desk, self.messages)

    async def _do(self, telephone: Telephone, step: Any, where: str) -> None:
        match step:
            case {"hears": heard}:
                for words in [heard] if isinstance(heard, str) else heard:
                    assert words.lower() in telephone.said.lower(), f"{where}: heard {telephone.said!r}"
            case {"does not hear": words}:
                assert words.lower() not in telephone.said.lower(), f"{where}: heard {telephone.said!r}"
            case {"says": words}:
                await telephone.says(words)
            case {"presses": keys}:
                await telephone.presses(str(keys))
            case {"line is": ("completed" | "refused" | "mailbox" | "busy" | "no-answer" | "failed") as outcome}:
                assert telephone.wants == "line", f"{where}: the service waits for {telephone.wants}"
                await telephone.line(outcome)
            case {"mumbles": words, "sure": confidence}:
                await telephone.says(words, confidence=confidence)
            case {"mumbles": words}:
                await telephone.says(words, confidence=0.1)
            case {"leaves a message of": length_s}:
                await telephone.leaves_message(length_s)
            case {"the person hears": heard}:
                whispered = " ".join(line.text for line in telephone.heard if line.what == "whispers")
                for words in [heard] if isinstance(heard, str) else heard:
                    assert words.lower() in whispered.lower(), f"{where}: whispered {whispered!r}"
            case "hears music":
                assert telephone.heard[-1].what == "plays", f"{where}: {telephone.heard[-1]}"
            case {"rings": number}:
                assert telephone.heard[-1].what == "rings", f"{where}: {telephone.heard[-1]}"
                assert telephone.heard[-1].text == number, where
            case {"picks up": ("human" | "machine_start") as who}:
                await telephone.picks_up(self._ours("picked-up"), ended=self._ours("ended"), answered_by=who)
            case {"is not there": ("busy" | "no-answer" | "failed") as status}:
                await telephone.is_not_there(status, ended=self._ours("ended"))
            case "is silent":
                await telephone.silent()
            case {"interrupts after": after, "saying": words} if isinstance(telephone, RelayTelephone):
                await telephone.interrupts(after, words)
            case {"loses the socket after saying": words} if isinstance(telephone, RelayTelephone):
                await telephone.speak(words)
                await self._until(lambda: words in self.bot.told)
                await telephone.loses_socket()
            case {"keys in and waits": keys} if isinstance(telephone, RelayTelephone):
                await telephone.keys_in(str(keys))
                await self._until(lambda: self.patience.asked.count(KEY_IN_S) == len(str(keys)))
                await telephone.silent()
            case "loses the socket" if isinstance(telephone, RelayTelephone):
                await telephone.loses_socket()
            case {"is asked by": transport}:
                over = "relay" if isinstance(telephone, RelayTelephone) and telephone.has_socket else "gather"
                assert over == transport, f"{where}: {over}"
            case "hangs up":
                await telephone.hangs_up()
            case "webhook failed":
                await telephone.use_fallback()
            case "webhook comes again":
                before = telephone.said
                again = await telephone.repeats_last_webhook()
                assert before.split(".")[0] in again, where
            case "is hung up on":
                assert telephone.status == "completed", f"{where}: still waits for {telephone.wants}"
            case "people go home":
                self.desk.line = None
            case "people are back":
                self.desk.is_away = False
            case _:
                raise AssertionError(f"{where}: {step!r} is not known")

    def _ours(self, place: str) -> str:
        """An address that the network was given with a call of ours."""
        assert self.desk.our_call is not None
        return f"https://firstline.test/ivr/called/{place}?call={self.desk.our_call.call_id}"

    async def _check(self) -> None:
        if "outcome" in self.script:
            await self._until(lambda: bool(self.desk.finished))
            assert list(self.desk.finished.values()) == [self.script["outcome"]]
        tickets = [signals.model_dump() for _, signals in self.desk.tickets.values()]
        expected = self.script.get("tickets", [])
        assert len(tickets) == len(expected), tickets
        for ticket, wanted in zip(tickets, expected, strict=True):
            assert {name: ticket[name] for name in wanted} == wanted
        assert self.desk.rating_asked == self.script.get("rating asked by text", self.desk.rating_asked)
        told = [(report.area, report.service, report.reachable) for report in self.desk.reports]
        assert told == [tuple(report.values()) for report in self.script.get("is told of", [])]
        ours = self.desk.our_call
        if ours is not None:
            assert ours.answers == self.script.get("answers", [])
            assert ours.ends == self.script.get("ends", ours.ends)
            assert list(self.messages.wants_no_calls) == ([CUSTOMER] if self.script.get("wants no calls") else [])
        if "lines" in self.script:
            assert [outcome for outcome, _ in self.desk.lines] == self.script["lines"]
        if "callback" in self.script:
            promised = [{"number": number, "voicemail": voicemail} for number, voicemail in self.desk.callbacks]
            assert promised[-1:] == [{"number": None, "voicemail": False, **self.script["callback"]}], promised
        if "voicemails" in self.script:
            await self._until(lambda: len(self.desk.voicemails) == len(self.script["voicemails"]))
            assert [length_s for length_s, _ in self.desk.voicemails.values()] == self.script["voicemails"]
        if "text messages" in self.script:
            sent = [text for _, text in self.messages.sent.values()]
            assert len(sent) == len(self.script["text messages"]), sent
            assert all(words in text for words, text in zip(self.script["text messages"], sent, strict=True)), sent
        if "assistant is told" in self.script:
            assert self.bot.told == self.script["assistant is told"]
        if "assistant is spoken to in" in self.script:
            assert self.bot.languages == self.script["assistant is spoken to in"]
        if "contact is in" in self.script:
            await self._until(lambda: bool(self.desk.started))
            assert [start.language for start in self.desk.started] == [self.script["contact is in"]]
        self._check_record()

    def _check_record(self) -> None:
        turns = [f"{turn.author}: {turn.text}" for turn in self.desk.turns]
        left = list(turns)
        for wanted in self.script.get("record", []):
            while left and wanted.lower() not in left[0].lower():
                left.pop(0)
            assert left, f"{wanted!r} is not in the record after what came before it: {turns}"
            left.pop(0)
        for secret in self.script.get("record never holds", []):
            assert not any(str(secret) in turn for turn in turns), turns

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(SETTLED_S):
            while not holds():  # the fake desk has no events
                await asyncio.sleep(0.02)
