"""The end of a call: whether it was solved, how satisfied the caller is, a goodbye. Pure."""

from dataclasses import replace

from ivr.call import Call, Prompt, asked, understood
from ivr.reply import Ask, Goodbye, Reply, joined
from ivr.words import words


def farewell(call: Call, said: str = "") -> tuple[Call, Reply]:
    """Who was helped, by us or by a person, is asked once how satisfied they are; nobody has to answer."""
    spoken = words(call.language)
    if call.rated or not (call.solved or call.reference):
        return call, Goodbye(said or spoken.say.goodbye)
    prompt = Prompt(text=spoken.say.how_satisfied, asks="satisfaction", may_end=True)
    return replace(understood(asked(call, prompt)), rated=True), Ask(prompt.text)


def rated(call: Call) -> tuple[Call, Reply]:
    spoken = words(call.language)
    return call, Goodbye(joined(spoken.say.thank_you, spoken.say.goodbye))


def not_rated(call: Call) -> tuple[Call, Reply]:
    """Silence, or words that are no rating: asked once more at most."""
    spoken = words(call.language)
    if call.no_match == 0:
        call = replace(call, no_match=1)
        return call, Ask(joined(spoken.say.not_understood, call.prompt.text))
    return call, Goodbye(spoken.say.goodbye)
