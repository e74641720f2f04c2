"""TwiML: the only file that writes it. The helper passes a misspelt attribute on, so tests check every document."""

from typing import Any

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Connect, Dial, Gather, VoiceResponse

from ivr import pace
from ivr.call import Call
from ivr.line import Line
from ivr.reply import Ask, Goodbye, PutThrough, Reply, TakeMessage, joined
from ivr.speech import Voice, pieces, speakable, spoken_s, voice
from ivr.words import languages, words

CONTENT_TYPE = "text/xml"
DOCUMENT_BYTES = 60_000  # Twilio's limit is 64 kB for one document
MESSAGE_S = 120
MESSAGE_SILENCE_S = 5  # ends a message
SPEAKING_S = "speaking_s"  # parameters of a socket: how long its greeting takes, and what is listened to
KEYS_ONLY = "keys_only"


def document(reply: Reply, call: Call, line: Line) -> str:
    """The TwiML of a reply; the step in its addresses is the one the next webhook will carry."""
    response = VoiceResponse()
    spoken = voice(call.language, line.country)
    match reply:
        case Ask() if over_socket(reply, call):
            response.append(_connect(reply, call, line, spoken))
        case Ask():
            gather = _gather(reply, call, line, spoken)
            _say(gather, spoken, reply.said, reply.options)
            for language, offer in reply.voices:
                _say(gather, voice(language, line.country), offer)
            if reply.tone:
                gather.play(line.hold_music)
            response.append(gather)
        case PutThrough():
            _say(response, spoken, reply.said)
            whisper = line.whisper(call.call_sid, call.step)
            response.append(_dial(reply.number, line, action=line.dial(call.step), whisper=whisper))
        case TakeMessage():
            _say(response, spoken, reply.said)
            _record(response, call, line)
        case Goodbye():
            _say(response, spoken, reply.said)
            response.hangup()
    return _xml(response)


def over_socket(reply: Reply, call: Call) -> bool:
    """Questions are asked over the call's socket; music, lines, recordings, several voices and the end need TwiML."""
    return call.transport == "relay" and isinstance(reply, Ask) and not (reply.tone or reply.voices)


def one_moment(language: str, line: Line, *, step: int, asked: int) -> str:
    """Keeps the line while the answer to `step` is being found: a word now and then, and ask again."""
    response = VoiceResponse()
    text = words(language).say
    if asked % 4 == 0:
        _say(response, voice(language, line.country), text.one_moment if asked == 0 else text.still_there)
    response.pause(length=1)
    response.redirect(line.wait(step, asked + 1), method="POST")
    return _xml(response)


def ask_key(said: str, language: str, line: Line, *, action: str, patience_s: int) -> str:
    """Somebody whom we have called answers by one key; silence is told too."""
    response = VoiceResponse()
    spoken = voice(language, line.country)
    gather = Gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=patience_s,
        action=action,
        method="POST",
        action_on_empty_result=True,
    )
    _say(gather, spoken, said)
    response.append(gather)
    return _xml(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return _xml(response)


def nothing_more() -> str:
    """For a call that is over: an empty document, which changes nothing."""
    return _xml(VoiceResponse())


def text(words: str) -> str:
    """The answer to a text message; without words nothing is sent."""
    response = MessagingResponse()
    if words:
        response.message(words)
    return str(response)


def farewell(said: str, language: str, line: Line) -> str:
    response = VoiceResponse()
    _say(response, voice(language, line.country), said)
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
            "hints": line.hints.of(call.prompt, words(call.language)),
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
        timeout=pace.patience_s(call.prompt),
        action_on_empty_result=True,
        **listening,
        **keys,
    )


def _connect(reply: Ask, call: Call, line: Line, spoken: Voice) -> Connect:
    """The question is the greeting, so that the network speaks it while it opens the socket."""
    greeting = speakable(joined(reply.said, reply.options))
    tells_apart = len(languages()) > 1 and not call.chose_language
    connect = Connect(action=line.relayed, method="POST")
    relay = connect.conversation_relay(
        url=line.socket,
        welcome_greeting=greeting,
        welcome_greeting_interruptible="any",
        interruptible="any",
        dtmf_detection=True,
        partial_prompts=True,
        language=spoken.language,
        tts_provider="Amazon",
        voice=spoken.relay_name,
        hints=line.hints.of(call.prompt, words(call.language)),
        profanity_filter=False,  # as on a <Gather>
        **({"transcription_provider": "Deepgram", "transcription_language": "multi"} if tells_apart else {}),
    )
    for language in languages() if tells_apart else ():
        other = voice(language, line.country)
        relay.language(code=other.language, tts_provider="Amazon", voice=other.relay_name)
    relay.parameter(name=SPEAKING_S, value=str(spoken_s(greeting)))
    relay.parameter(name=KEYS_ONLY, value=str(reply.keys_only).lower())
    return connect


def _record(response: VoiceResponse, call: Call, line: Line) -> None:
    """Without a sound on the line the network asks for no action: then the document goes on, and says so."""
    transcribing: dict[str, Any] = {}
    if line.transcribes:
        transcribing = {"transcribe": True, "transcribe_callback": line.transcript}
    response.record(
        action=line.message(call.step),
        method="POST",
        max_length=MESSAGE_S,
        timeout=MESSAGE_SILENCE_S,
        finish_on_key="#",
        play_beep=True,
        recording_status_callback=line.recording,
        recording_status_callback_method="POST",
        **transcribing,
    )
    response.redirect(line.message(call.step), method="POST")


def _dial(number: str, line: Line, *, action: str | None, whisper: str | None = None) -> Dial:
    """`answerOnBridge`: the caller hears it ring until the person has heard the whisper and accepts."""
    dial = Dial(
        action=action,
        method="POST" if action else None,
        timeout=line.ring_s,
        caller_id=line.caller_id or None,
        answer_on_bridge=True,
    )
    heard_first: dict[str, Any] = {"url": whisper, "method": "POST"} if whisper else {}
    if number.lower().startswith(("sip:", "sips:")):
        dial.sip(number, **heard_first)
    else:
        dial.number(number, **heard_first)
    return dial


def _say(into: VoiceResponse | Gather, spoken: Voice, *texts: str) -> None:
    """As many <Say> as the limits ask for; what would burst the document is left out (reply.in_parts keeps it rare)."""
    room = DOCUMENT_BYTES - 4_000
    for text in texts:
        for part in pieces(speakable(text)):
            room -= len(part.encode("ascii", "xmlcharrefreplace")) + part.count("&") * 4 + part.count("<") * 3 + 100
            if room > 0:
                into.say(part, voice=spoken.name, language=spoken.language)


def _xml(response: VoiceResponse) -> str:
    return str(response)
