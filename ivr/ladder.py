"""What a caller who was not heard or not understood is asked next, shorter and simpler each time. Pure."""

from ivr import menu
from ivr import reply as replies
from ivr.call import Call, Prompt, asked
from ivr.reply import Ask, joined
from ivr.words import Words, words

SHORT_CHARS = 160  # a question up to here is repeated whole; of a longer one only the last sentence


def shorter(call: Call, sorry: str) -> tuple[Call, Ask]:
    spoken = words(call.language)
    return call, replies.ask(call, spoken, before=sorry, text=_short(call.prompt, spoken))


def keys_only(call: Call, sorry: str) -> tuple[Call, Ask]:
    """Keys cannot answer an open question: then there is the menu or, in the middle of something, * and 0."""
    spoken = words(call.language)
    prompt = call.prompt
    if prompt.keyed:
        return call, Ask(joined(sorry, spoken.say.key_in), keys_only=True)
    if not prompt.choices and not prompt.rest:
        if call.episode or prompt.in_flow:
            return call, Ask(joined(sorry, spoken.say.star_or_person), keys_only=True)
        call = asked(call, replies.menu_prompt(spoken, menu.TOP))
    return call, replies.ask(call, spoken, before=sorry, text="", keys_only=True)


def _short(prompt: Prompt, spoken: Words) -> str:
    if prompt.level:
        return spoken.say.tell_me
    if prompt.keyed:
        return spoken.say.key_in
    if len(prompt.text) <= SHORT_CHARS:
        return prompt.text
    return prompt.text.rstrip().rpartition(". ")[2]
