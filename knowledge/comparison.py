"""Two indexes on the same questions, for whoever shows it: the figures that moved, the questions treated otherwise."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

Mark = Literal["=", "better", "worse", "TOO MUCH WORSE"]
_TEXT_SHOWN = 80  # characters of a question in a line


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


@dataclass(frozen=True, slots=True)
class Treated:
    """One of our own questions, and what became of it: the articles offered, or what was done instead."""

    question: str
    was: str
    now: str

    @property
    def line(self) -> str:
        return f"    {self.question[:_TEXT_SHOWN]!r}: {self.was} -> {self.now}"


@dataclass(frozen=True, slots=True)
class Comparison:
    figures: tuple[Moved, ...] = ()
    better: tuple[Treated, ...] = ()
    worse: tuple[Treated, ...] = ()


COMPARISON = TypeAdapter(Comparison)
