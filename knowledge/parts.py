"""The parts of a message: sentences and what "also" begins in a long one, clauses with a subject of their own in any;
each may hold a problem of its own."""

import re
from collections.abc import Iterator, Sequence

from knowledge.judge import Ranking, Thresholds
from knowledge.words import Words, plain

_LONG = 10  # words; the sentences of a shorter message are about one thing
_SHORTEST = 3  # words a part needs to be asked by itself
_PARTS_AT_MOST = 4
_NEAR_THE_WHOLE = 5  # articles
_NEARLY = 0.8  # chance of being right
OTHERS_AT_MOST = 2
_AROUND = " ,.;:-"
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def parts_of(text: str, words: Words) -> tuple[str, ...]:
    """At most four, the longest ones, in their order; none when the message is one part."""
    is_long = len(text.split()) >= _LONG
    said = dict.fromkeys(_split(text, words) if is_long else _clauses(text, words))
    found = [part for part in said if len(plain(part).split()) >= _SHORTEST]
    if len(found) < 2:
        return ()
    kept = set(sorted(found, key=len, reverse=True)[:_PARTS_AT_MOST])
    return tuple(part for part in found if part in kept)


def _split(text: str, words: Words) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        for part in words.joining.split(sentence):
            yield from _clauses(part, words)


def _clauses(part: str, words: Words) -> Iterator[str]:
    """The clauses of a sentence that may be two problems; the sentence itself when there is one."""
    begin = 0
    for joint in words.clauses.between.finditer(part):
        left, right = part[begin : joint.start()], part[joint.end() :]
        if words.clauses.are_two(words.spoken(left), words.spoken(right)):
            yield left.strip(_AROUND)
            begin = joint.end()
    yield part[begin:].strip(_AROUND)


def pointed_to(whole: Ranking) -> tuple[int, ...]:
    """The places of the articles that a message as a whole may be about."""
    return whole.places[:_NEAR_THE_WHOLE]


def _about_those(whole: Ranking, rankings: Sequence[Ranking | None]) -> Iterator[tuple[int, Ranking]]:
    """The parts, by their number, whose first article the message as a whole points to as well, if not first."""
    for number, ranking in enumerate(rankings):
        if ranking and ranking.places and ranking.places[0] in pointed_to(whole):
            yield number, ranking


def nearly_sure(whole: Ranking, rankings: Sequence[Ranking | None], thresholds: Thresholds) -> list[int]:
    """The parts that only what stands around them may keep from being sure: two problems blur each other."""
    return [number for number, ranking in _about_those(whole, rankings) if _NEARLY <= ranking.sure < thresholds.answer]


def choose_part(
    whole: Ranking, rankings: Sequence[Ranking | None], thresholds: Thresholds
) -> tuple[int | None, list[int]]:
    """Which part speaks for the message (None: the message as a whole), and which parts hold other problems.

    A part counts when it is sure and the message as a whole points to the same article too, if not first: the best of
    several guesses is more often wrong than a single one as sure; one without a ranking never counts. Two such parts
    about different articles are two problems, and the first is taken; one speaks when the whole, with all that is
    beside the point in it, is not sure.
    """
    sure = [(number, ranking) for number, ranking in _about_those(whole, rankings) if ranking.sure >= thresholds.answer]
    problems = {ranking.places[0]: number for number, ranking in reversed(sure)}
    if len(problems) > 1:
        first, *others = sorted(problems.values())
        return first, others[:OTHERS_AT_MOST]
    if whole.sure >= thresholds.answer or not sure:
        return None, []
    return sure[0][0], []
