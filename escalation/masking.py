"""Who somebody is, taken out of texts: numbers, addresses and names, for readers who need none of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field

from personal_data import E_MAIL, NUMBER, POSTCODE, Cues, any_of

_E_MAIL, _NUMBER, _POSTCODE, _ADDRESS, _NAME = "[e-mail]", "[number]", "[postcode]", "[address]", "[name]"
HIDDEN = "[hidden]"  # a field whose whole content tells who it is
_IDENTITY = ((E_MAIL, _E_MAIL), (NUMBER, _NUMBER), (POSTCODE, _POSTCODE))
_SHORTEST_NAME = 2  # letters: a single one is an initial, and would be masked in every word


class MaskingWords(BaseModel):
    """data/operator/masking.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before_a_name: tuple[str, ...] = Field(min_length=1)
    before_a_capital: tuple[str, ...] = Field(min_length=1)
    inside_a_name: tuple[str, ...] = Field(min_length=1)
    no_name: frozenset[str]
    roads: tuple[str, ...] = Field(min_length=1)
    homes: tuple[str, ...] = Field(min_length=1)
    before_a_code: tuple[str, ...] = Field(min_length=1)
    before_a_birthday: tuple[str, ...] = Field(min_length=1)
    digits: tuple[str, ...] = Field(min_length=1)

    @cached_property
    def cues(self) -> Cues:
        return Cues(**self.model_dump())


def without_identity(text: str) -> str:
    """The text without e-mail addresses, postcodes and numbers of six or more digits."""
    for pattern, word in _IDENTITY:
        text = pattern.sub(word, text)
    return text


@dataclass(frozen=True)
class Mask:
    """What is masked in the texts of one ticket.

    A name that somebody gives anywhere in them is masked wherever it stands; `known` are values that the ticket
    keeps as fields (a number, an e-mail address, a customer's id), masked as they are written there.
    """

    words: MaskingWords
    names: frozenset[str] = frozenset()
    known: Sequence[str] = ()
    country: str = "GB"  # in which a number without a country code is read
    _pattern: re.Pattern[str] | None = field(init=False, compare=False, default=None)

    def __post_init__(self) -> None:
        wanted = sorted({name for name in (*self.known, *self.names) if name.strip()}, key=len, reverse=True)
        if wanted:
            found = re.compile(rf"(?<!\w)(?:{any_of(wanted)})(?!\w)", re.IGNORECASE)
            object.__setattr__(self, "_pattern", found)

    @classmethod
    def of(cls, words: MaskingWords, texts: Iterable[str], known: Iterable[str | None]) -> "Mask":
        names = frozenset(name for text in texts for name in _names(text, words))
        return cls(words, names, tuple(value.strip() for value in known if value and value.strip()))

    def text(self, text: str) -> str:
        text = self.words.cues.address.sub(_ADDRESS, text)
        if self._pattern is not None:
            text = self._pattern.sub(lambda match: _NAME if match[0].casefold() in self.names else HIDDEN, text)
        return without_identity(_without_numbers(text, self.country))

    def value(self, value: Any) -> Any:
        """Every text in a JSON value; names of attributes stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.value(entry) for name, entry in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(entry) for entry in value]
        return value


def _names(text: str, words: MaskingWords) -> Iterable[str]:
    """In small letters; of "my name is Jo and ..." Jo alone."""
    names = (text[start:end].casefold() for start, end in words.cues.names_in(text))
    return (name for name in names if len(name) >= _SHORTEST_NAME)


def _without_numbers(text: str, country: str) -> str:
    """Without telephone numbers, also those whose separators the pattern of digits does not know."""
    found = list(phonenumbers.PhoneNumberMatcher(text, country, leniency=phonenumbers.Leniency.VALID))
    for match in reversed(found):
        text = f"{text[: match.start]}{_NUMBER}{text[match.end :]}"
    return text
