"""The operator's policy: priorities, targets, routing, tiers, calendars and people, read and checked from
data/operator/. `python -m escalation.policy explain` says what it makes of a ticket.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from escalation.calendar import Calendar
from escalation.kind import Kind
from escalation.kinds_file import KindsFile, faults_of_kinds
from escalation.masking import MaskingWords
from escalation.outages.outages_file import OutagesFile
from escalation.policy_files import (
    BoardFile,
    CalendarFile,
    ClientEntry,
    ClientId,
    DepartmentEntry,
    MessagesFile,
    PersonEntry,
    RoutingFile,
    TiersFile,
)
from escalation.priority import Assessment, Level, Priority, PriorityRules, assess
from escalation.priority_file import PriorityFile
from escalation.targets import TARGETS, ClockStep, SlaFile, Target
from escalation.tier import VENDORS, Asked, Roster, moved_up
from escalation.wire import Signals
from settings import ROOT

FOLDER = ROOT / "data" / "operator"
NAMES = (
    "calendars",
    "clients",
    "kinds",
    "masking",
    "messages",
    "outages",
    "people",
    "priority",
    "routing",
    "sla",
    "tiers",
)
FILES = tuple(f"{name}.yml" for name in NAMES)
FALLBACK_CATEGORY = "general"
ANY = "*"

Read = TypeVar("Read")
_CALENDARS = TypeAdapter(Calendar)
_TARGETS = TypeAdapter(dict[str, Target])
_STEPS = TypeAdapter(dict[str, tuple[ClockStep, ...]])


class PolicyError(Exception):
    """A policy file is wrong; the message names the file, the line and what to do. The program must not start."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the rules need to know of this operator."""

    version: str  # of the files' content: frozen onto each ticket
    rules: PriorityRules
    sla: SlaFile
    routing: RoutingFile
    tiers: TiersFile
    calendars: Mapping[str, Calendar]
    people: Mapping[str, PersonEntry]
    messages: MessagesFile
    kinds: KindsFile
    board: BoardFile
    masking: MaskingWords
    outages: OutagesFile
    clients: Mapping[str, ClientEntry]

    def department(self, category: str, hint: str | None = None) -> str:
        """A department the article names goes before the topic's own; an unknown topic goes to the general queue."""
        if hint is not None and hint in self.routing.departments:
            return hint
        entry = self.routing.categories.get(category) or self.routing.categories[FALLBACK_CATEGORY]
        return entry.department

    def kind(self, category: str) -> Kind:
        """What a ticket is that comes out of a conversation about this topic."""
        entry = self.routing.categories.get(category)
        return entry.kind if entry else Kind.INCIDENT

    def urgency(self, category: str) -> Level:
        entry = self.routing.categories.get(category)
        return entry.level if entry else Level.LOW

    def assess(self, signals: Signals) -> Assessment:
        return assess(signals, self.rules, category_urgency=self.urgency(signals.category))

    def roster(self, department: str, system: str | None = None) -> Roster:
        """A problem of a system goes to that system's vendor at level 4, whatever department works on it."""
        contacts = {**self.tiers.contacts["default"], **self.tiers.contacts.get(department, {})}
        if system is not None and system in self.routing.systems:
            contacts[VENDORS] = self.routing.systems[system].vendor
        return contacts

    def moved_up(self, department: str, tier: int, system: str | None = None) -> Asked:
        """Who gets a ticket of this tier whose deadline passed: the tier above, or at the top the supervisor."""
        above = moved_up(tier, self.roster(department, system), self.people)
        return above or Asked(tier, self.tiers.supervisor)

    def is_answered(self, tier: int, at: datetime) -> bool:
        """Whether a person of this tier can be had at this hour."""
        hours = self.tiers.tiers[tier].open
        return hours is None or self.calendars[hours].is_open(at)

    def queue_name(self, department: str, tier: int) -> str:
        entry: DepartmentEntry = self.routing.departments[department]
        return {1: entry.l1, 2: entry.l2, 3: entry.l3}.get(tier, self.tiers.tiers[tier].name)

    def freeze(self, priority: Priority, *, segment: str = "", topic: str = "") -> "FrozenPolicy":
        targets = self.sla.promised(segment, topic)
        named = {target.calendar for of in targets.values() for target in of.values()}
        calendars = {name: self.calendars[name] for name in sorted(named)}
        steps = {str(clock): steps for clock, steps in self.sla.steps.items()}
        return FrozenPolicy(
            self.version, targets[priority], steps, calendars, priority, targets, dict(self.sla.tier_keeps_pct)
        )


@dataclass(frozen=True, slots=True)
class FrozenPolicy:
    """What an open ticket keeps of the policy: a later change does not move it."""

    version: str
    targets: Mapping[str, Target]  # of the priority that the rules made of its signals
    steps: Mapping[str, tuple[ClockStep, ...]]  # by clock
    calendars: Mapping[str, Calendar]
    derived: Priority | None = None  # that priority; None, and no choices: the ticket keeps nothing but its own targets
    choices: Mapping[Priority, Mapping[str, Target]] = field(default_factory=dict)  # targets by priority, its own too
    tier_keeps_pct: Mapping[int, int] = field(default_factory=dict)  # empty: its tiers have no clock of their own

    def targets_of(self, priority: Priority) -> Mapping[str, Target]:
        return self.choices.get(priority) or self.targets

    def to_json(self) -> dict[str, Any]:
        return {
            "version": self.version,
            "targets": _TARGETS.dump_python(dict(self.targets), mode="json"),
            "steps": _STEPS.dump_python(dict(self.steps), mode="json"),
            "calendars": {name: _CALENDARS.dump_python(entry, mode="json") for name, entry in self.calendars.items()},
            "derived": self.derived,
            "choices": {name: _TARGETS.dump_python(dict(of), mode="json") for name, of in self.choices.items()},
            "tier_keeps_pct": {str(tier): share for tier, share in self.tier_keeps_pct.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "FrozenPolicy":
        """Tickets that opened under one policy share it: a page of the queue reads it once."""
        return _thawed(json.dumps(kept, sort_keys=True))


@lru_cache(maxsize=256)
def _thawed(written: str) -> FrozenPolicy:
    """Also of a ticket that opened when all its clocks had the same steps."""
    kept = json.loads(written)
    steps = kept["steps"]
    return FrozenPolicy(
        version=kept["version"],
        targets=_TARGETS.validate_python(kept["targets"]),
        steps=_STEPS.validate_python(steps if isinstance(steps, dict) else dict.fromkeys(TARGETS, steps)),
        calendars={name: _CALENDARS.validate_python(entry) for name, entry in kept["calendars"].items()},
        derived=Priority(kept["derived"]) if kept.get("derived") else None,
        choices={Priority(name): _TARGETS.validate_python(of) for name, of in kept.get("choices", {}).items()},
        tier_keeps_pct={int(tier): share for tier, share in kept.get("tier_keeps_pct", {}).items()},
    )


def load(folder: Path = FOLDER) -> Policy:
    """Raises PolicyError with every fault it finds in a file, or between files."""
    digest = hashlib.sha256()
    for file in FILES:
        digest.update((folder / file).read_bytes() if (folder / file).exists() else b"")
    calendars = _read(folder / "calendars.yml", dict[str, CalendarFile])
    policy = Policy(
        version=digest.hexdigest()[:12],
        rules=_read(folder / "priority.yml", PriorityFile).rules,
        sla=_read(folder / "sla.yml", SlaFile),
        routing=_read(folder / "routing.yml", RoutingFile),
        tiers=_read(folder / "tiers.yml", TiersFile),
        calendars={name: entry.calendar(name) for name, entry in calendars.items()},
        people=_read(folder / "people.yml", dict[str, PersonEntry]),
        messages=_read(folder / "messages.yml", MessagesFile),
        kinds=_read(folder / "kinds.yml", KindsFile),
        board=_read(folder / "board.yml", BoardFile),
        masking=_read(folder / "masking.yml", MaskingWords),
        outages=_read(folder / "outages.yml", OutagesFile),
        clients=_read(folder / "clients.yml", dict[ClientId, ClientEntry]),
    )
    faults = list(_faults(policy))
    if faults:
        raise PolicyError("The policy files do not fit together:\n" + "\n".join(f"  {fault}" for fault in faults))
    return policy


def _read(file: Path, shape: type[Read]) -> Read:
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, yaml.SafeLoader)
        read = TypeAdapter(shape).validate_python(yaml.safe_load(text))
    except FileNotFoundError:
        raise PolicyError(f"{file} is missing") from None
    except yaml.YAMLError as error:
        raise PolicyError(f"{file}: not readable as YAML: {error}") from None
    except ValidationError as error:
        faults = [
            f"  {file.name}:{_line(node, fault['loc'])}: {_path(fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise PolicyError("The policy is not valid:\n" + "\n".join(faults)) from None
    if isinstance(read, SlaFile) and (found := list(read.faults())):
        told = [f"  {file.name}:{_line(node, path)}: {_path(path)}: {fault}" for path, fault in found]
        raise PolicyError("The policy is not clear:\n" + "\n".join(told))
    return read


def _line(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """Line of the innermost part of the path that the file has."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if str(key.value) == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        else:
            return line
        if node is None:
            return line
        line = node.start_mark.line + 1
    return line


def _path(path: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in path) or "the file"


def _faults(policy: Policy) -> Iterator[str]:
    """What is wrong between the files."""
    yield from _faults_of_calendars(policy)
    yield from _faults_of_people(policy)
    yield from faults_of_kinds(policy.kinds, policy.routing, policy.people)
    if FALLBACK_CATEGORY not in policy.routing.categories:
        yield f"routing.yml: categories need `{FALLBACK_CATEGORY}`"
    for category, entry in policy.routing.categories.items():
        if entry.department not in policy.routing.departments:
            yield f"routing.yml: {category} goes to {entry.department}, which is not a department"


def _faults_of_calendars(policy: Policy) -> Iterator[str]:
    for path, target in policy.sla.places():
        if target.calendar not in policy.calendars:
            yield f"sla.yml: {_path(path)}: calendar {target.calendar} is not in calendars.yml"
    for topic in {topic for entry in policy.sla.exceptions for topic in entry.topic} - set(policy.routing.categories):
        yield f"sla.yml: for: topic {topic} is not a category of routing.yml"
    for tier, entry in policy.tiers.tiers.items():
        if entry.open is not None and entry.open not in policy.calendars:
            yield f"tiers.yml: tier {tier}: calendar {entry.open} is not in calendars.yml"


def _faults_of_people(policy: Policy) -> Iterator[str]:
    departments = policy.routing.departments
    if set(policy.tiers.tiers) != {1, 2, 3, 4} or set(policy.tiers.start) != set(Priority):
        yield "tiers.yml: needs tiers 1 to 4 and a start tier for P1 to P4"
    if set(policy.tiers.contacts.get("default", {})) < {1, 2, 3}:
        yield "tiers.yml: contacts.default needs somebody in tiers 1, 2 and 3"
    named = {
        (f"contact of {where}, tier {tier}", name)
        for where, tiers in policy.tiers.contacts.items()
        for tier, names in tiers.items()
        for name in names
    }
    for role, name in sorted(named | {("supervisor", policy.tiers.supervisor)}):
        if name not in policy.people:
            yield f"tiers.yml: {role}: {name} is not in people.yml"
    for where in set(policy.tiers.contacts) - set(departments) - {"default"}:
        yield f"tiers.yml: contacts of {where}, which is not a department"
    for username, person in policy.people.items():
        if person.substitute is not None and person.substitute not in policy.people:
            yield f"people.yml: {username}: substitute {person.substitute} is not in people.yml"
        if person.away and person.substitute is None:
            yield f"people.yml: {username} is away and has no substitute"
        for department in set(person.departments) - set(departments) - {ANY}:
            yield f"people.yml: {username}: {department} is not a department"
