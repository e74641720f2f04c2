"""How a figure moved between two indexes, as a line: written by the gate, read back by who shows it. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Mark = Literal["=", "better", "worse", "TOO MUCH WORSE"]

_LINE = re.compile(r"  (?P<words>[^:]+): (?P<was>[\d.]+%) -> (?P<now>[\d.]+%)  (?P<mark>=|better|worse|TOO MUCH WORSE)")


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure before and after, as percentages in words."""

    words: str
    was: str
    now: str
    mark: Mark

    @property
    def line(self) -> str:
        return f"  {self.words}: {self.was} -> {self.now}  {self.mark}"


def moved(lines: Iterable[str]) -> Iterator[Moved]:
    """The figures among the lines of an attempt."""
    for line in lines:
        if found := _LINE.fullmatch(line):
            yield Moved(found["words"], found["was"], found["now"], found["mark"])  # type: ignore[arg-type]  # of the pattern
