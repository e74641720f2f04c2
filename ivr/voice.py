"""TwiML: the only file that writes it. The helper passes a misspelt attribute on, so tests check every document."""

import re
from dataclasses import dataclass
from typing import Any

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr import menu
from ivr.call import Call, Prompt
from ivr.reply import Ask, Goodbye, PutThrough, Reply
from ivr.words import Words, words

CONTENT_TYPE = "text/xml"
SAY_CHARS = 3000  # Twilio's limit is 4,096 for one <Say>
DOCUMENT_BYTES = 60_000  # Twilio's limit is 64 kB for one document
RING_S = 25
LISTEN_S = 6  # silence after the prompt
KEY_IN_S = 12  # silence between keys, while finding a number on a bill
STEP_S = 20  # while the caller does what a guided step asks for
HINTS = 100
REFERENCE = re.compile(r"\bFL-?(\d{8})\b")
LONG_NUMBER = re.compile(r"(?<![\w.,+])\+?\d{5,}(?![\d]|[.,]\d)")
UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]|\*\*|`")


@dataclass(frozen=True, slots=True)
class Voice:
    name: str
    language: str  # spoken and recognised


VOICES = {
    "en": Voice("Polly.Amy-Neural", "en-GB"),
    "en-US": Voice("Polly.Joanna-Neural", "en-US"),
    "en-AU": Voice("Polly.Olivia-Neural", "en-AU"),
    "en-IE": Voice("Polly.Niamh-Neural", "en-IE"),
    "de": Voice("Polly.Vicki-Neural", "de-DE"),
    "fr": Voice("Polly.Lea-Neural", "fr-FR"),
    "es": Voice("Polly.Lucia-Neural", "es-ES"),
    "it": Voice("Polly.Bianca-Neural", "it-IT"),
    "nl": Voice("Polly.Laura-Neural", "nl-NL"),
    "pl": Voice("Polly.Ola-Neural", "pl-PL"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What every document of this installation needs: where its webhooks are, the country, the number it calls from."""

    prefix: str = "/ivr"
    country: str = "GB"
    caller_id: str = ""

    def turn(self, step: int) -> str:
        return f"{self.prefix}/turn?step={step}"

    def dial(self, step: int) -> str:
        return f"{self.prefix}/dial?step={step}"

    def wait(self, step: int, asked: int) -> str:
        return f"{self.prefix}/wait?step={step}&asked={asked}"


def voice(language: str, country: str) -> Voice:
    return VOICES.get(f"{language[:2]}-{country}") or VOICES.get(language[:2]) or VOICES["en"]


def speakable(text: str) -> str:
    """References and long numbers digit by digit; nothing that XML or a voice cannot take."""
    text = UNSPEAKABLE.sub("", text)
    text = REFERENCE.sub(lambda found: f"F L, {_digits(found[1])}", text)
    return LONG_NUMBER.sub(lambda found: _digits(found[0].lstrip("+")), text)


def document(reply: Reply, call: Call, line: Line) -> str:
    """The TwiML of a reply; the step in its addresses is the one the next webhook will carry."""
    response = VoiceResponse()
    spoken = voice(call.language, line.country)
    match reply:
        case Ask():
            gather = _gather(reply, call, line, spoken)
            _say(gather, spoken, reply.said, reply.options)
            response.append(gather)
        case PutThrough():
            _say(response, spoken, reply.said)
            response.append(_dial(reply.number, line, action=line.dial(call.step)))
        case Goodbye():
            _say(response, spoken, reply.said)
            response.hangup()
    return _xml(response)


def one_moment(language: str, line: Line, *, step: int, asked: int) -> str:
    """Keeps the line while the answer to `step` is being found: a word now and then, and ask again."""
    response = VoiceResponse()
    text = words(language).say
    if asked % 4 == 0:
        _say(response, voice(language, line.country), text.one_moment if asked == 0 else text.still_there)
    response.pause(length=1)
    response.redirect(line.wait(step, asked + 1), method="POST")
    return _xml(response)


def nothing_more() -> str:
    """For a call that is over: an empty document, which changes nothing."""
    return _xml(VoiceResponse())


def goodbye(language: str, line: Line) -> str:
    """After a line that was put through, for a call that cannot be looked up."""
    response = VoiceResponse()
    _say(response, voice(language, line.country), words(language).say.fallback_after)
    response.hangup()
    return _xml(response)


def fallback(language: str, line: Line, number: str) -> str:
    """Needs neither assistant, Redis, database nor escalation: a person's number, or the truth that there is none.

    Without a number nothing is promised, since nothing could be stored.
    """
    response = VoiceResponse()
    spoken, text = voice(language, line.country), words(language).say
    if number:
        _say(response, spoken, text.fallback_dial)
        response.append(_dial(number, line, action=None))
        _say(response, spoken, text.fallback_after)
    else:
        _say(response, spoken, text.fallback_no_line)
    response.hangup()
    return _xml(response)


def _gather(reply: Ask, call: Call, line: Line, spoken: Voice) -> Gather:
    listening: dict[str, Any] = {"input": "dtmf"}
    if not reply.keys_only:
        listening = {
            "input": "dtmf speech",
            "language": spoken.language,
            "hints": _hints(call.prompt, words(call.language)),
            "speech_timeout": "auto",
            "profanity_filter": False,  # anger is a signal: the assistant must hear it
            "barge_in": True,
        }
    keys: dict[str, Any] = {"num_digits": 1, "finish_on_key": ""}  # so that # and * arrive as keys
    if call.prompt.keyed:
        keys = {"finish_on_key": "#"}
    return Gather(
        action=line.turn(call.step),
        method="POST",
        timeout=_patience_s(call.prompt),
        action_on_empty_result=True,
        **listening,
        **keys,
    )


def _patience_s(prompt: Prompt) -> int:
    if prompt.in_flow:
        return STEP_S
    return KEY_IN_S if prompt.keyed and not prompt.choices else LISTEN_S


def _hints(prompt: Prompt, spoken: Words) -> str:
    phrases = (*prompt.offered, *menu.vocabulary(spoken))
    clean = dict.fromkeys(phrase.replace(",", " ")[:100] for phrase in phrases)
    return ", ".join(list(clean)[:HINTS])


def _dial(number: str, line: Line, *, action: str | None) -> Dial:
    """`answerOnBridge`: the caller hears it ring until the person answers."""
    dial = Dial(
        action=action,
        method="POST" if action else None,
        timeout=RING_S,
        caller_id=line.caller_id or None,
        answer_on_bridge=True,
    )
    if number.lower().startswith(("sip:", "sips:")):
        dial.sip(number)
    else:
        dial.number(number)
    return dial


def _say(into: VoiceResponse | Gather, spoken: Voice, *texts: str) -> None:
    """As many <Say> as the limits ask for; what would burst the document is left out (reply.in_parts keeps it rare)."""
    room = DOCUMENT_BYTES - 4_000
    for text in texts:
        for part in _pieces(speakable(text)):
            room -= len(part.encode("ascii", "xmlcharrefreplace")) + part.count("&") * 4 + part.count("<") * 3 + 100
            if room > 0:
                into.say(part, voice=spoken.name, language=spoken.language)


def _pieces(text: str) -> list[str]:
    pieces = []
    while text := text.strip():
        end = len(text) if len(text) <= SAY_CHARS else text.rfind(" ", 0, SAY_CHARS)
        end = end if end > 0 else SAY_CHARS
        pieces.append(text[:end])
        text = text[end:]
    return pieces


def _digits(number: str) -> str:
    return ", ".join(number)


def _xml(response: VoiceResponse) -> str:
    return str(response)
