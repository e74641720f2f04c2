"""A proposal's changes brought onto the text that is in force by now: a merge of three texts, line by line. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

BEGIN, MIDDLE, END = "<<<<<<< in force", "=======", ">>>>>>> proposed"
MARKS = (BEGIN, MIDDLE, END)


@dataclass(frozen=True, slots=True)
class Merged:
    text: str
    conflicts: int  # places where both changed the same, between marks that no valid file has


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Lines `begin` to before `end` of the base have become these."""

    begin: int
    end: int
    lines: Sequence[str]


def merged(base: str, in_force: str, proposed: str) -> Merged:
    """What only one of the two changed is taken over; what both changed alike, once."""
    lines = _lines(base)
    theirs, mine = _hunks(lines, _lines(in_force)), _hunks(lines, _lines(proposed))
    out: list[str] = []
    at = conflicts = 0
    for begin, end in _places([*theirs, *mine]):
        out += lines[at:begin]
        one, other = _side(lines, theirs, begin, end), _side(lines, mine, begin, end)
        before = lines[begin:end]
        if one != other and before not in (one, other):
            conflicts += 1
            out += [BEGIN, *one, MIDDLE, *other, END]
        else:
            out += other if one == before else one
        at = end
    return Merged("\n".join([*out, *lines[at:]]) + "\n", conflicts)


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _hunks(base: Sequence[str], other: Sequence[str]) -> list[_Hunk]:
    found = SequenceMatcher(None, base, other, autojunk=False).get_opcodes()
    return [_Hunk(i1, i2, other[j1:j2]) for tag, i1, i2, j1, j2 in found if tag != "equal"]


def _places(hunks: Iterable[_Hunk]) -> Iterator[tuple[int, int]]:
    """Stretches of the base that somebody changed; those that touch are one."""
    begin = end = -1
    for hunk in sorted(hunks, key=lambda one: (one.begin, one.end)):
        if hunk.begin <= end:
            end = max(end, hunk.end)
            continue
        if end >= 0:
            yield begin, end
        begin, end = hunk.begin, hunk.end
    if end >= 0:
        yield begin, end


def _side(base: Sequence[str], hunks: Iterable[_Hunk], begin: int, end: int) -> list[str]:
    """That stretch of the base as one of the two has it."""
    out: list[str] = []
    at = begin
    for hunk in hunks:
        if begin <= hunk.begin and hunk.end <= end:
            out += [*base[at : hunk.begin], *hunk.lines]
            at = hunk.end
    return [*out, *base[at:end]]
