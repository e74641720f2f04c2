"""What one look found: how it is, what was measured, what would be too much, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class State(IntEnum):
    """The number is the exit code of `python -m ops.inspect`."""

    OK = 0
    WARN = 1
    BAD = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    about: str  # what was looked at, such as "queue webhooks"
    state: State
    measure: str
    threshold: str = ""
    advice: str = ""  # a sentence; empty when it is well


def worst(findings: Iterable[Finding]) -> State:
    return max((finding.state for finding in findings), default=State.OK)
