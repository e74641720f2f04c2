"""Which of several choices a customer means by what they typed or said."""

import re
from collections.abc import Sequence

from knowledge.flow import Branch
from knowledge.words import Words, typo_of

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_NEGATION_REACH = 3  # words before a phrase in which a "not" turns it round


def choose(choices: Sequence[Branch], said: str, words: Words) -> Branch | None:
    """By key or place ("2", "the second one"), reading, label, other words, yes or no; None when in doubt."""
    text = words.spoken(said)
    if not text:
        return None
    return (
        _exactly(choices, text, words)
        or _by_reading(choices, said)
        or _by_place(choices, text, words)
        or _by_words(choices, text, words)
    )


def _exactly(choices: Sequence[Branch], text: str, words: Words) -> Branch | None:
    exact = [branch for branch in choices if text in {words.spoken(phrase) for phrase in _phrases(branch)}]
    return exact[0] if len(exact) == 1 else None


def _by_place(choices: Sequence[Branch], text: str, words: Words) -> Branch | None:
    said = text.split()
    spoken = [word for word in said if word not in words.choosing] or [word for word in said if word in words.numbers]
    if len(spoken) != 1:
        return None
    place = int(spoken[0]) if spoken[0].isdecimal() else words.numbers.get(spoken[0], 0)
    return choices[place - 1] if 0 < place <= len(choices) else None


def _by_reading(choices: Sequence[Branch], said: str) -> Branch | None:
    numbers = [float(number) for number in _NUMBER.findall(said.replace(",", "."))]
    if len(numbers) != 1:
        return None
    fits = (branch for branch in choices if any(reading.covers(numbers[0]) for reading in branch.readings))
    return next(fits, None)


def _by_words(choices: Sequence[Branch], text: str, words: Words) -> Branch | None:
    """The choice with the longest phrase the customer used. Two choices equally long: in doubt, so none."""
    reach = [
        (max((_length(phrase, text, words) for phrase in _said(branch, words)), default=0), branch)
        for branch in choices
    ]
    longest = max(length for length, _ in reach)
    best = [branch for length, branch in reach if length == longest]
    return best[0] if longest > 0 and len(best) == 1 else None


def _phrases(branch: Branch) -> tuple[str, ...]:
    return (branch.label, *branch.says)


def _said(branch: Branch, words: Words) -> set[str]:
    """Every wording of a branch; one that begins with yes or no also has all other ways of saying so."""
    phrases = {words.spoken(phrase) for phrase in _phrases(branch)}
    openings = {phrase.split()[0] for phrase in phrases if phrase}
    for synonyms in (words.yes, words.no):
        if openings & {synonyms[0]}:
            phrases |= set(synonyms)
    return phrases


def _length(phrase: str, text: str, words: Words) -> int:
    """How many words of the text the phrase covers; 0 when it is not said, or is said to be not so."""
    wanted, spoken = phrase.split(), text.split()
    for begin in range(len(spoken) - len(wanted) + 1):
        if all(typo_of(*pair) for pair in zip(spoken[begin : begin + len(wanted)], wanted, strict=True)):
            before = set(spoken[max(0, begin - _NEGATION_REACH) : begin])
            if not before & words.negations or set(wanted) & words.negations:
                return len(wanted)
    return 0
