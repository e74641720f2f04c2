"""Priority: impact x urgency by the ITIL matrix, derived from signals and never chosen by the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from escalation.signals import COUNTING, seriousness
from escalation.wire import Signals


class Priority(StrEnum):
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Level(IntEnum):
    LOW = 1
    MEDIUM = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class Weight:
    """What signals that are at least as serious as `when` call for."""

    when: Mapping[str, Any]
    impact: Level
    urgency: Level
    says: str

    def is_reached(self, known: Mapping[str, Any]) -> bool:
        return all(
            name in known and seriousness(name, known[name]) >= seriousness(name, least)
            for name, least in self.when.items()
        )


@dataclass(frozen=True, slots=True)
class PriorityRules:
    """The operator's weights and matrix, from data/operator/priority.yml, where they were checked."""

    weights: tuple[Weight, ...]
    matrix: Mapping[tuple[Level, Level], Priority]  # (impact, urgency)


@dataclass(frozen=True, slots=True)
class Assessment:
    impact: Level
    urgency: Level
    priority: Priority
    because: tuple[str, ...]  # one sentence a reason, for staff
    counted: tuple[Weight, ...]  # the weights that were reached


Reason = tuple[Level, str]


def assess(signals: Signals, rules: PriorityRules, *, category_urgency: Level = Level.LOW) -> Assessment:
    """The highest level that any weight calls for; `category_urgency` is the routing table's floor for the topic.

    Never lower for a more serious signal: what a weight asks for is a least seriousness, and the highest level wins.
    """
    known = signals.model_dump(include=set(COUNTING))
    counted = _counted([weight for weight in rules.weights if weight.is_reached(known)])
    impacts = [(weight.impact, weight.says.format_map(known)) for weight in counted]
    urgencies = [(weight.urgency, weight.says.format_map(known)) for weight in counted]
    impact, impact_because = _highest("one customer", impacts)
    urgency, urgency_because = _highest(
        "nothing stands still", [*urgencies, (category_urgency, f"topic {signals.category}")]
    )
    priority = rules.matrix[impact, urgency]
    because = (
        f"Impact {impact.name.lower()}: {impact_because}.",
        f"Urgency {urgency.name.lower()}: {urgency_because}.",
        f"{impact.name.capitalize()} impact and {urgency.name.lower()} urgency make {priority}.",
    )
    return Assessment(impact, urgency, priority, because, counted)


def _counted(reached: Sequence[Weight]) -> tuple[Weight, ...]:
    """Without those that another one says more exactly and calls for no less: corporate, not gold as well."""
    return tuple(
        weight
        for weight in reached
        if not any(
            other is not weight
            and weight.is_reached(other.when)
            and other.impact >= weight.impact
            and other.urgency >= weight.urgency
            for other in reached
        )
    )


def _highest(otherwise: str, found: Sequence[Reason]) -> Reason:
    """The highest level with every reason that reaches it; low, and `otherwise`, when none is above."""
    top = max((level for level, _ in found), default=Level.LOW)
    if top is Level.LOW:
        return top, otherwise
    return top, ", ".join(because for level, because in found if level == top)
