"""The operator's policy: priorities, targets, routing, tiers, calendars and people, read and checked from
data/operator/. `python -m escalation.policy explain` says what it makes of a ticket.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from escalation.agreements import coverage
from escalation.agreements.agreement import Agreement, AgreementsFile
from escalation.agreements.coverage import Coverage, Subject
from escalation.calendar import Calendar
from escalation.calls.calls_file import CallsFile
from escalation.canned import RepliesFile, faults_of_replies
from escalation.kind import Kind
from escalation.kinds_file import KindsFile
from escalation.masking import MaskingWords
from escalation.mirror.mirror_file import MirrorFile
from escalation.outages.outages_file import OutagesFile
from escalation.policy import fitting
from escalation.policy.reading import PolicyError, Texts, read, refuse, texts_in, with_place
from escalation.policy_files import (
    ANY,
    FALLBACK_CATEGORY,
    BoardFile,
    CalendarFile,
    ClientEntry,
    ClientId,
    MessagesFile,
    PersonEntry,
    RoutingFile,
    TiersFile,
)
from escalation.priority import Assessment, Level, Priority, PriorityRules, assess
from escalation.priority_file import PriorityFile
from escalation.quality.quality_file import QualityFile
from escalation.retention_file import RetentionFile
from escalation.targets import TARGETS, ClockStep, SlaFile, Target
from escalation.tasks.tasks_file import TasksFile
from escalation.terms import Terms
from escalation.tier import VENDORS, Asked, Roster, moved_up
from escalation.wire import Signals
from settings import ROOT

__all__ = [
    "ANY",
    "FALLBACK_CATEGORY",
    "FILES",
    "FOLDER",
    "READ",
    "FrozenPolicy",
    "Policy",
    "PolicyError",
    "Source",
    "assembled",
    "load",
]

FOLDER = ROOT / "data" / "operator"
NAMES = (
    "agreements",
    "calendars",
    "calls",
    "clients",
    "kinds",
    "masking",
    "messages",
    "mirror",
    "outages",
    "people",
    "priority",
    "quality",
    "retention",
    "routing",
    "sla",
    "tasks",
    "tiers",
)
FILES = tuple(f"{name}.yml" for name in NAMES)  # what a ticket begins with: of these the policy has its version
READ = (*FILES, "board.yml", "replies.yml")

_CALENDARS = TypeAdapter(Calendar)
_TARGETS = TypeAdapter(dict[str, Target])
_STEPS = TypeAdapter(dict[str, tuple[ClockStep, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The texts that a policy was made of. A published one goes before the installed one of its name."""

    installed: Texts  # of the folder, as they were when the program began
    published: Texts = field(default_factory=dict)
    serial: int | None = None  # of the newest publication that was looked for (escalation/published/); None: of none

    @property
    def texts(self) -> Texts:
        return {**self.installed, **self.published}


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
    retention: RetentionFile
    outages: OutagesFile
    quality: QualityFile
    clients: Mapping[str, ClientEntry]
    tasks: TasksFile
    mirror: MirrorFile
    agreements: AgreementsFile
    replies: RepliesFile
    calls: CallsFile
    source: Source = field(repr=False, compare=False)

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

    def skill(self, category: str) -> str | None:
        """What a person must be able to do to be offered a ticket about this topic."""
        entry = self.routing.categories.get(category)
        return entry.skill if entry else None

    def skills(self) -> list[str]:
        """All that some topic asks for, in alphabetical order."""
        return sorted({entry.skill for entry in self.routing.categories.values() if entry.skill})

    def services(self, category: str) -> tuple[str, ...]:
        """What a ticket about this topic is about, by the names that maintenance windows use."""
        entry = self.routing.categories.get(category)
        return entry.services if entry else ()

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
        """A department that is no longer there is called by its code."""
        entry = self.routing.departments.get(department)
        if entry is None:
            return department
        return {1: entry.l1, 2: entry.l2, 3: entry.l3}.get(tier, self.tiers.tiers[tier].name)

    def covering(self, subject: Subject, at: datetime) -> Coverage:
        return coverage.covering(self.agreements.agreements, subject, at)

    def terms(self, agreement: Agreement | None) -> Terms | None:
        """What it gives the holder of a ticket; None without an agreement."""
        if agreement is None:
            return None
        found = {priority: agreement.target(priority, "resolve") for priority in agreement.targets}
        targets = {priority: target for priority, target in found.items() if target is not None}
        calendars = {target.calendar: self.calendars[target.calendar] for target in targets.values()}
        return Terms(agreement.id, agreement.version, targets, calendars)

    def freeze(
        self, priority: Priority, *, segment: str = "", topic: str = "", agreed: Agreement | None = None
    ) -> "FrozenPolicy":
        """What the agreement promises goes before what sla.yml does."""
        targets = self.sla.promised(segment, topic)
        if agreed is not None:
            for choice, of in agreed.targets.items():
                targets[choice].update({name: target for name in of if (target := agreed.target(choice, name))})
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
    """As it lies in the folder. Raises PolicyError with every fault it finds in a file, or between files."""
    return assembled(Source(installed=texts_in(folder, READ)))


def assembled(source: Source) -> Policy:
    """Raises PolicyError with every fault it finds in a file, or between files."""
    texts = source.texts
    calendars = read(texts, "calendars.yml", dict[str, CalendarFile])
    policy = Policy(
        version=_version(texts),
        rules=read(texts, "priority.yml", PriorityFile).rules,
        sla=read(texts, "sla.yml", SlaFile),
        routing=read(texts, "routing.yml", RoutingFile),
        tiers=read(texts, "tiers.yml", TiersFile),
        calendars={name: entry.calendar(name) for name, entry in calendars.items()},
        people=read(texts, "people.yml", dict[str, PersonEntry]),
        messages=read(texts, "messages.yml", MessagesFile),
        kinds=read(texts, "kinds.yml", KindsFile),
        board=read(texts, "board.yml", BoardFile),
        masking=read(texts, "masking.yml", MaskingWords),
        clients=read(texts, "clients.yml", dict[ClientId, ClientEntry]),
        agreements=read(texts, "agreements.yml", AgreementsFile),
        retention=read(texts, "retention.yml", RetentionFile),
        tasks=read(texts, "tasks.yml", TasksFile),
        mirror=read(texts, "mirror.yml", MirrorFile),
        outages=read(texts, "outages.yml", OutagesFile),
        quality=read(texts, "quality.yml", QualityFile),
        replies=read(texts, "replies.yml", RepliesFile),
        calls=read(texts, "calls.yml", CallsFile),
        source=source,
    )
    of_replies = faults_of_replies(policy.replies, policy.routing.departments)
    of_agreements = fitting.faults_of_agreements(policy)
    refuse(texts, [*of_agreements, *with_place("replies.yml", of_replies), *fitting.faults(policy)])
    return policy


def _version(texts: Texts) -> str:
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(texts[name].encode())
    return digest.hexdigest()[:12]
