"""Winds and stops the clocks of a ticket, and keeps the steps that hang on them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation.beginning import Wound
from escalation.calendar import Calendar
from escalation.policy import FrozenPolicy
from escalation.priority import Priority
from escalation.records import ClockRecord, StepRecord
from escalation.sla import SlaClock
from escalation.store import Case

ACCEPT = "accept"  # steps of this clock ask the next person when nobody has accepted a live hand-over


def start(case: Case, wound: Sequence[Wound]) -> None:
    """Keep the clocks that began to run, and their steps."""
    for begun in wound:
        record = ClockRecord(
            ticket_id=case.ticket.id, name=begun.name, calendar=begun.calendar, target_s=0.0, left_s=0.0, late=False
        )
        _keep(record, begun.clock)
        case.clocks.append(record)
        case.session.add(record)
        for step in begun.steps:
            entry = StepRecord(ticket_id=case.ticket.id, clock=begun.name, share_pct=step.at_pct, action=step.do)
            entry.due_at = step.due_at
            case.steps.append(entry)
            case.session.add(entry)
    _note_next(case)


def retarget(case: Case, policy: FrozenPolicy, priority: Priority, now: datetime) -> None:
    """The clocks that are not done run to the targets of another priority.

    A deadline that was missed stays missed, and a step that fired does not fire again; the other steps follow.
    """
    for record in case.clocks:
        if record.done_at is not None:
            continue
        target, before = policy.choices[priority][record.name], policy.calendars[record.calendar]
        calendar = policy.calendars[target.calendar]
        record.late = record.late or clock_of(record).left_at(now, before) <= timedelta()
        clock = clock_of(record).retarget(now, target.within, before=before, calendar=calendar)
        record.calendar = target.calendar
        _keep(record, clock)
        _hang(case, record, clock, calendar)
    _note_next(case)


def pause(case: Case, now: datetime) -> None:
    for record, calendar in _running(case):
        clock = clock_of(record).pause(now, calendar)
        record.late = record.late or clock.left <= timedelta()
        _keep(record, clock)
        _hang(case, record, clock, calendar)
    _note_next(case)


def resume(case: Case, now: datetime) -> None:
    """The clocks that stand still and are not done go on."""
    policy = FrozenPolicy.from_json(case.ticket.policy)
    for record in case.clocks:
        if record.done_at is None and record.since is None:
            calendar = policy.calendars[record.calendar]
            clock = clock_of(record).resume(now, calendar)
            _keep(record, clock)
            _hang(case, record, clock, calendar)
    _note_next(case)


def done(case: Case, now: datetime, *names: str) -> None:
    """Answered, or solved: the clock stops for good, unless it is reopened. It was late if its deadline had passed."""
    policy = FrozenPolicy.from_json(case.ticket.policy)
    for record in case.clocks:
        if record.name in names and record.done_at is None:
            calendar = policy.calendars[record.calendar]
            clock = clock_of(record).pause(now, calendar)
            record.done_at = now
            record.late = record.late or clock.left < timedelta()
            _keep(record, clock)
            _hang(case, record, clock, calendar)
    _note_next(case)


def reopen(case: Case, now: datetime) -> None:
    """The solution was refused: the same resolution clock goes on where it stood."""
    case.clock("resolve").done_at = None
    resume(case, now)


def ask_within(case: Case, due_at: datetime) -> None:
    """Somebody must accept until `due_at`; an earlier request of this kind is over."""
    stop_asking(case)
    number = 1 + max((step.share_pct for step in case.steps if step.clock == ACCEPT), default=0)
    step = StepRecord(ticket_id=case.ticket.id, clock=ACCEPT, share_pct=number, action="ask_next", due_at=due_at)
    case.steps.append(step)
    case.session.add(step)


def stop_asking(case: Case) -> None:
    for step in case.steps:
        if step.clock == ACCEPT and step.fired_at is None:
            step.due_at = None


def clock_of(record: ClockRecord) -> SlaClock:
    return SlaClock(
        target=timedelta(seconds=record.target_s),
        since=record.since,
        left=timedelta(seconds=record.left_s),
        due_at=record.due_at,
    )


def _running(case: Case) -> list[tuple[ClockRecord, Calendar]]:
    policy = FrozenPolicy.from_json(case.ticket.policy)
    return [(record, policy.calendars[record.calendar]) for record in case.clocks if record.since is not None]


def _keep(record: ClockRecord, clock: SlaClock) -> None:
    record.target_s = clock.target.total_seconds()
    record.left_s = clock.left.total_seconds()
    record.since = clock.since
    record.due_at = clock.due_at


def _hang(case: Case, record: ClockRecord, clock: SlaClock, calendar: Calendar) -> None:
    """Steps that have not fired follow their clock."""
    for step in case.steps:
        if step.clock == record.name and step.fired_at is None:
            step.due_at = clock.reaches(step.share_pct, calendar)


def _note_next(case: Case) -> None:
    case.ticket.next_due_at = min((clock.due_at for clock in case.clocks if clock.due_at is not None), default=None)
