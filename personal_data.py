"""What in a text tells who somebody is, or opens what is theirs: the recognisers that everybody uses. Pure.

Also imported inside Rasa: Python 3.10, without pydantic 2 and phonenumbers.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path

import yaml

CUES = Path(__file__).resolve().parent / "data" / "operator" / "masking.yml"

# The lengths are those of RFC 5321; without them a long text without an address takes long.
E_MAIL = re.compile(r"[^\s@<>()\"',;:]{1,64}@[^\s@<>()\"',;:]{1,255}\.[^\W\d_]{2,63}")
# Six digits or more, however they are parted: telephone, account and card numbers.
NUMBER = re.compile(r"\+?\d(?:[\s().\-/]{0,3}\d){5,}")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w.])\d(?:[ \-]?\d){12,18}(?!\w)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){2,7}(?:\s?[A-Z\d]{1,3})?\b", re.IGNORECASE | re.ASCII)
_NAME = r"[^\W\d_][\w'’-]*"
_CAPITAL = r"[A-ZÀ-Þ][\w'’-]*"
_SAID = r"(?:\s*[:=]\s*|\s+)(?:(?:number|no|code|is|was|were|on|it'?s)\b\s*[:=]?\s*)*"  # between a cue and what follows


def address_pattern(roads: Iterable[str], homes: Iterable[str]) -> re.Pattern[str]:
    """ "12 Old Mill Lane", "flat 3"."""
    return re.compile(
        rf"\b\d+[a-f]?,?\s+(?:[\w'’]+\s+){{1,3}}?(?:{any_of(roads)})\b|\b(?:{any_of(homes)})\s+\d+\w?\b", re.IGNORECASE
    )


def any_of(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase).replace("'", "['’]") for phrase in sorted(phrases, key=len, reverse=True))


@dataclass(frozen=True)
class Cues:
    """Words around what tells who somebody is: data/operator/masking.yml, in small letters."""

    before_a_name: tuple[str, ...]
    before_a_capital: tuple[str, ...]
    inside_a_name: tuple[str, ...]
    no_name: frozenset[str]
    roads: tuple[str, ...]
    homes: tuple[str, ...]
    before_a_code: tuple[str, ...]
    before_a_birthday: tuple[str, ...]
    digits: tuple[str, ...]

    @cached_property
    def address(self) -> re.Pattern[str]:
        return address_pattern(self.roads, self.homes)

    @cached_property
    def introduced(self) -> re.Pattern[str]:
        """`names`: up to three words, of which the last may be none of it."""
        return re.compile(
            rf"\b(?:{any_of(self.before_a_name)})\.?\s+(?P<names>{_NAME}(?:\s+{self._further(_NAME)}){{0,2}})",
            re.IGNORECASE,
        )

    @cached_property
    def capitalised(self) -> re.Pattern[str]:
        return re.compile(
            rf"\b(?i:{any_of(self.before_a_capital)}),?\s+(?P<names>{_CAPITAL}(?:\s+{self._further(_CAPITAL)}){{0,2}})"
        )

    def _further(self, word: str) -> str:
        """A word of a name that is not the first, with what may stand before it."""
        return rf"(?:(?:{any_of(self.inside_a_name)})\s+){{0,2}}{word}"

    @cached_property
    def code(self) -> re.Pattern[str]:
        """`secret`: three characters or more with a digit among them, after a word such as "PIN"; `word`: what somebody
        says a password is."""
        return re.compile(
            rf"\b(?:{any_of(self.before_a_code)})\b{_SAID}(?P<secret>(?=\S*\d)[\w\-!?#$%&*.]{{3,60}})"
            rf"|\bpass(?:word|phrase)\b\s*(?:is|was|[:=])\s*[\"']?(?P<word>(?!(?:wrong|not|being|too|still)\b)\S{{4,60}})",
            re.IGNORECASE,
        )

    @cached_property
    def birthday(self) -> re.Pattern[str]:
        day = r"(?:\d{1,4}(?:st|nd|rd|th)?|[^\W\d_]{3,9})"
        return re.compile(
            rf"\b(?:{any_of(self.before_a_birthday)})\b{_SAID}(?:the\s+)?(?P<secret>(?=[^.]*\d){day}(?:[\s./,\-]+(?:of\s+)?{day}){{1,2}})",
            re.IGNORECASE,
        )

    @cached_property
    def spelled(self) -> re.Pattern[str]:
        """Six digits or more in words."""
        word = rf"(?:{any_of(self.digits)}|\d)"
        return re.compile(rf"\b{word}(?:[\s,\-]+{word}){{5,}}\b", re.IGNORECASE)

    def names_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the words of a name begin and end; of "my name is Jo and ..." Jo alone."""
        for pattern in (self.introduced, self.capitalised):
            for match in pattern.finditer(text):
                for word in re.finditer(r"\S+", match["names"]):
                    if word[0].casefold() in self.no_name:
                        break
                    at = match.start("names")
                    yield at + word.start(), at + word.end()


@cache
def cues() -> Cues:
    """Those of this installation. Raises ValueError for a file with other lists than are needed; whether they are
    right, escalation's policy says by line."""
    read = yaml.safe_load(CUES.read_text(encoding="utf-8"))
    needed = {field.name for field in fields(Cues)}
    if not isinstance(read, dict) or set(read) != needed:
        raise ValueError(f"{CUES} needs exactly these lists: {', '.join(sorted(needed))}")
    lists = {name: tuple(str(word).casefold() for word in words) for name, words in read.items()}
    no_name = frozenset(lists.pop("no_name"))
    return Cues(no_name=no_name, **lists)


def is_card(digits: str) -> bool:
    """Luhn's sum over 13 to 19 digits."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """ISO 13616: the number that the letters and digits make leaves 1 when divided by 97."""
    plain = re.sub(r"\s", "", text).upper()
    number = "".join(str(int(char, 36)) for char in plain[4:] + plain[:4])
    return 15 <= len(plain) <= 34 and int(number) % 97 == 1


def cards_and_accounts_masked(text: str) -> str:
    """An IBAN first: its digits may be a card's number by chance."""
    text = _IBAN.sub(_if(is_iban, "[IBAN]"), text)
    return _CARD.sub(_if(lambda found: is_card(re.sub(r"\D", "", found)), "[card]"), text)


def _if(is_one: Callable[[str], bool], word: str) -> Callable[[re.Match[str]], str]:
    return lambda match: word if is_one(match[0]) else match[0]
