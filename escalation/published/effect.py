"""What another policy would change: each ticket begun under both, as if it opened now. Pure but for the query."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.beginning import Beginning, begin
from escalation.policy import Policy
from escalation.priority import Priority
from escalation.published.policy_wire import Change, Effect, Example
from escalation.records import TicketRecord
from escalation.signals import SCALES, Signals
from escalation.ticket import OPEN
from escalation.ticket_clocks import TicketClocks

MOST = 2000  # tickets looked at, the newest; 0.3 ms each
EXAMPLES = 5
_TROUBLES: tuple[Mapping[str, object], ...] = (
    {},
    {"service": "down"},
    {"safety": True, "affected": "many"},
    {"revenue_at_risk": True},
)
_OPEN = (TicketRecord.status.in_(OPEN), TicketRecord.closed_at.is_(None), TicketRecord.deleted_at.is_(None))


@dataclass(frozen=True, slots=True)
class Opened:
    """What of an open ticket decides how it begins."""

    reference: str
    signals: Signals
    system: str | None
    filed_by: str | None
    has_customer: bool


@dataclass(frozen=True, slots=True)
class OpenTickets:
    count: int
    newest: Sequence[Opened]  # all of them, where there are no more than `MOST`


async def open_tickets(session: AsyncSession) -> OpenTickets:
    count = await session.scalar(select(func.count()).select_from(TicketRecord).where(*_OPEN))
    found = await session.execute(
        select(
            TicketRecord.reference,
            TicketRecord.signals,
            TicketRecord.category,
            TicketRecord.system,
            TicketRecord.filed_by,
            TicketRecord.contact_id,
        )
        .where(*_OPEN)
        .order_by(TicketRecord.created_at.desc(), TicketRecord.id)
        .limit(MOST)
    )
    newest = []
    for row in found:
        signals = Signals.model_validate({"category": row.category, "reason": "filed", **row.signals})
        waits = bool(row.contact_id or row.filed_by or signals.reachable or signals.customer_id)
        newest.append(Opened(row.reference, signals, row.system, row.filed_by, waits))
    return OpenTickets(count or 0, newest)


def effect(present: Policy, proposed: Policy, tickets: OpenTickets, now: datetime) -> Effect:
    """With as many sorts of changes among the examples as there is room for."""
    counted: Counter[str] = Counter()
    examples: dict[frozenset[str], Example] = {}
    for ticket in tickets.newest:
        changes = tuple(_changes(present, proposed, ticket, now))
        if not changes:
            continue
        counted["changed"] += 1
        sorts = frozenset(_sort(change.what) for change in changes)
        counted.update(sorts)
        examples.setdefault(sorts, Example(reference=ticket.reference, changes=changes))
    numbers = {name: counted[name] for name in ("changed", "priority", "queue", "level", "deadline")}
    looked_at = len(tickets.newest)
    shown = tuple(examples.values())[:EXAMPLES]
    return Effect(open=tickets.count, looked_at=looked_at, examples=shown, **numbers)


def rehearse(proposed: Policy, now: datetime) -> str | None:
    """What prevents a ticket from opening, or None: a file can be valid and its numbers still lead nowhere.

    Every topic and segment is tried, with the clocks of every priority.
    """
    for topic, segment, trouble in product(proposed.routing.categories, SCALES["segment"], _TROUBLES):
        signals = Signals.model_validate({"category": topic, "reason": "filed", "segment": segment, **trouble})
        try:
            begun = begin(proposed, signals, now)
            for priority in Priority if not trouble else ():
                TicketClocks.open(begun.frozen, priority, begun.asked.tier, now)
        except (ArithmeticError, LookupError, ValueError) as error:
            return f"a ticket about {topic} could not be opened: {error}"
    return None


def _sort(what: str) -> str:
    return what if what in ("priority", "queue", "level") else "deadline"


def _changes(present: Policy, proposed: Policy, ticket: Opened, now: datetime) -> Iterator[Change]:
    was, will = _begun(present, ticket, now), _begun(proposed, ticket, now)
    for what, one, other in (
        ("priority", was.assessment.priority, will.assessment.priority),
        ("queue", _queue(present, was), _queue(proposed, will)),
        ("level", str(was.asked.tier), str(will.asked.tier)),
    ):
        if one != other:
            yield Change(what=what, was=one, now=other)
    for clock in dict.fromkeys([*was.clocks.kept, *will.clocks.kept]):
        before, after = _due(was, clock), _due(will, clock)
        if before != after:
            yield Change(what=clock, was=before, now=after)


def _begun(policy: Policy, ticket: Opened, now: datetime) -> Beginning:
    return begin(policy, ticket.signals, now, ticket.system, filed_by=ticket.filed_by, has_customer=ticket.has_customer)


def _queue(policy: Policy, begun: Beginning) -> str:
    department = policy.routing.departments[begun.department].name
    queue = policy.queue_name(begun.department, begun.asked.tier)
    return queue if queue == department else f"{queue} ({department})"


def _due(begun: Beginning, clock: str) -> str:
    kept = begun.clocks.kept.get(clock)
    return kept.clock.due_at.isoformat() if kept is not None and kept.clock.due_at is not None else ""
