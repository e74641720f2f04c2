"""Time that does not count against some targets: a planned maintenance window the customer was told of."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Window:
    """`kind` is what a target names in its `exclude`, `of` the reference of the maintenance. UTC; `ends` is no longer
    part of it.
    """

    begins: datetime
    ends: datetime
    kind: str
    of: str = ""

    def from_on(self, now: datetime) -> "Window | None":
        """What of it is still to come: time that has been counted stays counted. None when it is over."""
        begins = max(self.begins, now)
        return replace(self, begins=begins) if begins < self.ends else None

    def until(self, now: datetime) -> "Window | None":
        """What of it has been: what is still to come counts again. None when it has not begun."""
        ends = min(self.ends, now)
        return replace(self, ends=ends) if self.begins < ends else None

    def to_json(self) -> dict[str, Any]:
        kept = {"begins": self.begins.isoformat(), "ends": self.ends.isoformat(), "kind": self.kind}
        return kept | ({"of": self.of} if self.of else {})

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Window":
        begins, ends = datetime.fromisoformat(kept["begins"]), datetime.fromisoformat(kept["ends"])
        return cls(begins, ends, kept["kind"], kept.get("of", ""))
