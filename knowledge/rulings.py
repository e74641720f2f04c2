"""What people decided about proposals: kept in the state folder, so that nothing is proposed twice."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from knowledge.findings import Kind


@dataclass(frozen=True, slots=True)
class Ruling:
    id: str  # of the proposal
    kind: Kind
    decision: Literal["accepted", "rejected"]
    reason: str
    by: str  # a person of the console, or the user of the operating system
    at: datetime  # aware
    alike: tuple[str, ...] = ()  # ids of the same proposal in other words: they are decided too


_RULING = TypeAdapter(Ruling)


class Rulings:
    """One line for each in `decided.jsonl`, in the order they were made."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "decided.jsonl"

    def all(self) -> list[Ruling]:
        if not self._file.exists():
            return []
        return [_RULING.validate_json(line) for line in self._file.read_text(encoding="utf-8").splitlines()]

    def ids(self) -> frozenset[str]:
        return frozenset(number for ruling in self.all() for number in (ruling.id, *ruling.alike))

    def of(self, proposal_id: str) -> Ruling | None:
        """The last one about that proposal."""
        return next((ruling for ruling in reversed(self.all()) if proposal_id in (ruling.id, *ruling.alike)), None)

    def add(self, ruling: Ruling) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("ab") as lines:
            lines.write(_RULING.dump_json(ruling) + b"\n")
