"""What the watch will do with a new ticket when nobody acts on it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.beginning import Beginning
from escalation.policy import Policy
from escalation.policy_files import StepName
from escalation.ticket_clocks import UPDATE
from escalation.tier import Asked


@dataclass(frozen=True, slots=True)
class Foretold:
    at: datetime
    at_pct: int
    clock: str
    do: StepName
    asked: Asked  # who is warned, or gets the ticket


def foretell(policy: Policy, begun: Beginning, opened_at: datetime) -> Iterator[Foretold]:
    """In the order in which the watch fires (escalation/deadlines.py): a tier that gets the ticket has a new clock.

    Supposes that the customer is told the reference at once, and can be told how it stands when an update is overdue:
    that goes on without end, and is left out once nothing else is to come.
    """
    clocks, asked = begun.clocks.done(opened_at, "acknowledge"), begun.asked
    fired: set[tuple[str, int, int]] = set()
    while True:
        due = [
            (step.due_at, step.at_pct, step.clock, step)
            for step in clocks.steps()
            if step.due_at is not None and (step.clock, step.round, step.at_pct) not in fired
        ]
        if all(clock == UPDATE and step.round > 0 for _, _, clock, step in due):
            return
        at, _, _, step = min(due, key=lambda one: one[:3])
        fired.add((step.clock, step.round, step.at_pct))
        if step.do == "move_up":
            clocks = clocks.told(at) if step.clock == UPDATE else clocks
            asked = policy.moved_up(begun.department, asked.tier)
            inner = policy.covering(replace(begun.subject, tier=asked.tier), at).inner
            clocks = clocks.reach(asked.tier, at, policy.terms(inner))
        yield Foretold(at, step.at_pct, step.clock, step.do, asked)
