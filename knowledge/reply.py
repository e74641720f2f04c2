"""Which of several choices a customer means by what they typed or said."""

import re
from collections.abc import Iterator, Sequence

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
    reach = [(max(_lengths(branch, text, words), default=0), branch) for branch in choices]
    longest = max(length for length, _ in reach)
    best = [branch for length, branch in reach if length == longest]
    return best[0] if longest > 0 and len(best) == 1 else None


def _phrases(branch: Branch) -> tuple[str, ...]:
    return (branch.label, *branch.says)


def _lengths(branch: Branch, text: str, words: Words) -> Iterator[int]:
    """How many words of the text each wording of the branch covers. A wording that is yes or no, or a label such as
    "No, still slow", stands for all other ways of saying so too."""
    phrases = {words.spoken(phrase) for phrase in _phrases(branch)}
    opening = words.spoken(branch.label.split(",")[0])
    yield from (_length(phrase, text, words) for phrase in phrases.difference(words.yes, words.no))
    for synonyms, is_said in ((words.yes, _is_yes), (words.no, _is_no)):
        wanted = synonyms if synonyms[0] in phrases | {opening} else phrases.intersection(synonyms)
        yield from (len(phrase.split()) for phrase in wanted if is_said(phrase, text, words))


def _is_yes(phrase: str, text: str, words: Words) -> bool:
    """ "yes" anywhere, "right" first or last, "it is" at the end only: "it is slow" is no yes."""
    spoken = text.split()
    while len(spoken) > 1 and spoken[-1] in words.afterthoughts:
        spoken.pop()
    if phrase == words.yes[0]:
        return _length(phrase, text, words) > 0
    if " " not in phrase:
        return _is_short_answer(phrase, text, spoken) and not _is_negated(spoken, spoken.index(phrase), words)
    begin = len(spoken) - len(phrase.split())
    return begin >= 0 and " ".join(spoken[begin:]) == phrase and not _is_negated(spoken, begin, words)


def _is_no(phrase: str, text: str, words: Words) -> bool:
    """ "no" alone, last, or before what may follow an answer: "no idea" and "there is no light" are no answer, and
    neither is "I do not know"."""
    spoken = text.split()
    if phrase == words.no[0]:
        return any(
            word == phrase and (place == len(spoken) - 1 or spoken[place + 1] in words.after_no)
            for place, word in enumerate(spoken)
        )
    if " " not in phrase:
        return _is_short_answer(phrase, text, spoken)
    sure_of_it = re.sub(rf"\b{phrase} (?:{'|'.join(words.unsure)})\b", "", text)
    return _length(phrase, sure_of_it, words) > 0


def _is_short_answer(word: str, text: str, spoken: Sequence[str]) -> bool:
    """The first or last word; a single letter only by itself."""
    return text == word if len(word) == 1 else word in {spoken[0], spoken[-1]}


def _is_negated(spoken: Sequence[str], begin: int, words: Words) -> bool:
    return bool(words.negations.intersection(spoken[max(0, begin - _NEGATION_REACH) : begin]))


def _length(phrase: str, text: str, words: Words) -> int:
    """How many words of the text the phrase covers; 0 when it is not said, or is said to be not so."""
    wanted, spoken = phrase.split(), text.split()
    for begin in range(len(spoken) - len(wanted) + 1):
        is_said = all(typo_of(*pair) for pair in zip(spoken[begin : begin + len(wanted)], wanted, strict=True))
        if is_said and (set(wanted) & words.negations or not _is_negated(spoken, begin, words)):
            return len(wanted)
    return 0
