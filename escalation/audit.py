"""`python -m escalation.audit`: proves from the audit trail that every step of every clock fired when it should."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import policy
from escalation.clockwork import ACCEPT, kept_of
from escalation.database import connect, sessions_of
from escalation.office import Office
from escalation.policy import FrozenPolicy
from escalation.reckoning import Entry, differences, is_complete, reckon
from escalation.records import TicketRecord
from escalation.store import audit_of, case_of
from escalation.ticket import Status
from settings import load

WITHIN = timedelta(minutes=1)  # the watch looks every second
DAYS = 30


@dataclass(slots=True)
class Findings:
    checked: int = 0
    uncheckable: int = 0  # opened before the trail kept all that moves a clock
    differences: list[str] = field(default_factory=list)  # each with its ticket's reference


async def audit(office: Office, *, days: int = DAYS, within: timedelta = WITHIN) -> Findings:
    """Every ticket that is open, or was closed in these days. Changes nothing."""
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
    for ticket_id in tickets:
        async with office.sessions() as session:
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            await _check(session, ticket_id, office.now(), within, found)
    return found


async def _check(session: AsyncSession, ticket_id: UUID, now: datetime, within: timedelta, found: Findings) -> None:
    ticket = await session.get(TicketRecord, ticket_id)
    if ticket is None:
        return
    trail = [
        Entry(line.at, line.what, Status(line.status) if line.status else None, line.facts or {})
        for line in await audit_of(session, ticket_id)
    ]
    if not is_complete(trail):
        found.uncheckable += 1
        return
    case = await case_of(session, ticket)
    fired = {
        (step.clock, step.round, step.share_pct): step.fired_at
        for step in case.steps
        if step.fired_at is not None and step.clock != ACCEPT
    }
    kept = {record.name: kept_of(record) for record in case.clocks}
    reckoned = reckon(FrozenPolicy.from_json(ticket.policy), trail, now)
    found.checked += 1
    found.differences += [f"{ticket.reference}: {told}" for told in differences(reckoned, fired, kept, within=within)]


async def _run(days: int, within: timedelta) -> Findings:
    settings = load()
    engine = connect(settings)
    try:
        office = Office(sessions_of(engine), policy.load(), settings.firstline_operator_name)
        return await audit(office, days=days, within=within)
    finally:
        await engine.dispose()


def main(given: Sequence[str] | None = None) -> int:
    """The exit code is 1 when something differs."""
    parser = argparse.ArgumentParser(prog="python -m escalation.audit", description="Checks what the clocks fired.")
    parser.add_argument("--days", type=int, default=DAYS, help=f"closed tickets of so many days too ({DAYS})")
    parser.add_argument("--within", type=int, default=60, metavar="SECONDS", help="a step fires so soon (60)")
    asked = parser.parse_args(given)
    found = asyncio.run(_run(asked.days, timedelta(seconds=asked.within)))
    for line in found.differences:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(
        f"{found.checked} tickets checked, {len(found.differences)} differences; "
        f"{found.uncheckable} opened before their trail could be checked\n"
    )
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main())
