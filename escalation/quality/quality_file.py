"""data/operator/quality.yml: how many conversations are drawn, and the form by which they are scored."""

from collections.abc import Container, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from escalation.policy_files import Entry, Misfit, Zone

BOT = "bot"  # the subject of a review that is nobody of people.yml
Of = Literal["agent", "assistant"]
CriterionKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class ScaleEntry(Entry):
    """Marks are whole numbers, the most the best."""

    least: int = Field(ge=0, le=100)
    most: int = Field(ge=1, le=100)

    @model_validator(mode="after")
    def _grows(self) -> "ScaleEntry":
        if not 1 <= self.most - self.least <= 10:
            raise ValueError("most must be above least, by 10 at most")
        return self


class CriterionEntry(Entry):
    name: str = Field(min_length=1, max_length=80)
    asks: str = Field(min_length=1, max_length=400)
    weight: float = Field(gt=0, le=1000)
    of: tuple[Of, ...] = Field(default=("agent", "assistant"), min_length=1)
    optional: bool = False  # it may not apply to a conversation


class QualityFile(Entry):
    zone: Zone
    each_agent: int = Field(ge=0, le=100)
    assistant: int = Field(ge=0, le=1000)
    scale: ScaleEntry
    criteria: Mapping[CriterionKey, CriterionEntry] = Field(max_length=30)

    @model_validator(mode="after")
    def _can_be_scored(self) -> "QualityFile":
        for subject in ("agent", "assistant"):
            if not any(subject in entry.of and not entry.optional for entry in self.criteria.values()):
                raise ValueError(f"criteria: one that is asked about every {subject} and is not optional is needed")
        return self

    def form(self, subject: str) -> Mapping[str, CriterionEntry]:
        """The criteria asked about somebody of people.yml, or about the assistant."""
        of: Of = "assistant" if subject == BOT else "agent"
        return {key: entry for key, entry in self.criteria.items() if of in entry.of}

    def drawn(self, subject: str) -> int:
        """How many of their conversations are looked at a week."""
        return self.assistant if subject == BOT else self.each_agent


def faults_of_quality(people: Container[str]) -> Iterator[Misfit]:
    if BOT in people:
        yield "people.yml", (BOT,), f"nobody can be called {BOT}: quality checks call the assistant so"
