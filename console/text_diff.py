"""What differs between two texts, line by line, with a few lines around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3  # lines


@dataclass(frozen=True, slots=True)
class Line:
    """`was` and `now`: its numbers in the two texts. A gap stands for lines that are the same."""

    sort: Literal["same", "gone", "new", "gap"]
    was: int | None = None
    now: int | None = None
    text: str = ""


def differences(was: str, now: str) -> list[Line]:
    """Empty when they are the same."""
    before, after = was.splitlines(), now.splitlines()
    groups = SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(AROUND)
    found: list[Line] = []
    for group in groups:
        if found:
            found.append(Line("gap"))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                pairs = zip(range(i1, i2), range(j1, j2), strict=True)
                found += [Line("same", i + 1, j + 1, before[i]) for i, j in pairs]
            else:
                found += _changed(before, after, (i1, i2), (j1, j2))
    return found


def _changed(before: list[str], after: list[str], was: tuple[int, int], now: tuple[int, int]) -> Iterator[Line]:
    for number in range(*was):
        yield Line("gone", was=number + 1, text=before[number])
    for number in range(*now):
        yield Line("new", now=number + 1, text=after[number])
