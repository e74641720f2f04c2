"""What people propose as an article out of a ticket they solved: kept in the state folder until somebody decides."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from knowledge.findings import Proposal
from knowledge.proposals import identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Without what tells who the customer is."""

    question: str  # as customers would ask it
    solution: str
    language: str
    by: str  # a person of the console
    reference: str  # of the ticket
    at: datetime  # aware

    @property
    def proposal(self) -> Proposal:
        return Proposal(
            id=identity("missing_article", self.language, (), self.question),
            kind="missing_article",
            language=self.language,
            text=f"{self.by} solved this in {self.reference} and proposes it as an article.",
            articles=(),
            question=self.question,
            evidence={},
            examples=(self.question,),
            by=self.by,
            solution=self.solution,
            reference=self.reference,
        )


_CONTRIBUTION = TypeAdapter(Contribution)


class Contributions:
    """One line for each in `proposed.jsonl`, in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "proposed.jsonl"

    def all(self) -> list[Contribution]:
        if not self._file.exists():
            return []
        return [_CONTRIBUTION.validate_json(line) for line in self._file.read_text(encoding="utf-8").splitlines()]

    def add(self, contribution: Contribution) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("ab") as lines:
            lines.write(_CONTRIBUTION.dump_json(contribution) + b"\n")
