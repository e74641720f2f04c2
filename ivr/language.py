"""The language of a call: asked for first where the telephone speaks several, by key or by its name. Pure."""

from dataclasses import replace

from ivr.call import Call, Prompt, asked
from ivr.meaning import Heard, Speak
from ivr.reply import Ask, joined
from ivr.words import languages, words

MOST = 4  # as many as a caller can keep in mind
UNSURE = 0.3  # a name recognised less surely than this is none, as in ivr/heard.py


def is_a_choice() -> bool:
    return len(languages()) > 1


def offered(first: str) -> tuple[str, ...]:
    """In the order of their keys: the language of the installation, then the others."""
    return tuple(sorted(languages(), key=lambda language: (language != first[:2].lower(), language)))


def question(call: Call, *, before: str = "") -> tuple[Call, Ask]:
    """Each language is offered in itself, by the voice that speaks it."""
    every = offered(call.language)
    voices = tuple(
        (language, words(language).language_choice.ask.format(key=key)) for key, language in enumerate(every, start=1)
    )
    names = tuple(words(language).language_choice.says[0] for language in every)
    text = " ".join(text for _, text in voices)
    call = asked(call, Prompt(text=text, choices=names, asks="language"))
    return call, Ask(said=before, voices=voices, shown=joined(before, text))


def chosen(heard: Heard, first: str) -> Speak | None:
    """By key, by its name, or by its key's name, each in its own language."""
    every = offered(first)
    if heard.keys:
        place = int(heard.keys) if heard.keys.isdecimal() else 0
        return Speak(every[place - 1]) if 0 < place <= len(every) else None
    if heard.confidence is not None and heard.confidence < UNSURE:
        return None
    for key, language in enumerate(every, start=1):
        spoken = words(language)
        names = {spoken.plain(name) for name in spoken.language_choice.says}
        if spoken.plain(heard.speech) in names or spoken.key_named(heard.speech) == str(key):
            return Speak(language)
    return None


def followed(call: Call, heard: Heard) -> Call:
    """Who has not chosen, and turns out to speak another language of ours, is answered in it from now on."""
    spoken = heard.language[:2]
    if call.chose_language or spoken not in languages() or spoken == call.language[:2]:
        return call
    return replace(call, language=spoken)
