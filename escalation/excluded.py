"""Time that does not count against some targets: a planned maintenance window the customer was told of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Window:
    """`kind` is what a target names in its `exclude`. UTC; `ends` is no longer part of it."""

    begins: datetime
    ends: datetime
    kind: str

    def from_on(self, now: datetime) -> "Window | None":
        """What of it is still to come: time that has been counted stays counted. None when it is over."""
        begins = max(self.begins, now)
        return Window(begins, self.ends, self.kind) if begins < self.ends else None

    def to_json(self) -> dict[str, Any]:
        return {"begins": self.begins.isoformat(), "ends": self.ends.isoformat(), "kind": self.kind}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Window":
        return cls(datetime.fromisoformat(kept["begins"]), datetime.fromisoformat(kept["ends"]), kept["kind"])
