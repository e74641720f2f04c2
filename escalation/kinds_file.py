"""The shape of data/operator/kinds.yml: what kinds are called, what routes them, and what a regulator asks."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import Field, model_validator

from escalation.form import FORMS, may_begin_empty
from escalation.kind import Kind
from escalation.policy_files import Duration, Entry, Misfit, PersonEntry, RoutingFile
from escalation.tier import VENDORS


class KindEntry(Entry):
    name: str
    topic: str  # of routing.yml: where a ticket goes that was filed without a topic
    required: tuple[str, ...] = ()  # fields besides those the form itself needs, of tickets that are filed
    acknowledge_target: str | None = None  # the clock within which it must be acknowledged


class Regulator(Entry):
    """What a regulator asks of complaints and of service. What it does not ask is absent."""

    name: str
    acknowledge_at_once_by_phone: bool = False
    acknowledge_working_days: int | None = Field(default=None, gt=0)
    resolve_working_days: int | None = Field(default=None, gt=0)
    resolve_urgent_working_days: int | None = Field(default=None, gt=0)
    billing_complaints_within_weeks: int | None = Field(default=None, gt=0)
    billing_complaints_share_pct: int | None = Field(default=None, gt=0, le=100)
    calls_answered_within_s: int | None = Field(default=None, gt=0)
    calls_answered_share_pct: int | None = Field(default=None, gt=0, le=100)
    compensation_after_working_days: int | None = Field(default=None, gt=0)  # without service


class MaintenanceEntry(Entry):
    announce_before: Duration = timedelta(hours=48)  # customers are told so long before a window begins


class KindsFile(Entry):
    kinds: Mapping[Kind, KindEntry]
    maintenance: MaintenanceEntry = Field(default_factory=MaintenanceEntry)
    regulator: str | None = None  # whose figures hold for complaints; null: nobody's
    regulators: Mapping[str, Regulator] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> "KindsFile":
        if missing := set(Kind) - set(self.kinds):
            raise ValueError(f"kinds need {', '.join(sorted(missing))}")
        if self.regulator is not None and self.regulator not in self.regulators:
            raise ValueError(f"regulator {self.regulator} is not one of {', '.join(self.regulators)}")
        if faults := list(_unknown_fields(self.kinds)):
            raise ValueError("; ".join(faults))
        return self

    @property
    def profile(self) -> Regulator | None:
        """Of the regulator the operator has chosen."""
        return self.regulators[self.regulator] if self.regulator is not None else None


def _unknown_fields(kinds: Mapping[Kind, KindEntry]) -> Iterator[str]:
    for kind, entry in kinds.items():
        for name in entry.required:
            if name not in FORMS[kind].model_fields:
                yield f"{kind}: {name} is not a field of its form ({', '.join(FORMS[kind].model_fields)})"


def faults_of_kinds(kinds: KindsFile, routing: RoutingFile, people: Mapping[str, PersonEntry]) -> Iterator[Misfit]:
    """What is wrong between kinds.yml, routing.yml and people.yml."""
    for kind, entry in kinds.kinds.items():
        if entry.topic not in routing.categories:
            yield "kinds.yml", ("kinds", kind, "topic"), f"{kind}: topic {entry.topic} is not in routing.yml"
    for category, topic in routing.categories.items():
        if not may_begin_empty(topic.kind):
            words = f"{category}: a conversation cannot fill in the form of a {topic.kind}"
            yield "routing.yml", ("categories", category, "kind"), words
    for name, system in routing.systems.items():
        if system.department not in routing.departments:
            words = f"system {name} belongs to {system.department}, which is not a department"
            yield "routing.yml", ("systems", name, "department"), words
        for username in system.vendor:
            if username not in people or people[username].tier != VENDORS:
                words = f"system {name}: {username} is not somebody of level 4 in people.yml"
                yield "routing.yml", ("systems", name, "vendor"), words
