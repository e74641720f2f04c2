"""What a ticket is promised: the targets of data/operator/sla.yml, by priority, segment and topic."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from escalation.policy_files import Duration, Entry, StepName
from escalation.priority import Priority
from escalation.signals import SCALES

TargetName = Literal["acknowledge", "respond", "update", "resolve"]
ClockName = Literal["acknowledge", "respond", "update", "resolve", "tier"]
Exclusion = Literal["maintenance"]
TARGETS: tuple[TargetName, ...] = ("acknowledge", "respond", "update", "resolve")
TIER: ClockName = "tier"  # a tier's own clock, inside the one by which the customer's problem must be solved
CLOCKS: tuple[ClockName, ...] = (*TARGETS, TIER)


def _several(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


Several = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Target(Entry):
    within: Duration  # working time of the calendar
    calendar: str
    exclude: Annotated[tuple[Exclusion, ...], BeforeValidator(_several)] = ()  # windows that are not counted


class ClockStep(Entry):
    at_pct: int = Field(gt=0, le=1000)
    do: StepName


Promises = Mapping[Priority, Mapping[TargetName, Target]]


class Special(Entry):
    """Other targets for some tickets. Conditions that are left out fit every ticket."""

    segment: Several = ()
    topic: Several = ()  # categories of routing.yml
    targets: Promises

    @model_validator(mode="after")
    def _for_somebody(self) -> "Special":
        if not self.segment and not self.topic:
            raise ValueError("says for nobody in particular: name a segment or a topic")
        for segment in set(self.segment) - set(SCALES["segment"]):
            raise ValueError(f"segment {segment} is not known; known: {', '.join(SCALES['segment'])}")
        return self

    @property
    def conditions(self) -> int:
        return bool(self.segment) + bool(self.topic)

    def fits(self, segment: str, topic: str) -> bool:
        return (not self.segment or segment in self.segment) and (not self.topic or topic in self.topic)

    def meets(self, other: "Special") -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Segments and topics of the tickets that both fit, empty for any; None when there are none."""
        segments, topics = _common(self.segment, other.segment), _common(self.topic, other.topic)
        return None if segments is None or topics is None else (segments, topics)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...] | None:
    if not one or not other:
        return one or other
    return tuple(name for name in one if name in other) or None


class SlaFile(Entry):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    targets: Promises
    exceptions: tuple[Special, ...] = Field(default=(), alias="for")
    tier_keeps_pct: Mapping[int, Annotated[int, Field(gt=0, le=100)]]
    steps: Mapping[ClockName, tuple[ClockStep, ...]]
    new_promise: Literal["raised", "always", "never"]
    accept_within: Duration
    close_after: Duration
    undo_within: Duration = timedelta(seconds=30)

    @model_validator(mode="after")
    def _complete(self) -> "SlaFile":
        for priority in Priority:
            if set(self.targets.get(priority, {})) != set(TARGETS):
                raise ValueError(f"{priority} needs these targets: {', '.join(TARGETS)}")
        if set(self.tier_keeps_pct) != {1, 2, 3, 4}:
            raise ValueError("tier_keeps_pct needs a share for tiers 1 to 4")
        if set(self.steps) != set(CLOCKS):
            raise ValueError(f"steps are needed for: {', '.join(CLOCKS)}")
        for clock, steps in self.steps.items():
            shares = [step.at_pct for step in steps]
            if len(set(shares)) != len(shares) or 100 not in shares:
                raise ValueError(f"steps of {clock} need one entry a share, and one at 100")
        return self

    def promised(self, segment: str, topic: str) -> dict[Priority, dict[str, Target]]:
        """The targets of every priority for a ticket: each from the most specific entry that names it."""
        fitting = sorted((entry for entry in self.exceptions if entry.fits(segment, topic)), key=lambda e: e.conditions)
        found: dict[Priority, dict[str, Target]] = {}
        for targets in (self.targets, *(entry.targets for entry in fitting)):
            for priority, of in targets.items():
                found.setdefault(priority, {}).update({str(name): target for name, target in of.items()})
        return found

    def places(self) -> Iterator[tuple[tuple[str | int, ...], Target]]:
        """Every target with its path in the file."""
        for path, targets in (
            (("targets",), self.targets),
            *((("for", number, "targets"), entry.targets) for number, entry in enumerate(self.exceptions)),
        ):
            for priority, of in targets.items():
                yield from (((*path, str(priority), str(name)), target) for name, target in of.items())

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Targets that two equally specific entries give the same ticket, with their path in the file."""
        for (first, one), (number, other) in combinations(enumerate(self.exceptions), 2):
            if one.conditions != other.conditions or (both := one.meets(other)) is None:
                continue
            for priority, of in other.targets.items():
                for name in of.keys() & one.targets.get(priority, {}).keys():
                    if not self._is_settled(priority, name, both, above=one.conditions):
                        yield (
                            ("for", number, "targets", str(priority), str(name)),
                            f"entry {first + 1} says the same target for {_words(*both)}; which one is meant? "
                            "Say it in an entry that names both a segment and a topic",
                        )

    def _is_settled(
        self, priority: Priority, name: TargetName, both: tuple[tuple[str, ...], tuple[str, ...]], *, above: int
    ) -> bool:
        """Whether more specific entries say it for every ticket that both fit."""
        segments, topics = both
        decided = [
            entry for entry in self.exceptions if entry.conditions > above and name in entry.targets.get(priority, {})
        ]
        pairs = [(segment, topic) for segment in segments for topic in topics]
        return bool(pairs) and all(any(entry.fits(*pair) for entry in decided) for pair in pairs)


def _words(segments: tuple[str, ...], topics: tuple[str, ...]) -> str:
    return " ".join(part for part in (", ".join(segments), "about " + ", ".join(topics) if topics else "") if part)


def tier_target(resolve: Target, keeps_pct: int) -> Target:
    """How long a tier may keep a ticket: a share of the time in which it must be solved, on the same calendar."""
    return resolve.model_copy(update={"within": timedelta(seconds=resolve.within.total_seconds() * keeps_pct / 100)})
