"""Keeps a ticket's clocks in its records, and the steps that hang on them; the rules are in ticket_clocks.py."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from escalation.agreements import penalties
from escalation.excluded import Window
from escalation.policy import FrozenPolicy
from escalation.priority import Priority
from escalation.records import ClockRecord, StepRecord, TicketRecord
from escalation.sla import SlaClock
from escalation.store import Case
from escalation.targets import TIER
from escalation.terms import Terms
from escalation.ticket_clocks import UPDATE, Kept, TicketClocks

ACCEPT = "accept"  # steps of this clock ask the next person when nobody has accepted a live hand-over
ACKNOWLEDGED = "acknowledged"  # in the audit: the customer was told the reference


def start(case: Case, clocks: TicketClocks) -> None:
    """Keep the clocks that began to run, and their steps."""
    case.facts["opened"] = {
        "priority": clocks.priority,
        "tier": clocks.tier,
        "windows": [window.to_json() for window in clocks.windows],
    }
    if UPDATE not in clocks.kept:
        case.facts["opened"]["has_customer"] = False
    if TIER in clocks.kept and (terms := clocks.kept[TIER].terms) is not None:
        case.facts["opened"]["terms"] = terms.to_json()
    _keep(case, clocks)


def pause(case: Case, now: datetime) -> None:
    _keep(case, _clocks(case).pause(now))


def resume(case: Case, now: datetime) -> None:
    """The clocks that stand still and are not done go on."""
    _keep(case, _clocks(case).resume(now))


def done(case: Case, now: datetime, *names: str) -> None:
    """Answered, or solved: these clocks stop for good, unless they are reopened; without names all of them."""
    clocks = _clocks(case).done(now, *names)
    _keep(case, clocks)
    penalties.settle(case, clocks, now)


def reopen(case: Case, now: datetime) -> None:
    clocks = _clocks(case).reopen(now)
    _keep(case, clocks)
    penalties.settle(case, clocks, now)


def acknowledge(case: Case, now: datetime, who: str, how: str) -> None:
    """The customer was told the reference; only the first time counts."""
    if any(record.name == "acknowledge" and record.done_at is None for record in case.clocks):
        done(case, now, "acknowledge")
        case.audit(now, who, ACKNOWLEDGED, how)


def told(case: Case, now: datetime) -> None:
    """The customer got a message of ours."""
    case.facts["told"] = True
    _keep(case, _clocks(case).told(now))


def reach(case: Case, tier: int, now: datetime, terms: Terms | None) -> None:
    """The ticket is in this tier from now on; `terms` of the agreement that binds it (agreements/hold.py)."""
    if tier == case.ticket.tier:
        return
    case.facts["tier"] = tier
    if terms is not None:
        case.facts["terms"] = terms.to_json()
    clocks = _clocks(case)
    penalties.end_hold(case, clocks, now)
    _keep(case, clocks.reach(tier, now, terms))
    case.ticket.tier = tier


def retarget(case: Case, priority: Priority, now: datetime) -> None:
    """The ticket has this priority from now on. A step that fired does not fire again; the others follow."""
    case.facts["priority"] = priority
    clocks = _clocks(case)
    penalties.settle(case, clocks, now)
    _keep(case, clocks.retarget(priority, now))
    case.ticket.priority = priority


def exclude(case: Case, window: Window, now: datetime) -> None:
    """What is still to come of the window does not count against the targets that exclude its kind.

    The caller audits it, so that the reckoning of the clocks can be repeated.
    """
    case.facts["excluded"] = window.to_json()
    clocks = _clocks(case).exclude(window, now)
    _keep(case, clocks)
    case.ticket.excluded = [kept.to_json() for kept in clocks.windows]


def readmit(case: Case, source: str, now: datetime) -> None:
    """What is still to come of the windows of this maintenance counts again. The caller audits it."""
    case.facts["readmitted"] = source
    clocks = _clocks(case).readmit(source, now)
    _keep(case, clocks)
    case.ticket.excluded = [kept.to_json() for kept in clocks.windows]


def owe(case: Case, now: datetime) -> None:
    """A target is missed, or has been for longer: what that costs by the ticket's agreements."""
    penalties.settle(case, _clocks(case), now)


def ask_within(case: Case, due_at: datetime) -> None:
    """Somebody must accept until `due_at`; an earlier request of this kind is over."""
    stop_asking(case)
    number = 1 + max((step.share_pct for step in case.steps if step.clock == ACCEPT), default=0)
    _add_step(case, ACCEPT, number, "ask_next").due_at = due_at


def stop_asking(case: Case) -> None:
    for step in case.steps:
        if step.clock == ACCEPT and step.fired_at is None:
            step.due_at = None


def clocks_of(ticket: TicketRecord, records: Iterable[ClockRecord], policy: FrozenPolicy | None = None) -> TicketClocks:
    """`policy`: the ticket's own, when the caller has read it."""
    return TicketClocks(
        policy=policy or FrozenPolicy.from_json(ticket.policy),
        priority=Priority(ticket.priority),
        tier=ticket.tier,
        windows=tuple(Window.from_json(kept) for kept in ticket.excluded or ()),
        kept={record.name: kept_of(record) for record in records},
    )


def kept_of(record: ClockRecord) -> Kept:
    clock = SlaClock(
        target=timedelta(seconds=record.target_s),
        since=record.since,
        left=timedelta(seconds=record.left_s),
        due_at=record.due_at,
    )
    return Kept(clock, record.calendar, record.done_at, record.late, record.round, Terms.from_json(record.terms))


def _clocks(case: Case) -> TicketClocks:
    return clocks_of(case.ticket, case.clocks)


def _keep(case: Case, clocks: TicketClocks) -> None:
    records = {record.name: record for record in case.clocks}
    for name, kept in clocks.kept.items():
        record = records.get(name) or _add_clock(case, name)
        record.calendar, record.round = kept.calendar, kept.round
        record.done_at, record.late = kept.done_at, kept.late
        record.target_s = kept.clock.target.total_seconds()
        record.left_s = kept.clock.left.total_seconds()
        record.since, record.due_at = kept.clock.since, kept.clock.due_at
        record.terms = kept.terms.to_json() if kept.terms is not None else None
    _hang(case, clocks)
    case.ticket.next_due_at = min((record.due_at for record in case.clocks if record.due_at), default=None)


def _hang(case: Case, clocks: TicketClocks) -> None:
    """Steps that have not fired follow their clock, also into its next round; there those that fired are new again."""
    waiting = {(entry.clock, entry.share_pct): entry for entry in case.steps if entry.fired_at is None}
    fired = {(entry.clock, entry.round, entry.share_pct) for entry in case.steps if entry.fired_at is not None}
    for step in clocks.steps():
        if (step.clock, step.round, step.at_pct) not in fired:
            entry = waiting.get((step.clock, step.at_pct)) or _add_step(case, step.clock, step.at_pct, step.do)
            entry.round, entry.due_at = step.round, step.due_at


def _add_clock(case: Case, name: str) -> ClockRecord:
    record = ClockRecord(ticket_id=case.ticket.id, name=name)
    case.clocks.append(record)
    case.session.add(record)
    return record


def _add_step(case: Case, clock: str, share_pct: int, action: str) -> StepRecord:
    step = StepRecord(ticket_id=case.ticket.id, clock=clock, share_pct=share_pct, round=1, action=action)
    case.steps.append(step)
    case.session.add(step)
    return step
