"""The words of a language that rules look for: yes and no, numbers, greetings, and what only a person may handle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, cast

from knowledge.article import HandOverHints, hints_at
from knowledge.source import Source

_FOLDER = Path(__file__).with_name("languages")
_SHORTEST_MISTYPED = 5  # letters; shorter words differ from other words by one letter too often
_GAP = r"(?: [^ ]+){0,4}?"  # what "..." in a phrase stands for
_OTHER_THAN_WORDS = re.compile(r"[^\w\s']|_")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`pattern` is found only in texts that have one of the words `needs`; in any text, when there are none."""

    pattern: re.Pattern[str]
    needs: frozenset[str]

    def may_be_in(self, words: frozenset[str]) -> bool:
        return not self.needs or not self.needs.isdisjoint(words)

    @classmethod
    def of(cls, phrase: str) -> "Phrase":
        """As it stands in the language file: see `phrase_pattern`."""
        whole = [part for part in phrase.removeprefix("=").split() if part[0] != "(" and not set("*.") & set(part)]
        needed = ([plain(word) for word in part.split("|")] for part in whole)
        one_word_each = [words for words in needed if all(len(word.split()) == 1 for word in words)]
        return cls(phrase_pattern(phrase), frozenset(min(one_word_each, key=len, default=())))


@dataclass(frozen=True, slots=True)
class PeopleRule:
    """Words that make a question one for a person, whatever the articles hold."""

    name: str
    reason: Literal["person", "safety"]
    hints: HandOverHints
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    is_urgent: bool  # comes before whatever else the words may be

    def applies(self, text: str) -> bool:
        """`text` as `Words.spoken` leaves it. The `unless` phrases are taken out first."""
        words = frozenset(text.split())
        text = f" {text}"
        for phrase in self.unless:
            if phrase.may_be_in(words):
                text = phrase.pattern.sub(" /", text)
        return any(phrase.pattern.search(text) for phrase in self.phrases if phrase.may_be_in(words))


@dataclass(frozen=True, slots=True)
class Clauses:
    """Two problems in one sentence: how they are joined, and what tells them from one."""

    between: re.Pattern[str]
    before: tuple[re.Pattern[str], ...]  # a subject and its verb, anywhere
    own: tuple[re.Pattern[str], ...]  # the same, of a clause that may be a problem by itself
    after: tuple[re.Pattern[str], ...]  # other beginnings of one
    leads_up: tuple[re.Pattern[str], ...]
    follows: frozenset[str]

    def are_two(self, left: str, right: str) -> bool:
        """Whether these clauses, as `Words.spoken` leaves them, are two problems and not two words on one."""
        left, right = f" {left}", f" {right}"
        told = [found for phrase in self.before if (found := phrase.search(left))]
        begun = [found for phrase in (*self.own, *self.after) if (found := phrase.match(right))]
        if not told or not begun or any(phrase.match(left) for phrase in self.leads_up):
            return False
        is_same = {_subject(found[0]) for found in told} & {_subject(found[0]) for found in begun}
        return not is_same and self.follows.isdisjoint(right.split())


def _subject(clause: str) -> str:
    """What a clause is about: "tv" of "my tv is", "i" of "i was"."""
    words = clause.split()
    return words[1] if len(words) > 2 else words[0]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words, all as `spoken` writes them. The first of `yes` and `no` are yes and no themselves."""

    language: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    negations: frozenset[str]
    after_no: frozenset[str]  # words that may follow a "no" that is an answer: "no it is not", but "no idea"
    unsure: tuple[str, ...]  # words that take the answer out of a "not" before them: "I do not know"
    afterthoughts: frozenset[str]  # words after a short answer that change nothing: "it is now"
    numbers: dict[str, int]
    choosing: frozenset[str]  # words around a number that names a choice: "option 2", "number two please"
    short_forms: dict[str, str]  # "don't" and "dont" are "do not"
    joining: re.Pattern[str]  # what begins another problem in the same message
    clauses: Clauses
    courtesies: re.Pattern[str]  # greetings and the like before a question
    people: tuple[PeopleRule, ...]

    @staticmethod
    def of(language: str) -> "Words":
        """Those of the language, of English when it has none yet."""
        return _read(language if (_FOLDER / f"{language}.yml").exists() else "en")

    def for_a_person(self, text: str) -> PeopleRule | None:
        """The first rule that applies; safety comes first in the file."""
        spoken = self.spoken(text)
        return next((rule for rule in self.people if rule.applies(spoken)), None)

    def is_urgent(self, text: str) -> bool:
        """Whether an urgent rule applies."""
        spoken = self.spoken(text)
        return any(rule.is_urgent and rule.applies(spoken) for rule in self.people)

    def spoken(self, text: str) -> str:
        """`plain`, with short forms written out."""
        return " ".join(self.short_forms.get(word, word) for word in plain(text).split())


def plain(text: str) -> str:
    """Small letters and single spaces, no punctuation but the apostrophe."""
    return " ".join(_OTHER_THAN_WORDS.sub(" ", text.casefold().replace("’", "'")).split())


@lru_cache(maxsize=4096)
def typo_of(said: str, meant: str) -> bool:
    """The same word, or a long one with one letter wrong, missing, too many, or two swapped."""
    if said == meant:
        return True
    if min(len(said), len(meant)) < _SHORTEST_MISTYPED or abs(len(said) - len(meant)) > 1:
        return False
    begin = next((place for place, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), 0)
    left, right = said[begin:], meant[begin:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as it stands in the language file: `|` between words that may stand for each other, `(word)` may be
    left out, `word*` begins a word, `...` stands for up to four words, `=` first: nothing else is said."""
    parts = []
    alone = phrase.startswith("=")
    phrase = phrase.removeprefix("=")
    for part in phrase.split():
        if part == "...":
            parts.append(_GAP)
            continue
        optional = part.startswith("(") and part.endswith(")")
        words = [
            re.escape(plain(word)) + (r"\w*" if word.endswith("*") else "") for word in part.strip("()").split("|")
        ]
        parts.append(f"(?: (?:{'|'.join(words)}))" + ("?" if optional else ""))
    return re.compile(("^" if alone else "") + "".join(parts) + ("$" if alone else r"(?= |$)"))


@cache
def _read(language: str) -> Words:
    file = _FOLDER / f"{language}.yml"
    source = Source(file, file.read_text(encoding="utf-8"))
    lists = ("yes", "no", "negations", "after_no", "unsure", "afterthoughts")
    names = (*lists, "numbers", "choosing", "short_forms", "joining", "clauses", "courtesies", "people")
    source.fields(required=names)
    source.stop_if_broken()
    words = Words(
        language=language,
        yes=tuple(map(plain, source.texts("yes"))),
        no=tuple(map(plain, source.texts("no"))),
        negations=frozenset(source.texts("negations")),
        after_no=frozenset(source.texts("after_no")),
        unsure=tuple(source.texts("unsure")),
        afterthoughts=frozenset(source.texts("afterthoughts")),
        numbers={word: int(source.text("numbers", word)) for word in source.value("numbers")},
        choosing=frozenset(source.texts("choosing")),
        short_forms={word: source.text("short_forms", word) for word in source.value("short_forms")},
        joining=_joining(source.texts("joining")),
        clauses=_clauses(source),
        courtesies=_courtesies(source.texts("courtesies")),
        people=tuple(_people_rule(source, name) for name in source.value("people")),
    )
    source.stop_if_broken()
    return words


def _joining(phrases: Sequence[str]) -> re.Pattern[str]:
    """Splits before such a phrase, which is left out, when it begins a new part of the message."""
    longest_first = sorted(phrases, key=len, reverse=True)
    one = "|".join(re.escape(phrase) for phrase in longest_first)
    return re.compile(rf"(?:[,;.!?]\s*|\s+-\s+|\s+)(?:and\s+)?(?:{one})\b[\s,:]*", re.IGNORECASE)


def _clauses(source: Source) -> Clauses:
    place = "clauses"
    source.fields(place, required=("between", "before", "own", "verbs", "after", "leads_up", "follows"))
    longest_first = sorted(source.texts(place, "between"), key=len, reverse=True)
    between = "|".join(re.escape(word) for word in longest_first)
    verb = "|".join(source.texts(place, "verbs"))
    before, own = (
        tuple(phrase_pattern(f"{subject} {verb}") for subject in source.texts(place, name))
        for name in ("before", "own")
    )
    return Clauses(
        between=re.compile(rf"[,;]?\s+(?:{between})\s+", re.IGNORECASE),
        before=before,
        own=own,
        after=tuple(map(phrase_pattern, source.texts(place, "after"))),
        leads_up=tuple(map(phrase_pattern, source.texts(place, "leads_up"))),
        follows=frozenset(source.texts(place, "follows")),
    )


def _courtesies(phrases: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    one = "|".join(re.escape(phrase) for phrase in longest_first)
    return re.compile(rf"^(?:(?:{one})\b[\s,.!?:;-]*)+", re.IGNORECASE)


def _people_rule(source: Source, name: str) -> PeopleRule:
    place = ("people", name)
    source.fields(*place, required=("reason", "hints", "phrases"), optional=("unless", "urgent"))
    reason = cast(Literal["person", "safety"], source.one_of(("person", "safety"), *place, "reason"))
    return PeopleRule(
        name=name,
        reason=reason,
        hints=hints_at(source, *place, "hints"),
        phrases=tuple(map(Phrase.of, source.texts(*place, "phrases"))),
        unless=tuple(map(Phrase.of, source.texts(*place, "unless"))) if source.has(*place, "unless") else (),
        is_urgent=reason == "safety" or (source.has(*place, "urgent") and source.flag(*place, "urgent")),
    )
