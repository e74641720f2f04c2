"""How a ticket begins: what the policy makes of its signals, before anything is stored. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation import tier
from escalation.policy import FALLBACK_CATEGORY, FrozenPolicy, Policy
from escalation.policy_files import StepName
from escalation.priority import Assessment
from escalation.sla import SlaClock
from escalation.wire import Signals


@dataclass(frozen=True, slots=True)
class WoundStep:
    at_pct: int
    do: StepName
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wound:
    """A clock that has begun to run, with the steps that hang on it."""

    name: str
    calendar: str
    within: timedelta  # working time of the calendar
    clock: SlaClock
    steps: tuple[WoundStep, ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    category: str
    department: str
    assessment: Assessment
    asked: tier.Asked
    is_live: bool  # a person can be had now for a customer who wants one, as long as the contact is open
    informed: tuple[str, ...]  # who is told as well
    frozen: FrozenPolicy
    clocks: tuple[Wound, ...]

    @property
    def is_first_told(self) -> bool:
        """Level 1 sits before the console; the tiers above are told where they are."""
        return self.asked.tier > tier.LOWEST


def begin(policy: Policy, signals: Signals, now: datetime, system: str | None = None) -> Beginning:
    """Priority, department, who acts first, the frozen policy and its clocks."""
    assessment = policy.assess(signals)
    category = signals.category if signals.category in policy.routing.categories else FALLBACK_CATEGORY
    department = policy.department(category, signals.department)
    roster = policy.roster(department, system)
    asked = tier.first_asked(policy.tiers.start[assessment.priority], roster, policy.people)
    told = [roster[number][0] for number in policy.tiers.informed.get(assessment.priority, ()) if roster.get(number)]
    frozen = policy.freeze(assessment.priority)
    return Beginning(
        category,
        department,
        assessment,
        asked,
        is_live=signals.live and policy.is_answered(asked.tier, now),
        informed=tuple(tier.present(name, policy.people) for name in told),
        frozen=frozen,
        clocks=_wound(frozen, now),
    )


def _wound(frozen: FrozenPolicy, now: datetime) -> tuple[Wound, ...]:
    """Every target gets its clock and its steps."""
    found = []
    for name, target in frozen.targets.items():
        calendar = frozen.calendars[target.calendar]
        clock = SlaClock.start(now, target.within, calendar)
        steps = tuple(WoundStep(step.at_pct, step.do, clock.reaches(step.at_pct, calendar)) for step in frozen.steps)
        found.append(Wound(name, target.calendar, target.within, clock, steps))
    return tuple(found)
