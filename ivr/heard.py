"""What the caller's keys and words mean at this point of the call. Pure."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.client import hides
from ivr import language, menu
from ivr.call import Asks, Call, Prompt
from ivr.meaning import Command, Heard, Meaning, Number, Open, Rating, Say, Spoken, Unsure
from ivr.words import Words

UNSURE = 0.3  # recognition below this is not an answer; it reports 0 when it does not know how sure it is
SURE = 0.5  # below this the caller is asked whether that is what they said
SPOKEN_DIGITS = 4  # of a number that was spoken: from so many on it is read back
GO_ON_KEY = "9"
TEXT_KEY = "8"


CHAT_KEY = "3"
NEWS_KEY = "5"  # of the menu, which has four options at most
OFFERS: dict[str, Command] = {"1": "call_back", "2": "leave_message", "0": "keep_waiting"}


def understand(heard: Heard, call: Call, words: Words) -> Meaning:
    return _AFTER[call.prompt.asks](heard, call, words)


def _sure(heard: Heard, call: Call, words: Words) -> Meaning:
    """Yes, no, or the answer in other words."""
    if heard.keys in {"1", "2"}:
        return "right" if heard.keys == "1" else "wrong"
    if heard.speech and not heard.keys:
        if words.is_command(heard.speech, "yes"):
            return "right"
        if words.is_command(heard.speech, "no"):
            return "wrong"
    if call.doubt is None or not (heard.keys or heard.speech):
        return "silence"
    return _open(heard, replace(call, prompt=call.doubt.prompt), words)


def _waiting(heard: Heard, call: Call, words: Words) -> Meaning:
    if heard.keys == "*":
        return "repeat"
    if call.prompt.offers_chat and (heard.keys == CHAT_KEY or words.is_command(heard.speech, "chat")):
        return "to_chat"
    if heard.keys:
        return OFFERS.get(heard.keys, "keep_waiting")
    return _offered(heard, words) or ("leave_message" if words.is_command(heard.speech, "message") else "keep_waiting")


def _offered(heard: Heard, words: Words) -> Meaning | None:
    """To be called back, or to leave a message."""
    if heard.keys in {"1", "2"}:
        return OFFERS[heard.keys]
    if heard.speech and words.is_command(heard.speech, "call_back"):
        return "call_back"
    return "leave_message" if heard.speech and words.is_command(heard.speech, "message") else None


def _offered_or_open(heard: Heard, call: Call, words: Words) -> Meaning:
    return _offered(heard, words) or _open(heard, call, words)


def _rating(heard: Heard, _call: Call, words: Words) -> Meaning:
    if heard.keys:
        return Rating(int(heard.keys)) if heard.keys in {"1", "2", "3", "4", "5"} else "no_match"
    if not heard.speech:
        return "silence"
    stars = words.rating(heard.speech)
    return Rating(stars) if stars else "no_match"


def _language(heard: Heard, call: Call, words: Words) -> Meaning:
    if heard.keys in {"0", "*"}:
        return "person" if heard.keys == "0" else "repeat"
    if not (heard.keys or heard.speech):
        return "silence"
    if heard.speech and words.is_command(heard.speech, "person"):
        return "person"
    return language.chosen(heard, call.language) or "no_match"


def _pace(heard: Heard, call: Call, words: Words) -> Meaning:
    """Any key, or words that are no answer, mean that the step is done."""
    if heard.keys:
        return "person" if heard.keys == "0" else "ready"
    if heard.speech and words.is_command(heard.speech, "ready"):
        return "ready"
    return _open(heard, call, words)


def _open(heard: Heard, call: Call, words: Words) -> Meaning:
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
        return Unsure(Number(digits)) if 7 <= len(digits) <= 15 else "no_match"
    shown = words.record.fact if prompt.expects in {"fact", "secret", "voucher"} else words.record.digits
    return Say(text=digits, shown=shown, about={"input": "keys"}) if digits else "no_match"


def _key(key: str, prompt: Prompt, words: Words) -> Meaning:
    if prompt.rest:
        return {GO_ON_KEY: "go_on", TEXT_KEY: "text_me"}.get(key, "no_match")  # type: ignore[return-value]  # of Command
    commands: dict[str | None, Command] = {prompt.more_key: "more_choices"}
    if prompt.offers_news:
        commands[NEWS_KEY] = "news"
    if key in commands:
        return commands[key]
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
        return Unsure(Number(digits)) if 7 <= len(digits) <= 15 else "no_match"
    about = {"input": "speech", "confidence": heard.confidence}
    return _choice_said(heard.speech, prompt, words, about) or _free(heard, prompt, words, about)


def _command(said: str, prompt: Prompt, words: Words) -> Meaning | None:
    possible: dict[Spoken, bool] = {
        "go_on": bool(prompt.rest),
        "text_me": bool(prompt.whole),
        "news": prompt.offers_news,
        "ready": prompt.in_flow and bool(prompt.choices),
        "person": True,
        "repeat": True,
        "back": True,
    }
    for command, is_possible in possible.items():
        if is_possible and words.is_command(said, command):
            return command
    return Open(menu.TOP) if words.is_command(said, "menu") else None


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


def _free(heard: Heard, prompt: Prompt, words: Words, about: dict[str, Any]) -> Say | Unsure | Command:
    """A secret is never read back, nor kept until it is: hardly heard, it is asked for again."""
    is_doubtful = heard.confidence is not None and heard.confidence < SURE
    if prompt.expects in {"secret", "voucher", "offer"} and hides(
        heard.speech, expects=prompt.expects, language=words.language
    ):
        return "no_match" if is_doubtful else Say(text=heard.speech, shown=words.record.fact, about=about)
    shown = {"fact": words.record.fact, "digits": words.record.digits}.get(prompt.expects, heard.speech)
    say = Say(text=heard.speech, shown=shown, about=about)
    digits = sum(map(str.isdigit, heard.speech))
    is_number = prompt.keyed and digits >= SPOKEN_DIGITS
    return Unsure(say) if is_number or is_doubtful else say


def _chosen(choice: menu.Choice, about: dict[str, Any]) -> Meaning:
    if choice.opens:
        return Open(choice.opens)
    text = choice.send or choice.label
    return Say(text=text, shown=text, about=about)


_AFTER: dict[Asks, Callable[[Heard, Call, Words], Meaning]] = {
    "open": _open,
    "sure": _sure,
    "hold": _waiting,
    "callback": _offered_or_open,
    "satisfaction": _rating,
    "pace": _pace,
    "language": _language,
}
