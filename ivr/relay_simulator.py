"""A telephone with ConversationRelay: where the service opens a socket, the call goes on over it as with Twilio."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from twilio.request_validator import RequestValidator
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ivr import relay_grammar
from ivr.overheard import Line, ServiceFailed
from ivr.simulator import Telephone

TURN_S = 60.0  # the service has spoken or ended by then; typing nothing waits for its patience
SOCKET_LOST = "64105"
NO_SOCKET = "64102"


async def _patience_itself() -> None:
    """The service's own clock runs; nothing to do but wait."""


@dataclass
class RelayTelephone(Telephone):
    """`socket_base` is where sockets really go, as `http` is for webhooks. `silence` lets the service's patience end.

    `sent` and `received` hold every message, in order.
    """

    socket_base: str = ""
    answer: str = "/ivr/answer"
    silence: Callable[[], Awaitable[None]] = _patience_itself
    language: str = "en-GB"  # that the caller is heard to speak
    sent: list[dict[str, Any]] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    voice_language: str = ""
    closed_with: int | None = None  # by the service; None while it has not broken off a session
    _socket: ClientConnection | None = None
    _session: str = ""
    _action: str = ""

    @property
    def has_socket(self) -> bool:
        return self._socket is not None

    async def dial(self) -> None:
        self.status = "in-progress"
        await self._go(f"{self._prefix}{self.answer}", {})

    async def says(self, words: str, confidence: float = 0.9) -> None:
        if self._socket is None:
            await super().says(words, confidence)
            return
        self.said = ""
        await self.speak(words)
        await self.listen()

    async def presses(self, keys: str) -> None:
        if self._socket is None:
            await super().presses(keys)
            return
        self.said = ""
        await self.keys_in(keys)
        await self.listen()

    async def keys_in(self, keys: str) -> None:
        """Without waiting for an answer: more may follow."""
        for key in keys:
            await self.send({"type": "dtmf", "digit": key})

    async def silent(self) -> None:
        if self._socket is None:
            await super().silent()
            return
        self.said = ""
        await self.silence()
        await self.listen()

    async def interrupts(self, after: str, words: str) -> None:
        """Breaks in when `after` has been spoken."""
        place = self.said.find(after)
        if place < 0:
            raise ServiceFailed(f"{after!r} is not being spoken")
        so_far = self.said[: place + len(after)]
        milliseconds = 400 * len(so_far.split())
        interrupt = {"type": "interrupt", "utteranceUntilInterrupt": so_far, "durationUntilInterruptMs": milliseconds}
        await self.send(interrupt)
        await self.says(words)

    async def loses_socket(self) -> None:
        """The network's connection to us breaks: nobody hears what is still sent over it."""
        if self._socket is None:
            raise ServiceFailed("there is no socket to lose")
        self.said = ""
        await self._socket.close(1001)
        await self._leave({"SessionStatus": "failed", "ErrorCode": SOCKET_LOST})

    async def hangs_up(self) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket, self.status = None, "completed"
            over = self._form({"SessionId": self._session, "SessionStatus": "completed"})
            await self.post(self._action, over)
            self.status = "in-progress"
        await super().hangs_up()

    async def _connect(self, verb: Element) -> str | None:
        relay, self._action = verb[0], verb.get("action", "")
        self._session, self.voice_language = f"VX{secrets.token_hex(16)}", relay.get("language", "")
        url = relay.get("url", "")
        signature = RequestValidator(self.token).compute_signature(url, {})
        where = urlsplit(url)
        address = f"{self.socket_base}{where.path.removeprefix(self._prefix)}" + (where.query and f"?{where.query}")
        try:
            self._socket = await connect(
                address, additional_headers={"X-Twilio-Signature": signature}, proxy=None, compression=None
            )
        except (InvalidStatus, OSError):
            await self._leave({"SessionStatus": "failed", "ErrorCode": NO_SOCKET})
            return None
        self.wants = "words"
        self._happens(Line("says", relay.get("welcomeGreeting", "")))
        parameters = {each.get("name", ""): each.get("value", "") for each in relay if each.tag == "Parameter"}
        await self.send(self._setup(parameters))
        return None

    def _setup(self, parameters: dict[str, str]) -> dict[str, Any]:
        return {
            "type": "setup",
            "sessionId": self._session,
            "accountSid": "AC" + "0" * 32,
            "parentCallSid": "",
            "callSid": self.call_sid,
            "from": self.caller,
            "to": self.called,
            "forwardedFrom": "",
            "callType": "PSTN",
            "callerName": "",
            "direction": "inbound",
            "callStatus": "IN-PROGRESS",
            "customParameters": parameters,
        }

    async def speak(self, words: str) -> None:
        """As it is recognised: more and more of it, then all of it."""
        spoken = words.split()
        for count in range(1, len(spoken)):
            await self._prompt(" ".join(spoken[:count]), last=False)
        await self._prompt(words, last=True)

    async def _prompt(self, words: str, *, last: bool) -> None:
        await self.send({"type": "prompt", "voicePrompt": words, "lang": self.language, "last": last})

    async def send(self, message: dict[str, Any]) -> None:
        if self._socket is None:
            raise ServiceFailed("there is no socket")
        self.sent.append(message)
        await self.sends(json.dumps(message))

    async def sends(self, *written: str | bytes) -> None:
        """Frames as they stand, which need be no messages; when the socket closes, the rest is for nobody."""
        for frame in written:
            if self._socket is None:
                return
            try:
                await self._socket.send(frame)
            except ConnectionClosed:
                await self._lost(self._socket)

    async def listen(self) -> None:
        """Until the service has finished speaking, ends the session, or closes the socket."""
        spoken = ""
        while self._socket is not None:
            try:
                async with asyncio.timeout(TURN_S):
                    message = relay_grammar.parse(await self._socket.recv())
            except ConnectionClosed:
                await self._lost(self._socket)
                return
            self.received.append(message)
            match message:
                case {"type": "text", "token": token}:
                    spoken += token
                    if message.get("last"):
                        self._happens(Line("says", spoken.strip()))
                        return
                case {"type": "language"}:
                    self.voice_language = message.get("ttsLanguage", self.voice_language)
                case {"type": "end"}:
                    if spoken:
                        self._happens(Line("says", spoken.strip()))
                    await self._socket.close()
                    await self._leave({"SessionStatus": "ended", "HandoffData": message.get("handoffData", "")})

    async def _lost(self, socket: ClientConnection) -> None:
        self.closed_with = socket.close_code
        await self._leave({"SessionStatus": "failed", "ErrorCode": SOCKET_LOST})

    async def _leave(self, told: dict[str, str]) -> None:
        """The session is over: the call goes on where <Connect> says."""
        before, self._socket = self.said, None
        await self._go(self._action, {"SessionId": self._session, "SessionDuration": "1", **told})
        self.said = f"{before} {self.said}".strip() if before else self.said
