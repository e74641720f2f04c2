"""Priority: impact x urgency by the ITIL matrix, derived from signals and never chosen by the customer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

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


_HIGH, _MEDIUM, _LOW = Level.HIGH, Level.MEDIUM, Level.LOW

MATRIX: Mapping[tuple[Level, Level], Priority] = {  # (impact, urgency)
    (_HIGH, _HIGH): Priority.P1,
    (_HIGH, _MEDIUM): Priority.P2,
    (_HIGH, _LOW): Priority.P3,
    (_MEDIUM, _HIGH): Priority.P2,
    (_MEDIUM, _MEDIUM): Priority.P3,
    (_MEDIUM, _LOW): Priority.P4,
    (_LOW, _HIGH): Priority.P3,
    (_LOW, _MEDIUM): Priority.P4,
    (_LOW, _LOW): Priority.P4,
}


@dataclass(frozen=True, slots=True)
class Assessment:
    impact: Level
    urgency: Level
    priority: Priority
    because: tuple[str, ...]  # one sentence a reason, for staff


def assess(signals: Signals, *, category_urgency: Level = Level.LOW) -> Assessment:
    """The highest level that any signal calls for; `category_urgency` is the routing table's floor for the topic."""
    impact, impact_because = _highest(_impacts(signals))
    urgency, urgency_because = _highest([*_urgencies(signals), (category_urgency, f"topic {signals.category}")])
    priority = MATRIX[impact, urgency]
    return Assessment(
        impact,
        urgency,
        priority,
        (
            f"Impact {impact.name.lower()}: {impact_because}.",
            f"Urgency {urgency.name.lower()}: {urgency_because}.",
            f"{impact.name.capitalize()} impact and {urgency.name.lower()} urgency make {priority}.",
        ),
    )


def _impacts(signals: Signals) -> list[tuple[Level, str]]:
    found = [(_LOW, "one customer")]
    if signals.safety:
        found.append((_HIGH, "safety or emergency calls are affected"))
    if signals.affected == "many":
        found.append((_HIGH, "an area or many customers are affected"))
    if signals.affected == "several":
        found.append((_MEDIUM, "several users are affected"))
    if signals.segment == "corporate":
        disturbed = signals.service != "ok"
        found.append((_HIGH, "a corporate site is disturbed") if disturbed else (_MEDIUM, "a corporate customer"))
    if signals.segment == "gold":
        found.append((_MEDIUM, "a gold customer"))
    return found


def _urgencies(signals: Signals) -> list[tuple[Level, str]]:
    found = [(_LOW, "nothing stands still")]
    if signals.safety:
        found.append((_HIGH, "safety or emergency calls are affected"))
    if signals.service == "down":
        found.append((_HIGH, "the service is down"))
    if signals.service == "degraded":
        found.append((_MEDIUM, "the service is degraded"))
    if signals.vulnerable:
        found.append((_HIGH, "a vulnerable customer"))
    if signals.revenue_at_risk:
        found.append((_HIGH, "revenue is at risk"))
    if signals.repeat_contacts:
        level = _HIGH if signals.repeat_contacts > 1 else _MEDIUM
        found.append((level, f"contact number {signals.repeat_contacts + 1} about this"))
    return found


def _highest(found: list[tuple[Level, str]]) -> tuple[Level, str]:
    """The highest level with every reason that reaches it."""
    top = max(level for level, _ in found)
    return top, ", ".join(because for level, because in found if level == top)
