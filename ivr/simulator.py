"""A telephone and the network behind it: calls the service as Twilio does and follows its TwiML strictly."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from uuid import uuid4
from xml.etree.ElementTree import Element

import httpx
from twilio.request_validator import RequestValidator

from ivr import grammar
from ivr.overheard import AGENT_KEYS, Line, LineOutcome, ServiceFailed, Wants

MOST_DOCUMENTS = 60  # without the caller doing anything: more is a circle
WEBHOOK_S = 15.0  # Twilio's hard limit


@dataclass(slots=True)
class Telephone:
    """One call. `wants` is what the service waits for: words (or keys), the outcome of a line, nothing (it is over).

    `public_url` is what the webhooks are signed for; `http` decides where they really go. `on_line` is told of
    everything that happens, in order.
    """

    http: httpx.AsyncClient
    token: str = field(repr=False)
    public_url: str
    caller: str = "+447700900123"
    called: str = "+442079460000"
    on_line: Callable[[Line], None] = lambda _: None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    call_sid: str = field(default_factory=lambda: f"CA{secrets.token_hex(16)}")
    wants: Wants = "nothing"
    said: str = ""  # since the caller last did something
    heard: list[Line] = field(default_factory=list)
    status: str = "ringing"
    direction: str = "inbound"
    ended_at: str = ""  # where the end is reported; empty: the number's own status webhook
    requests: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    _asking: Element | None = None
    _rest: list[Element] = field(default_factory=list)
    _place: str = ""

    @property
    def _prefix(self) -> str:
        """Of the public address, where a proxy takes it off."""
        return urlsplit(self.public_url).path

    async def dial(self) -> None:
        self.status = "in-progress"
        await self._go(f"{self._prefix}/ivr/answer", {})

    async def picks_up(self, url: str, *, ended: str, answered_by: str = "human") -> None:
        """Answers a call that the service makes: `caller` is then its number, `called` the customer's.

        `url` and `ended` are what the network was told when the call was asked for.
        """
        self.status, self.direction, self.ended_at = "in-progress", "outbound-api", self._path(ended)
        await self._go(self._path(url), {"AnsweredBy": answered_by})

    async def is_not_there(self, status: str, *, ended: str) -> httpx.Response:
        """A call that the service makes comes to nothing: busy, no-answer, failed."""
        self.status, self.direction, self.ended_at = status, "outbound-api", self._path(ended)
        return await self.report(status)

    async def says(self, words: str, confidence: float = 0.9) -> None:
        """Speech where only keys are listened to is not heard."""
        gather = self._gather()
        if "speech" not in gather.get("input", ""):
            await self.silent()
            return
        await self._go(gather.get("action", ""), {"SpeechResult": words, "Confidence": str(confidence)})

    async def presses(self, keys: str) -> None:
        """Keys up to the one that ends the input, as the network collects them."""
        gather = self._gather()
        if "dtmf" not in gather.get("input", ""):
            await self.silent()
            return
        end, most = gather.get("finishOnKey", "#"), int(gather.get("numDigits", "1000"))
        collected, finished = "", ""
        for key in keys:
            if key in end:
                finished = key
                break
            collected += key
            if len(collected) == most:
                break
        await self._go(gather.get("action", ""), {"Digits": collected, "FinishedOnKey": finished})

    async def silent(self) -> None:
        gather = self._gather()
        if gather.get("actionOnEmptyResult") != "true":
            raise ServiceFailed("silence would fall through this prompt")
        await self._go(gather.get("action", ""), {"Digits": "", "SpeechResult": ""})

    async def line(self, outcome: LineOutcome) -> None:
        """How the line that was put through ended; without an `action` the document goes on behind the <Dial>."""
        dial = self._asked("line")
        bridged = outcome == "completed"
        status = "completed" if outcome in AGENT_KEYS else outcome
        if outcome in AGENT_KEYS and (whisper := dial[0].get("url")):
            bridged = await self._agent(whisper, AGENT_KEYS[outcome])
        if action := dial.get("action"):
            told = {"DialCallStatus": status, "DialBridged": str(bridged).lower()}
            await self._go(action, {**told, "DialCallSid": f"CA{secrets.token_hex(16)}"})
            return
        self._asking, rest = None, self._rest
        await self._follow(rest)

    async def leaves_message(self, length_s: int) -> None:
        """Speaks after the tone. 0: nothing is heard, and the document goes on behind the <Record>."""
        record = self._asked("recording")
        if length_s == 0:
            self._asking, rest = None, self._rest
            redirect = await self._follow(rest)
            if redirect is not None:
                await self._go(redirect, {})
            return
        sid = f"RE{secrets.token_hex(16)}"
        account = f"{self.public_url}/2010-04-01/Accounts/AC{'0' * 32}"
        told = {"RecordingSid": sid, "RecordingDuration": str(length_s), "RecordingUrl": f"{account}/Recordings/{sid}"}
        if finished := record.get("recordingStatusCallback"):
            await self.post(finished, self._form({**told, "RecordingStatus": "completed"}))
        if record.get("transcribe") == "true" and (written := record.get("transcribeCallback")):
            text = {"TranscriptionStatus": "completed", "TranscriptionText": "My line is dead."}
            await self.post(written, self._form({**told, **text}))
        await self._go(record.get("action", ""), {**told, "Digits": "#"})

    async def hangs_up(self) -> None:
        await self._over()

    async def repeats_last_webhook(self) -> str:
        """As the network does after a broken connection: the same request again. Returns the document."""
        address, form, headers = self.requests[-1]
        return (await self.post(address, form, headers)).text

    async def post(self, address: str, form: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        """A signed webhook. `headers` of an earlier one make it a retry."""
        if headers is None:
            url = self.public_url.removesuffix(self._prefix) + address
            signature = RequestValidator(self.token).compute_signature(url, form)
            headers = {"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": str(uuid4())}
            self.requests.append((address, form, headers))
        return await self.http.post(address.removeprefix(self._prefix), data=form, headers=headers, timeout=WEBHOOK_S)

    async def use_fallback(self) -> None:
        """As the network does when a webhook failed."""
        await self._go(
            f"{self._prefix}/ivr/fallback", {"ErrorCode": "11200", "ErrorUrl": self.public_url + self._place}
        )

    async def report(self, status: str) -> httpx.Response:
        return await self.post(self.ended_at or f"{self._prefix}/ivr/status", self._form({"CallStatus": status}))

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    async def _agent(self, address: str, key: str) -> bool:
        """The called person's own leg: the whisper, and what they press. Whether the two are connected then."""
        leg = {"CallSid": f"CA{secrets.token_hex(16)}", "ParentCallSid": self.call_sid, "To": "agent"}
        more: dict[str, str] = {}
        for _ in range(MOST_DOCUMENTS):
            reply = await self.post(address, {**self._form(more), **leg})
            document = grammar.parse(reply.text)
            gather = document.find("Gather")
            if gather is None:
                return document.find("Hangup") is None
            for said in gather.iter("Say"):
                self._happens(Line("whispers", said.text or ""))
            address, more = gather.get("action", ""), {"Digits": key}
        raise ServiceFailed("a whisper without end")

    async def _go(self, place: str, more: dict[str, str]) -> None:
        self.said = ""
        for _ in range(MOST_DOCUMENTS):
            self._asking, self.wants = None, "nothing"
            redirect = await self._follow(list(await self._document(place, more)))
            if redirect is None:
                return
            place, more = redirect, {}
        raise ServiceFailed("redirects in a circle")

    async def _document(self, place: str, more: dict[str, str]) -> Element:
        self._place = urljoin(self._place, place)
        reply = await self.post(self._place, self._form(more))
        if reply.status_code != 200:
            raise ServiceFailed(f"{self._place} answered {reply.status_code}")
        if not reply.headers.get("content-type", "").startswith("text/xml"):
            raise ServiceFailed(f"{self._place} answered {reply.headers.get('content-type')}")
        return grammar.parse(reply.text)

    async def _follow(self, verbs: list[Element]) -> str | None:
        """Until the caller must do something or the call is over; an address when the document leads on."""
        for place, verb in enumerate(verbs):
            match verb.tag:
                case "Say":
                    self._happens(Line("says", verb.text or ""))
                case "Pause":
                    self._happens(Line("pauses", verb.get("length", "1")))
                    await self.sleep(float(verb.get("length", "1")))
                case "Gather" | "Dial" | "Record":
                    self._wait_for(verb)
                    self._rest = verbs[place + 1 :]
                    return None
                case "Connect":
                    return await self._connect(verb)
                case "Redirect":
                    return verb.text or ""
                case "Hangup":
                    break
        self._happens(Line("hangs up"))
        await self._over()
        return None

    async def _connect(self, verb: Element) -> str | None:
        raise ServiceFailed(f"<{verb.tag}> needs a telephone that has ConversationRelay")

    def _wait_for(self, verb: Element) -> None:
        self._asking = verb
        self.wants = {"Gather": "words", "Dial": "line", "Record": "recording"}[verb.tag]  # type: ignore[assignment]  # of Wants
        for inner in verb:
            if inner.tag == "Say":
                self._happens(Line("says", inner.text or ""))
            elif inner.tag == "Play":
                self._happens(Line("plays", inner.text or ""))
            elif inner.tag in {"Number", "Sip"}:
                self._happens(Line("rings", inner.text or ""))

    async def _over(self) -> None:
        if self.status == "completed":
            return
        self.status, self.wants, self._asking = "completed", "nothing", None
        await self.report("completed")  # whatever it is answered: the line is closed

    def _happens(self, line: Line) -> None:
        self.heard.append(line)
        if line.what == "says":
            self.said = f"{self.said} {line.text}".strip()
        self.on_line(line)

    def _gather(self) -> Element:
        return self._asked("words")

    def _asked(self, wants: Wants) -> Element:
        if self._asking is None or self.wants != wants:
            raise ServiceFailed(f"the service waits for {self.wants}, not for {wants}")
        return self._asking

    def _form(self, more: dict[str, str]) -> dict[str, str]:
        return {
            "CallSid": self.call_sid,
            "AccountSid": "AC" + "0" * 32,
            "ApiVersion": "2010-04-01",
            "Direction": self.direction,
            "CallStatus": self.status,
            "From": self.caller,
            "To": self.called,
            **more,
        }
