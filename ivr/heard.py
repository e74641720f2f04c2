"""What the caller's keys and words mean at this point of the call. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from ivr import menu
from ivr.call import Call, Prompt
from ivr.words import Words

UNSURE = 0.3  # recognition below this is not an answer; it reports 0 when it does not know how sure it is
GO_ON_KEY = "9"
MOST_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Heard:
    """What the telephone network reports about one prompt."""

    keys: str = ""
    speech: str = ""
    confidence: float | None = None
    key_pressed: bool = False  # the caller pressed #, with or without keys before it

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        try:
            confidence = float(form.get("Confidence", "") or 0) or None
        except ValueError:
            confidence = None
        return cls(
            keys=form.get("Digits", "").strip()[:64],
            speech=form.get("SpeechResult", "").strip()[:MOST_CHARS],
            confidence=confidence,
            key_pressed=form.get("FinishedOnKey", "") == "#",
        )


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the assistant. `shown` is what the record of the call keeps instead."""

    text: str
    shown: str
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Open:
    level: str


@dataclass(frozen=True, slots=True)
class Number:
    """The number to call back, or that the caller would rather not give one."""

    e164: str | None


Command = Literal["silence", "no_match", "person", "repeat", "back", "go_on", "more_choices"]
Meaning = Say | Open | Number | Command


def understand(heard: Heard, call: Call, words: Words) -> Meaning:
    """Keys win over speech: they cannot be misheard."""
    if heard.keys:
        return _keys(heard.keys, call.prompt, words)
    if heard.speech:
        return _speech(heard, call.prompt, words)
    if call.prompt.expects == "callback_number" and heard.key_pressed:
        return Number(None)
    return "silence"


def _keys(keys: str, prompt: Prompt, words: Words) -> Meaning:
    match keys:
        case "0":
            return "person"
        case "*":
            return "repeat"
        case "#":
            return "back"
    if prompt.keyed and len(keys) > 1:
        return _keyed_in(keys, prompt, words)
    return _key(keys, prompt, words)


def _keyed_in(keys: str, prompt: Prompt, words: Words) -> Meaning:
    digits = "".join(filter(str.isdigit, keys))
    if prompt.expects == "callback_number":
        return Number(digits) if 7 <= len(digits) <= 15 else "no_match"
    shown = words.record.fact if prompt.expects == "fact" else words.record.digits
    return Say(text=digits, shown=shown, about={"input": "keys"}) if digits else "no_match"


def _key(key: str, prompt: Prompt, words: Words) -> Meaning:
    if prompt.rest:
        return "go_on" if key == GO_ON_KEY else "no_match"
    if key == prompt.more_key:
        return "more_choices"
    if prompt.level:
        chosen = menu.by_key(words, prompt.level, key)
        return _chosen(chosen, {"input": "keys", "key": key}) if chosen else "no_match"
    index = int(key) - 1 if key.isdigit() else -1
    if 0 <= index < len(prompt.offered):
        text = prompt.offered[index]
        return Say(text=text, shown=text, about={"input": "keys", "key": key})
    if prompt.keyed and prompt.expects != "callback_number" and key.isdigit():
        return _keyed_in(key, prompt, words)
    return "no_match"


def _speech(heard: Heard, prompt: Prompt, words: Words) -> Meaning:
    if heard.confidence is not None and heard.confidence < UNSURE:
        return "no_match"
    command = _command(heard.speech, prompt, words)
    if command:
        return command
    if prompt.expects == "callback_number":
        digits = "".join(filter(str.isdigit, heard.speech))
        return Number(digits) if 7 <= len(digits) <= 15 else "no_match"
    about = {"input": "speech", "confidence": heard.confidence}
    return _choice_said(heard.speech, prompt, words, about) or _free(heard.speech, prompt, words, about)


def _command(said: str, prompt: Prompt, words: Words) -> Meaning | None:
    if prompt.rest and words.is_command(said, "go_on"):
        return "go_on"
    if words.is_command(said, "person"):
        return "person"
    if words.is_command(said, "repeat"):
        return "repeat"
    if words.is_command(said, "back"):
        return "back"
    if words.is_command(said, "menu"):
        return Open(menu.TOP)
    return None


def _choice_said(said: str, prompt: Prompt, words: Words, about: dict[str, Any]) -> Meaning | None:
    """An option by its name, or its key by the key's name."""
    plain = words.plain(said)
    for choice in prompt.choices if not prompt.level else ():
        if plain == words.plain(choice):
            return Say(text=choice, shown=choice, about=about)
    if prompt.level and (chosen := menu.by_words(words, prompt.level, said)):
        return _chosen(chosen, about)
    key = words.key_named(said)
    if key and (prompt.choices or prompt.level) and not prompt.rest:
        meaning = _key(key, prompt, words)
        return None if meaning == "no_match" else meaning
    return None


def _free(said: str, prompt: Prompt, words: Words, about: dict[str, Any]) -> Say:
    shown = {"fact": words.record.fact, "digits": words.record.digits}.get(prompt.expects, said)
    return Say(text=said, shown=shown, about=about)


def _chosen(choice: menu.Choice, about: dict[str, Any]) -> Meaning:
    if choice.opens:
        return Open(choice.opens)
    text = choice.send or choice.label
    return Say(text=text, shown=text, about=about)
