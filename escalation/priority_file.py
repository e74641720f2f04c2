"""The shape of data/operator/priority.yml: the weights of the signals, and the matrix."""

from collections.abc import Mapping
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from escalation.policy_files import Entry, check_places
from escalation.priority import Level, Priority, PriorityRules, Weight
from escalation.signals import seriousness

LevelName = Literal["low", "medium", "high"]
Matrix = Mapping[LevelName, Mapping[LevelName, Priority]]


def _serious(when: Mapping[str, Any]) -> Mapping[str, Any]:
    for name, least in when.items():
        if seriousness(name, least) < 1:
            raise ValueError(f"{name}: {least} is what every ticket has; name something more serious")
    return when


def _complete(matrix: Matrix) -> Matrix:
    if any(set(line) != {"low", "medium", "high"} for line in (matrix, *matrix.values())):
        raise ValueError("needs a priority for every impact (low, medium, high) and every urgency (low, medium, high)")
    cells = _cells(matrix)
    for (impact, urgency), (less, calmer) in product(cells, cells):
        if impact >= less and urgency >= calmer and cells[impact, urgency] > cells[less, calmer]:
            raise ValueError(
                f"{impact.name.lower()} impact and {urgency.name.lower()} urgency make {cells[impact, urgency]}, lower "
                f"than the {cells[less, calmer]} of {less.name.lower()} impact and {calmer.name.lower()} urgency"
            )
    return matrix


def _cells(matrix: Matrix) -> dict[tuple[Level, Level], Priority]:
    return {
        (Level[impact.upper()], Level[urgency.upper()]): priority
        for impact, line in matrix.items()
        for urgency, priority in line.items()
    }


class WeightEntry(Entry):
    when: Annotated[Mapping[str, Any], Field(min_length=1), AfterValidator(_serious)]
    impact: LevelName = "low"
    urgency: LevelName = "low"
    says: str = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> "WeightEntry":
        if self.impact == self.urgency == "low":
            raise ValueError("calls for nothing: give an impact or an urgency above low")
        check_places(self.says, self.when)
        return self

    @property
    def weight(self) -> Weight:
        return Weight(self.when, Level[self.impact.upper()], Level[self.urgency.upper()], self.says)


def _different(weights: tuple[WeightEntry, ...]) -> tuple[WeightEntry, ...]:
    for number, weight in enumerate(weights):
        if any(dict(weight.when) == dict(other.when) for other in weights[:number]):
            raise ValueError(f"two weights for {dict(weight.when)}")
    return weights


class PriorityFile(Entry):
    weights: Annotated[tuple[WeightEntry, ...], AfterValidator(_different)]
    matrix: Annotated[Matrix, AfterValidator(_complete)]

    @property
    def rules(self) -> PriorityRules:
        return PriorityRules(tuple(entry.weight for entry in self.weights), _cells(self.matrix))
