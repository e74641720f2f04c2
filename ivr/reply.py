"""What the telephone does next: ask, put through, say goodbye. Pure; `voice.py` writes it as TwiML."""

from dataclasses import dataclass

from ivr import menu
from ivr.call import Call, Prompt
from ivr.words import Words

PART_CHARS = 900  # about a minute of speech: then the caller is asked whether to go on
SENTENCE_MARKS = {",", "'", "’"}
LONG_CHOICE_WORDS = 4  # "My internet is slow: press 1", but "For yes, press 1"


@dataclass(frozen=True, slots=True)
class Ask:
    """Say it and listen. What counts as an answer is in the call's prompt."""

    said: str
    options: str = ""
    keys_only: bool = False
    tone: bool = False  # music while the caller waits for a person
    shown: str | None = None  # in the record, where what is said is not what is kept
    voices: tuple[tuple[str, str], ...] = ()  # said after it: a language, and a text in it


@dataclass(frozen=True, slots=True)
class PutThrough:
    said: str
    number: str  # E.164 or a SIP address


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Records what the caller says after a tone."""

    said: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    said: str


Reply = Ask | PutThrough | TakeMessage | Goodbye


def ask(call: Call, words: Words, *, before: str = "", text: str | None = None, keys_only: bool = False) -> Ask:
    """The call's prompt, or `text` for a shorter form of it, with its options: the option before its key."""
    said = joined(before, call.prompt.text if text is None else text, words.say.keys_only if keys_only else "")
    return Ask(said=said, options=options(call.prompt, words), keys_only=keys_only)


def options(prompt: Prompt, words: Words) -> str:
    if prompt.rest:
        return words.say.shall_i_go_on
    if prompt.asks == "language":
        return ""  # its text has the keys
    if prompt.asks == "hold":
        return joined(words.say.hold_offers, words.say.hold_chat if prompt.offers_chat else "")
    template = _in_menu if prompt.level else _of_assistant
    lines = [template(choice, words).format(key=number) for number, choice in enumerate(prompt.offered, start=1)]
    if prompt.more_key:
        lines.append(words.say.more_options.format(key=prompt.more_key))
    if prompt.offers_news:
        lines.insert(0, words.say.news_offer)
    if prompt.level:
        lines.append(words.say.person_offer)
    return " ".join(lines)


def menu_prompt(words: Words, level: str) -> Prompt:
    return Prompt(text=words.menu[level].ask, choices=menu.labels(words, level), level=level)


def in_parts(text: str) -> tuple[str, str]:
    """What to say now, and the rest. Cut after a sentence, else after a word."""
    if len(text) <= PART_CHARS:
        return text, ""
    window = text[:PART_CHARS]
    end = max(window.rfind(mark) + 1 for mark in (". ", "! ", "? ", ".\n"))
    end = end or window.rfind(" ") + 1 or PART_CHARS
    return text[:end].strip(), text[end:].strip()


def joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _in_menu(label: str, words: Words) -> str:
    return words.say.option.replace("{choice}", label)


def _of_assistant(choice: str, words: Words) -> str:
    """A sentence is quoted as it is, a word or two go into ours."""
    bare = choice.rstrip(".?!").replace("{", "(").replace("}", ")")
    if len(bare.split()) >= LONG_CHOICE_WORDS or set(bare) & SENTENCE_MARKS:
        return words.say.option_sentence.replace("{choice}", bare)
    return words.say.option.replace("{choice}", _lower_first(bare))


def _lower_first(text: str) -> str:
    """ "Yes" -> "yes", but not "TV" or "I"."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if len(first) > 1 and first[1:].islower() else text
