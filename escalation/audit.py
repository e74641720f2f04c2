"""`python -m escalation.audit`: proves from the audit trail that every step of every clock fired when it should."""

import argparse
import asyncio
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import policy
from escalation.clockwork import ACCEPT, kept_of
from escalation.database import connect, sessions_of
from escalation.frozen import frozen_policies
from escalation.office import Office
from escalation.policy import FrozenPolicy
from escalation.reckoning import Entry, Key, differences, is_complete, reckon
from escalation.records import AuditRecord, StepRecord, TicketRecord
from escalation.store import clocks_of
from escalation.ticket import Status
from escalation.ticket_clocks import Kept
from settings import load

WITHIN = timedelta(minutes=1)  # the watch looks every second
DAYS = 30
AT_ONCE = 100  # tickets read in one transaction


@dataclass(slots=True)
class Findings:
    checked: int = 0
    uncheckable: int = 0  # opened before the trail kept all that moves a clock
    differences: list[str] = field(default_factory=list)  # each with its ticket's reference


@dataclass(frozen=True, slots=True)
class _Read:
    """A ticket as the database has it."""

    reference: str
    policy: FrozenPolicy
    trail: Sequence[Entry]
    fired: Mapping[Key, datetime]
    kept: Mapping[str, Kept]


async def audit(
    office: Office, *, days: int = DAYS, within: timedelta = WITHIN, apart: timedelta = timedelta()
) -> Findings:
    """Every ticket that is open, or was closed in these days. Changes nothing. `apart`: as in reckoning.py."""
    since, found = office.now() - timedelta(days=days), Findings()
    async with office.sessions() as session:
        ids = await session.scalars(
            select(TicketRecord.id)
            .where(
                TicketRecord.deleted_at.is_(None), or_(TicketRecord.closed_at.is_(None), TicketRecord.closed_at > since)
            )
            .order_by(TicketRecord.created_at)
        )
        tickets = list(ids)
    for begin in range(0, len(tickets), AT_ONCE):
        async with office.sessions() as session:
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            now = office.now()
            read = await _read(session, tickets[begin : begin + AT_ONCE])
        for one in read:
            _check(one, now, found, within=within, apart=apart)
            await asyncio.sleep(0)  # the clocks do not wait for the proof
    return found


async def _read(session: AsyncSession, ids: Sequence[UUID]) -> list[_Read]:
    """All as of one moment; each policy once, however many tickets are under it."""
    digest = func.md5(cast(TicketRecord.policy, Text))
    rows = await session.execute(
        select(TicketRecord.id, TicketRecord.reference, digest).where(TicketRecord.id.in_(ids))
    )
    tickets = rows.all()
    policies = await frozen_policies(session, {ticket_id: digest for ticket_id, _, digest in tickets})
    trails: dict[UUID, list[Entry]] = defaultdict(list)
    lines = select(AuditRecord.ticket_id, AuditRecord.at, AuditRecord.what, AuditRecord.status, AuditRecord.facts)
    lines = lines.where(AuditRecord.ticket_id.in_(ids)).order_by(AuditRecord.id)
    for ticket_id, at, what, status, facts in await session.execute(lines):
        trails[ticket_id].append(Entry(at, what, Status(status) if status else None, facts or {}))
    fired: dict[UUID, dict[Key, datetime]] = defaultdict(dict)
    steps = select(StepRecord.ticket_id, StepRecord.clock, StepRecord.round, StepRecord.share_pct, StepRecord.fired_at)
    steps = steps.where(StepRecord.ticket_id.in_(ids), StepRecord.clock != ACCEPT)
    for ticket_id, clock, number, share_pct, fired_at in await session.execute(steps):
        if fired_at is not None:
            fired[ticket_id][clock, number, share_pct] = fired_at
    clocks = await clocks_of(session, list(ids))
    return [
        _Read(
            reference,
            policies[ticket_id],
            trails[ticket_id],
            fired[ticket_id],
            {record.name: kept_of(record) for record in clocks[ticket_id]},
        )
        for ticket_id, reference, _ in tickets
    ]


def _check(read: _Read, now: datetime, found: Findings, *, within: timedelta, apart: timedelta) -> None:
    if not is_complete(read.trail):
        found.uncheckable += 1
        return
    reckoned = reckon(read.policy, read.trail, now)
    found.checked += 1
    told = differences(reckoned, read.fired, read.kept, within=within, apart=apart)
    found.differences += [f"{read.reference}: {difference}" for difference in told]


async def _run(days: int, within: timedelta, apart: timedelta) -> Findings:
    settings = load()
    engine = connect(settings)
    try:
        office = Office(sessions_of(engine), policy.load(), settings.firstline_operator_name)
        return await audit(office, days=days, within=within, apart=apart)
    finally:
        await engine.dispose()


def main(given: Sequence[str] | None = None) -> int:
    """The exit code is 1 when something differs."""
    parser = argparse.ArgumentParser(prog="python -m escalation.audit", description="Checks what the clocks fired.")
    parser.add_argument("--days", type=int, default=DAYS, help=f"closed tickets of so many days too ({DAYS})")
    parser.add_argument("--within", type=int, default=60, metavar="SECONDS", help="a step fires so soon (60)")
    parser.add_argument(
        "--apart", type=int, default=0, metavar="SECONDS", help="so far the clocks of our machines differed (0)"
    )
    asked = parser.parse_args(given)
    found = asyncio.run(_run(asked.days, timedelta(seconds=asked.within), timedelta(seconds=asked.apart)))
    for line in found.differences:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(
        f"{found.checked} tickets checked, {len(found.differences)} differences; "
        f"{found.uncheckable} opened before their trail could be checked\n"
    )
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main())
