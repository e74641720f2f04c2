"""What was hardly understood is asked back before anything is done with it; numbers are read back. Pure."""

from dataclasses import replace

from ivr.call import Call, Doubt, Prompt, asked
from ivr.meaning import Number, Say
from ivr.reply import Ask, Reply, options
from ivr.words import words

QUOTED_CHARS = 200


def ask_back(call: Call, meaning: Say | Number) -> tuple[Call, Reply]:
    """ "Did you say ...?": the record never holds more of it than of the answer itself."""
    spoken = words(call.language)
    if isinstance(meaning, Number):
        number = meaning.e164 or ""
        doubt = Doubt(text=number, shown=spoken.record.phone, about={}, prompt=call.prompt, is_number=True)
    else:
        doubt = Doubt(text=meaning.text, shown=meaning.shown, about=meaning.about, prompt=call.prompt)
    template = (
        spoken.say.number_right if any(map(str.isdigit, doubt.text)) and call.prompt.keyed else spoken.say.did_you_say
    )
    asks = template.replace("{said}", doubt.text[:QUOTED_CHARS])
    shown = template.replace("{said}", doubt.shown[:QUOTED_CHARS])
    choices = (spoken.say.yes, spoken.say.no)
    prompt = Prompt(text=asks, choices=choices, asks="sure", in_flow=call.prompt.in_flow)
    call = replace(asked(call, prompt), doubt=doubt)
    offered = options(prompt, spoken)
    return call, Ask(asks, options=offered, shown=shown)


def settled(call: Call) -> tuple[Call, Doubt]:
    """Back at the question that was asked before, with what the caller has said to it."""
    if call.doubt is None:
        raise LookupError("nothing is in doubt")
    return replace(asked(call, call.doubt.prompt), doubt=None), call.doubt
