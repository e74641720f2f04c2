"""One ConversationRelay session: listens to a socket, and speaks what the call's steps answer."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from redis import RedisError
from starlette.websockets import WebSocketDisconnect

from ivr import frames, pace, voice
from ivr.call import Call
from ivr.frames import Dtmf, End, Error, Incoming, Interrupt, Language, Outgoing, Prompt, Setup, Text
from ivr.keypad import Keypad
from ivr.line import Line
from ivr.meaning import Heard, number_in
from ivr.relayed import Relayed, Step
from ivr.reply import Ask, joined
from ivr.speech import sentences, speakable, spoken_s
from ivr.speech import voice as voice_of
from ivr.store import Busy
from ivr.words import words

log = logging.getLogger(__name__)

SETUP_S = 10.0  # for the first message, and for the socket to be closed after our end
STILL_S = 8.0  # between two words to a caller who waits for the answer
MOST_SPEAKING_S = 300  # that a greeting is believed to take
BEGINNING_S = 4  # a caller who has begun to speak is only known of when they have finished
MOST_WAITING = 500  # messages we have not come to yet; more than a caller can cause
NORMAL, TROUBLE = 1000, 1011

Sleep = Callable[[float], Awaitable[None]]


class Socket(Protocol):
    """The part of an accepted socket that a session needs."""

    async def receive(self) -> Any: ...
    async def send_text(self, data: str) -> None: ...
    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


class Gone(Exception):
    """The socket is closed: the call goes on by webhook, or is over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the network is speaking, and what counts as an answer to it."""

    speaking_s: int
    keys_only: bool
    ask: Ask | None = None  # None: the greeting, which our TwiML asked


class Session:
    """`sleep` measures silence, which the network does not report."""

    def __init__(self, socket: Socket, steps: Relayed, *, line: Line, budget_s: float, sleep: Sleep) -> None:
        self._socket = socket
        self._steps = steps
        self._line = line
        self._budget_s = budget_s
        self._sleep = sleep
        self._inbox: asyncio.Queue[Incoming | None] = asyncio.Queue(MOST_WAITING)
        self._language = ""  # that the voice speaks
        self._refused = 0  # messages of ours, by the network

    async def talk(self) -> None:
        """Until one side ends it. However it ends, the call is stored and goes on at <Connect action>."""
        reading = asyncio.create_task(self._read())
        code = NORMAL
        try:
            await self._converse()
        except Gone:
            return
        except (RedisError, Busy) as error:
            log.warning("a session ends: %s", type(error).__name__)
            code = TROUBLE
        finally:
            reading.cancel()
        with suppress(RuntimeError, WebSocketDisconnect):  # the other side was faster
            await self._socket.close(code)

    async def _converse(self) -> None:
        setup = await self._setup()
        call = await self._steps.begin(setup.call_sid) if setup else None
        if setup is None or call is None:
            return
        self._language = call.language
        told = setup.custom_parameters
        asked = Asked(
            speaking_s=number_in(told.get(voice.SPEAKING_S, ""), MOST_SPEAKING_S),
            keys_only=told.get(voice.KEYS_ONLY) == "true",
        )
        while True:
            step = await self._answer(call, await self._listen(call, asked))
            if step is None:
                return
            call, reply = step
            if not (isinstance(reply, Ask) and voice.over_socket(reply, call)):
                handoff = {"step": call.step, "next": type(reply).__name__}
                await self._send(End(handoff_data=json.dumps(handoff)))
                await self._until_gone()
                return
            asked = await self._say(call, reply)

    async def _listen(self, call: Call, asked: Asked) -> Heard:
        """Words, keys, or silence after we have spoken and the caller has had the time that the question needs."""
        keypad, patience_s = Keypad(call.prompt), pace.patience_s(call.prompt)
        wait_s = asked.speaking_s + patience_s + BEGINNING_S
        while True:
            match await self._next(wait_s):
                case None:
                    return keypad.pause()
                case Prompt() as prompt if asked.keys_only or keypad.keys:
                    log.debug("%d characters not listened to", len(prompt.voice_prompt))
                case Prompt(last=True) as prompt if said := prompt.voice_prompt.strip():
                    return Heard(speech=said[: frames.MOST_CHARS], language=prompt.lang)
                case Prompt():
                    wait_s = patience_s + BEGINNING_S
                case Dtmf(digit=key):
                    if heard := keypad.press(key):
                        return heard
                    wait_s = patience_s
                case Interrupt(utterance_until_interrupt=so_far):
                    await self._steps.interrupted(call, so_far[: frames.MOST_CHARS], asked.ask)
                    wait_s = patience_s + BEGINNING_S
                case Error():
                    self._refused += 1
                    if self._refused == 1:
                        log.error("call %s: the network refused messages of ours", call.call_sid)

    async def _answer(self, call: Call, heard: Heard) -> Step | None:
        """With a word now and then while the answer is being worked out; keys pressed meanwhile answer nothing."""
        task, wait_s = self._steps.turn(call, heard), self._budget_s
        say = words(call.language).say
        filler = say.one_moment
        while not (await asyncio.wait({task}, timeout=wait_s))[0]:
            await self._send(Text(token=f"{filler} "))
            filler, wait_s = say.still_there, STILL_S
        self._forget_keys()
        return await task

    def _forget_keys(self) -> None:
        waiting = [self._inbox.get_nowait() for _ in range(self._inbox.qsize())]
        for message in waiting:
            if not isinstance(message, Dtmf):
                self._inbox.put_nowait(message)

    async def _say(self, call: Call, reply: Ask) -> Asked:
        """Sentence by sentence; told counts only when the last one is on its way."""
        if call.language != self._language:
            self._language = call.language
            await self._send(Language(tts_language=voice_of(call.language, self._line.country).language))
        text = speakable(joined(reply.said, reply.options))
        *before, last = sentences(text)
        for sentence in before:
            await self._send(Text(token=f"{sentence} "))
        await self._send(Text(token=last, last=True))
        await self._steps.told(call)
        return Asked(spoken_s(text), reply.keys_only, reply)

    async def _setup(self) -> Setup | None:
        try:
            async with asyncio.timeout(SETUP_S):
                first = await self._inbox.get()
        except TimeoutError:
            return None
        if first is None:
            raise Gone
        return first if isinstance(first, Setup) else None

    async def _next(self, within_s: float) -> Incoming | None:
        """None: silence. Raises Gone."""
        arrived, silence = asyncio.ensure_future(self._inbox.get()), asyncio.ensure_future(self._sleep(within_s))
        try:
            await asyncio.wait({arrived, silence}, return_when=asyncio.FIRST_COMPLETED)
            if not arrived.done():
                return None
            if (message := arrived.result()) is None:
                raise Gone
            return message
        finally:
            arrived.cancel()
            silence.cancel()

    async def _until_gone(self) -> None:
        """After our end the other side closes the socket; what still arrives is for nobody."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SETUP_S):
                while await self._inbox.get() is not None:
                    pass

    async def _read(self) -> None:
        """Into the inbox, where None is the end. The log has one line for all that is passed over."""
        passed_over = 0  # messages
        while (message := await self._socket.receive())["type"] != "websocket.disconnect":
            frame = frames.read(message.get("text") or "")
            if frame is None:
                passed_over += 1
                if passed_over == 1:
                    log.warning("messages of an unknown kind are passed over")
            elif self._inbox.qsize() < MOST_WAITING - 1:
                self._inbox.put_nowait(frame)
        self._inbox.put_nowait(None)

    async def _send(self, frame: Outgoing) -> None:
        try:
            await self._socket.send_text(frames.write(frame))
        except (WebSocketDisconnect, RuntimeError) as error:
            raise Gone from error
