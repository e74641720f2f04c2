"""What somebody accepted, and how far the attempt to publish it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from knowledge.comparison import Comparison

State = Literal["running", "done", "refused", "failed", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody accepted. `days`: how far back the proposal was found. `words` are asked instead of its own."""

    proposal_id: str
    by: str
    days: int
    words: str = ""
    because: str = ""
    override: bool = False  # publish although the gate refuses; `by` answers for it, `because` says why

    def arguments(self, *more: str) -> tuple[str, ...]:
        """Each value in one word with its option, so that none is taken for an option."""
        told = [f"--days={self.days}", f"--by={self.by}"]
        told += [f"--as={self.words}"] if self.words else []
        told += [f"--because={self.because}"] if self.because else []
        told += [f"--override={self.by}"] if self.override else []
        return ("accept", *told, *more, "--", self.proposal_id)


@dataclass(frozen=True, slots=True)
class Attempt:
    order: Order
    began_at: datetime  # aware
    state: State
    lines: tuple[str, ...]  # what it said so far
    compared: Comparison | None = None  # once the gate has looked at it
