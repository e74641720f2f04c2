"""What in a text could tell who wrote it: it must not become an example question that everybody can read. Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from knowledge.words import plain
from personal_data import E_MAIL, POSTCODE, Cues, cues

_EVERYWHERE = (
    ("an e-mail address", E_MAIL),
    ("a number", re.compile(r"\+?\d(?:[\s().\-/]?\d){4,}")),  # one digit less than elsewhere: a person can reword it
    ("a postcode", POSTCODE),
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


def traces(text: str, known: Collection[str]) -> tuple[Trace, ...]:
    """E-mail addresses, numbers of five digits or more, addresses, and what may be a name: a word with a capital that
    is not among the `known` ones, or what follows "my name is". A name in small letters is found only there."""
    signs = cues()
    found = [Trace(kind, match.group()) for kind, form in _EVERYWHERE for match in form.finditer(text)]
    found += [Trace("an address", match.group()) for match in signs.address.finditer(text)]
    found += [Trace("a name", name) for name in dict.fromkeys(_names(text, signs, known))]
    return tuple(found)


def _names(text: str, signs: Cues, known: Collection[str]) -> Iterator[str]:
    for match in signs.introduced.finditer(text):
        first = match["names"].split()[0]
        if first.casefold() not in signs.no_name:
            yield first
    for word in _WORD.findall(text):
        if word[0].isupper() and not all(part in known for part in plain(_POSSESSIVE.sub("", word)).split()):
            yield word
