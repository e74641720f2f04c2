"""How long a caller is given: to answer, to key a number in, to do a guided step of up to three minutes. Pure."""

from dataclasses import replace

from ivr.call import Call, Prompt, asked
from ivr.ladder import shorter
from ivr.reply import Ask, Reply
from ivr.words import words

LISTEN_S = 6  # silence after an ordinary question
KEY_IN_S = 12  # silence between keys, while finding a number on a bill
STEP_S = 20  # silence after a step is read, before the first word
EVERY_S = 40
AT_MOST_S = 180


def patience_s(prompt: Prompt) -> int:
    """How long the caller may be silent after the prompt, or between keys."""
    if prompt.patience_s:
        return prompt.patience_s
    if prompt.in_flow:
        return STEP_S
    return KEY_IN_S if prompt.keyed and not prompt.choices else LISTEN_S


def needs_time(call: Call) -> bool:
    """The caller is doing what the step asks for: this silence is no misunderstanding yet."""
    return call.prompt.in_flow and call.paced_s < AT_MOST_S


def take_your_time(call: Call) -> tuple[Call, Reply]:
    spoken = words(call.language)
    text = spoken.say.take_your_time if call.paced_s == 0 else spoken.say.still_here
    passed_s = EVERY_S if call.prompt.asks == "pace" else STEP_S
    call = replace(asked(call, replace(call.prompt, asks="pace", patience_s=EVERY_S)), paced_s=call.paced_s + passed_s)
    return call, Ask(text)


def ready(call: Call) -> tuple[Call, Reply]:
    """The step's question again, in short, for an answer."""
    return shorter(replace(asked(call, _open(call.prompt)), paced_s=0), "")


def over(call: Call) -> Call:
    """The question is an ordinary one again."""
    return asked(call, _open(call.prompt)) if call.prompt.asks == "pace" else call


def _open(prompt: Prompt) -> Prompt:
    return replace(prompt, asks="open", patience_s=0)
