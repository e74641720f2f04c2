"""What a ticket's clocks should have done, reckoned again from its audit trail and its frozen policy alone. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from escalation.excluded import Window
from escalation.policy import FrozenPolicy
from escalation.priority import Priority
from escalation.terms import Terms
from escalation.ticket import FINAL, Move, Status
from escalation.ticket_clocks import Kept, TicketClocks

Key = tuple[str, int, int]  # clock, round, share of the target in hundredths
SAME = timedelta(seconds=1)  # one change reads the time more than once


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit trail."""

    at: datetime
    what: str
    status: Status | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reckoning:
    clocks: TicketClocks
    called: Mapping[Key, Sequence[tuple[datetime, datetime]]]  # when each step was due, from and to


def is_complete(trail: Sequence[Entry]) -> bool:
    """Whether the trail holds all that moves the clocks; one that began before facts were kept does not."""
    return bool(trail) and "opened" in trail[0].facts


def reckon(policy: FrozenPolicy, trail: Sequence[Entry], until: datetime) -> Reckoning:
    """`trail` is complete and in order."""
    opened = trail[0].facts["opened"]
    windows = [Window.from_json(kept) for kept in opened["windows"]]
    priority, terms = Priority(opened["priority"]), Terms.from_json(opened.get("terms"))
    clocks = TicketClocks.open(
        policy,
        priority,
        opened["tier"],
        trail[0].at,
        windows=windows,
        terms=terms,
        has_customer=opened.get("has_customer", True),
    )
    status = Status.ACKNOWLEDGED
    called: dict[Key, list[tuple[datetime, datetime]]] = {}
    for number, entry in enumerate(trail):
        clocks = _after(clocks, status, entry)
        status = entry.status or status
        end = trail[number + 1].at if number + 1 < len(trail) else until
        for step in clocks.steps():
            if step.due_at is not None and step.due_at <= end:
                span = (max(step.due_at, entry.at), end)
                called.setdefault((step.clock, step.round, step.at_pct), []).append(span)
    return Reckoning(clocks, called)


def _after(clocks: TicketClocks, before: Status, entry: Entry) -> TicketClocks:
    now, facts = entry.at, entry.facts
    if entry.status is Status.PENDING:
        clocks = clocks.pause(now)
    elif entry.status is Status.IN_PROGRESS and before is Status.PENDING:
        clocks = clocks.resume(now)
    elif entry.status is Status.IN_PROGRESS and before is Status.RESOLVED:
        clocks = clocks.reopen(now)
    elif entry.status is Status.RESOLVED or entry.status in FINAL or entry.what == "deleted":
        clocks = clocks.done(now)
    if entry.what == Move.ACCEPT:
        clocks = clocks.done(now, "respond")
    elif entry.what == "acknowledged":
        clocks = clocks.done(now, "acknowledge")
    if "tier" in facts:
        clocks = clocks.reach(facts["tier"], now, Terms.from_json(facts.get("terms")))
    if "priority" in facts:
        clocks = clocks.retarget(Priority(facts["priority"]), now)
    if "readmitted" in facts:
        clocks = clocks.readmit(facts["readmitted"], now)
    if "excluded" in facts:
        clocks = clocks.exclude(Window.from_json(facts["excluded"]), now)
    return clocks.told(now) if facts.get("told") else clocks


def differences(
    found: Reckoning,
    fired: Mapping[Key, datetime],
    kept: Mapping[str, Kept],
    *,
    within: timedelta,
    apart: timedelta = timedelta(),
) -> Iterator[str]:
    """What fired, and how the clocks stand, against the reckoning. A step must have fired `within` its being due.

    `apart`: how far the clocks of the programs that wrote the trail differed. It excuses when a step fired, never how
    a clock stands: that is reckoned from the times as they were written.
    """
    within, same = within + apart, SAME + apart
    for key, spans in sorted(found.called.items()):
        owed = sum((end - begin for begin, end in spans), timedelta())
        if key not in fired and owed > within:
            yield f"{_name(key)} was due at {spans[0][0]:%Y-%m-%d %H:%M:%S} and did not fire"
    for key, at in sorted(fired.items()):
        spans = found.called.get(key, ())
        if not any(begin - same <= at <= end + same for begin, end in spans):
            yield f"{_name(key)} fired at {at:%Y-%m-%d %H:%M:%S} and was not due"
        elif at - spans[0][0] > within:
            yield f"{_name(key)} fired {_seconds(at - spans[0][0])} s after it was due"
    for name, stands in found.clocks.kept.items():
        if name not in kept or not _same(stands, kept[name]):
            yield f"the clock {name} stands otherwise than the trail says"


def _same(one: Kept, other: Kept) -> bool:
    if (one.round, one.done_at is None) != (other.round, other.done_at is None):
        return False
    if one.clock.due_at is None or other.clock.due_at is None:
        return one.clock.due_at is other.clock.due_at and abs(one.clock.left - other.clock.left) <= SAME
    return abs(one.clock.due_at - other.clock.due_at) <= SAME


def _name(key: Key) -> str:
    clock, number, share = key
    return f"{clock} {share}% (round {number})"


def _seconds(lasted: timedelta) -> int:
    return int(lasted.total_seconds())
