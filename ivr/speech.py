"""How text is spoken: the voice of a language, numbers digit by digit, pieces that the network takes. Pure."""

import re
from dataclasses import dataclass
from math import ceil

from ivr.words import words

WORDS_PER_S = 2.5  # 150 words a minute, the usual pace of speech; a digit counts as a word
SENTENCE = re.compile(r"(?<=[.!?])\s+")
SAY_CHARS = 3000  # Twilio's limit is 4,096 for one <Say>
REFERENCE = re.compile(r"\bFL-?(\d{8})\b")
LONG_NUMBER = re.compile(r"(?<![\w.,+])\+?\d{5,}(?![\d]|[.,]\d)")
UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]|\*\*|`")


@dataclass(frozen=True, slots=True)
class Voice:
    name: str
    language: str  # spoken and recognised

    @property
    def relay_name(self) -> str:
        """As ConversationRelay calls it, where the provider is named beside it."""
        return self.name.removeprefix("Polly.")


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


def voice(language: str, country: str) -> Voice:
    """The language pack's own voice, else ours for the language as it is spoken in the country."""
    own = words(language).voice
    if own is not None:
        return Voice(own.name, own.language)
    return VOICES.get(f"{language[:2]}-{country}") or VOICES.get(language[:2]) or VOICES["en"]


def written(text: str) -> str:
    """Without what XML or a voice cannot take."""
    return UNSPEAKABLE.sub("", text)


def speakable(text: str) -> str:
    """References and long numbers digit by digit; nothing that XML or a voice cannot take."""
    text = written(text)
    text = REFERENCE.sub(lambda found: f"F L, {_digits(found[1])}", text)
    return LONG_NUMBER.sub(lambda found: _digits(found[0].lstrip("+")), text)


def sentences(text: str) -> list[str]:
    """Of a speakable text, in order; at least one."""
    return SENTENCE.split(text.strip())


def spoken_s(text: str) -> int:
    """About how long it takes to say."""
    return ceil(len(text.split()) / WORDS_PER_S)


def pieces(text: str) -> list[str]:
    """Each fits one <Say>."""
    cut = []
    while text := text.strip():
        end = len(text) if len(text) <= SAY_CHARS else text.rfind(" ", 0, SAY_CHARS)
        end = end if end > 0 else SAY_CHARS
        cut.append(text[:end])
        text = text[end:]
    return cut


def _digits(number: str) -> str:
    return ", ".join(number)
