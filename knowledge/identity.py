"""What in a text could tell who wrote it: it must not become an example question that everybody can read. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.source import Source
from knowledge.words import plain

_FOLDER = Path(__file__).with_name("languages")
_EVERYWHERE = (
    ("an e-mail address", re.compile(r"[^\s@]+@[^\s@]+\.\w+")),
    ("a number", re.compile(r"\+?\d(?:[\s().\-/]?\d){4,}")),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)),
    ("something masked", re.compile(r"\[[^\]]*\]")),
)
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’-][^\W\d_]+)*(?!\w)")
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True)
class Trace:
    kind: str  # with its article, for a sentence
    words: str

    def __str__(self) -> str:
        return f"{self.kind} (“{self.words}”)"


def vocabulary(texts: Collection[str]) -> frozenset[str]:
    """The words of texts that everybody may read."""
    return frozenset(word for text in texts for word in plain(text).split())


def traces(text: str, language: str, known: Collection[str]) -> tuple[Trace, ...]:
    """E-mail addresses, numbers of five digits or more, addresses, and what may be a name: a word with a capital that
    is not among the `known` ones, or what follows "my name is". A name in small letters is found only there."""
    signs = _Signs.of(language)
    found = [Trace(kind, match.group()) for kind, form in _EVERYWHERE for match in form.finditer(text)]
    found += [Trace("an address", match.group()) for match in signs.address.finditer(text)]
    found += [Trace("a name", name) for name in dict.fromkeys(_names(text, signs, known))]
    return tuple(found)


def _names(text: str, signs: "_Signs", known: Collection[str]) -> Iterator[str]:
    for match in signs.before_a_name.finditer(text):
        if match.group(1).casefold() not in signs.no_name:
            yield match.group(1)
    for word in _WORD.findall(text):
        if word[0].isupper() and not all(part in known for part in plain(_POSSESSIVE.sub("", word)).split()):
            yield word


@dataclass(frozen=True, slots=True)
class _Signs:
    """One language's."""

    before_a_name: re.Pattern[str]
    no_name: frozenset[str]
    address: re.Pattern[str]

    @staticmethod
    def of(language: str) -> "_Signs":
        """Those of the language, of English when it has none yet."""
        return _read(language if (_FOLDER / f"{language}.identity.yml").exists() else "en")


@cache
def _read(language: str) -> _Signs:
    file = _FOLDER / f"{language}.identity.yml"
    source = Source(file, file.read_text(encoding="utf-8"))
    source.fields(required=("before_a_name", "no_name", "roads", "homes"))
    source.stop_if_broken()
    before, roads, homes = (_any(source.texts(name)) for name in ("before_a_name", "roads", "homes"))
    signs = _Signs(
        before_a_name=re.compile(rf"\b(?:{before})\.?\s+([^\W\d_][\w'’-]*)", re.IGNORECASE),
        no_name=frozenset(source.texts("no_name")),
        address=re.compile(
            rf"\b\d+[a-f]?,?\s+(?:[\w'’]+\s+){{1,3}}?(?:{roads})\b|\b(?:{homes})\s+\d+\w?\b", re.IGNORECASE
        ),
    )
    source.stop_if_broken()
    return signs


def _any(phrases: Sequence[str]) -> str:
    return "|".join(re.escape(phrase).replace("'", "['’]") for phrase in sorted(phrases, key=len, reverse=True))
