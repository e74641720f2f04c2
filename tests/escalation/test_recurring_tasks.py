"""Runs of tasks become tickets exactly once, whatever becomes of the watch; what was missed is decided as stated."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from escalation import audit
from escalation.errors import NotAllowed
from escalation.records import TicketRecord
from escalation.tasks.agenda import agenda
from escalation.tasks.runs import decide, open_due
from escalation.tasks.task_record import TaskRunRecord
from escalation.tasks.task_wire import TaskRun
from escalation.tasks.tasks_file import MissedEntry, TaskEntry, TasksFile
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift

TEN_PAST_SEVEN = timedelta(hours=21, minutes=10)  # after Monday 10:00
MISSED = MissedEntry(after=timedelta(minutes=15), open_latest=1)
EXTRACT = TaskEntry.model_validate(
    {
        "name": "Usage extract",
        "rule": "FREQ=DAILY",
        "first": date(2026, 1, 1),
        "at": "07:00",
        "zone": "UTC",
        "calendar": "always",
        "off_day": "skip",
        "lasts": "3h",
        "department": "mediation",
        "tier": 3,
        "signals": {"revenue_at_risk": True},
        "checklist": ["Volumes compared"],
    }
)


@pytest.fixture
async def daily(shift: Shift) -> Shift:
    """An operator with one task, known to the watch since Monday at 10."""
    tasks = TasksFile(missed=MISSED, tasks={"extract": EXTRACT})
    shift.office = replace(shift.office, policy=replace(shift.office.policy, tasks=tasks))
    assert await open_due(shift.office) == 0
    return shift


async def tickets(shift: Shift) -> list[TicketRecord]:
    async with shift.office.sessions() as session:
        return list(await session.scalars(select(TicketRecord).order_by(TicketRecord.created_at)))


async def runs(shift: Shift) -> list[tuple[date, bool, bool]]:
    """Day, whether it was missed, whether it has a ticket."""
    async with shift.office.sessions() as session:
        found = await session.scalars(select(TaskRunRecord).order_by(TaskRunRecord.day))
        return [(run.day, run.missed, run.ticket_id is not None) for run in found]


async def listed(shift: Shift) -> tuple[list[str], list[str]]:
    found = await agenda(shift.office, "sam.okoye", days=3)
    return [run.state for run in found.open], [run.state for run in found.past]


async def test_a_run_that_is_due_is_a_ticket_with_its_form_and_its_clocks(daily: Shift) -> None:
    daily.watch.advance(hours=21)  # Tuesday 07:00

    assert await open_due(daily.office) == 1

    (ticket,) = await tickets(daily)
    assert (ticket.kind, ticket.department, ticket.tier, ticket.name) == (
        "operational-task",
        "mediation",
        3,
        "Usage extract",
    )
    assert ticket.form == {
        "starts_at": "2026-11-24T07:00:00Z",
        "due_at": "2026-11-24T10:00:00Z",
        "checklist": ["Volumes compared"],
    }
    read = await daily.read(ticket.reference)
    assert {clock.name: clock.state for clock in read.clocks}["resolve"] == "running"
    assert read.problem == "Usage extract, Tuesday 24 November 2026"
    assert [sms["to"] for sms in await daily.events("sms")]  # whoever of level 3 is responsible


async def test_before_its_time_there_is_nothing(daily: Shift) -> None:
    daily.watch.advance(hours=20, minutes=59, seconds=59)

    assert await open_due(daily.office) == 0


async def test_two_watches_at_once_and_many_looks_open_it_once(daily: Shift) -> None:
    daily.watch.advance(hours=21)

    opened = await asyncio.gather(*(open_due(daily.office) for _ in range(4)))
    opened += [await open_due(daily.office) for _ in range(3)]

    assert sum(opened) == 1
    assert len(await tickets(daily)) == 1


async def test_a_watch_that_was_down_for_days_opens_the_latest_and_records_the_others(daily: Shift) -> None:
    daily.watch.advance(days=3, hours=4)  # Thursday 14:00

    assert await open_due(daily.office) == 1

    assert await runs(daily) == [
        (date(2026, 11, 24), True, False),
        (date(2026, 11, 25), True, False),
        (date(2026, 11, 26), True, True),
    ]
    (ticket,) = await tickets(daily)
    assert ticket.form["missed"] is True
    assert ("watch", "missed") in [(line.who, line.what) for line in (await daily.read(ticket.reference)).audit]
    assert await listed(daily) == (["overdue"], ["not_opened", "not_opened"])


async def test_a_missed_run_moves_up_by_the_clocks_and_the_clocks_can_be_proven(daily: Shift) -> None:
    daily.watch.advance(days=1, hours=4)
    await open_due(daily.office)

    found = await audit.audit(daily.office, days=1, within=timedelta(hours=1))

    assert found.differences == []
    (ticket,) = await tickets(daily)
    assert ticket.next_due_at is not None


async def test_a_time_of_day_that_is_changed_opens_no_second_run_of_the_day(daily: Shift) -> None:
    daily.watch.advance(hours=21)
    await open_due(daily.office)
    later = EXTRACT.model_copy(update={"at": time(9)})
    tasks = TasksFile(missed=MISSED, tasks={"extract": later})
    daily.office = replace(daily.office, policy=replace(daily.office.policy, tasks=tasks))
    daily.watch.advance(hours=2)

    assert await open_due(daily.office) == 0

    assert len(await tickets(daily)) == 1


async def test_a_new_task_has_no_past(shift: Shift) -> None:
    assert await open_due(shift.office) == 0
    shift.watch.advance(minutes=5)

    assert await open_due(shift.office) == 0
    assert await tickets(shift) == []


async def test_a_run_is_due_then_started_then_overdue_then_done(daily: Shift) -> None:
    daily.watch.advance(hours=21)
    await open_due(daily.office)
    (ticket,) = await tickets(daily)

    seen = [await listed(daily)]
    await daily.act("sam.okoye", ticket.reference, "accept")
    seen.append(await listed(daily))
    daily.watch.advance(hours=3, seconds=1)
    seen.append(await listed(daily))
    await daily.act("sam.okoye", ticket.reference, "resolve", text="All partners are in.")
    seen.append(await listed(daily))

    assert seen == [(["due"], []), (["started"], []), (["overdue"], []), ([], ["done"])]


async def test_other_companies_do_not_see_the_operators_tasks(daily: Shift) -> None:
    with pytest.raises(NotAllowed):
        await agenda(daily.office, "victor.lang", days=7)


async def test_the_agenda_goes_through_the_door(running: Running) -> None:
    await open_due(running.office)

    found = await running.client.tasks("sam.okoye", days=30)

    assert {run.task for run in found.coming} == {
        "bill-run",
        "database-backup",
        "exchange-inspection",
        "interconnect-usage",
    }
    assert all(isinstance(run, TaskRun) for run in found.coming)


async def test_every_task_that_ships_opens(shift: Shift) -> None:
    await open_due(shift.office)
    shift.watch.advance(days=35)

    await open_due(shift.office)

    async with shift.office.sessions() as session:
        query = select(TaskRunRecord.task, func.count(TaskRunRecord.ticket_id)).group_by(TaskRunRecord.task)
        opened = {run.task: run[1] for run in await session.execute(query)}
    assert opened == dict.fromkeys(shift.office.policy.tasks.tasks, 1)


@pytest.mark.parametrize(("open_latest", "opened"), [(0, ["on time"]), (1, ["late", "on time"]), (9, None)])
def test_how_many_missed_runs_are_opened_is_policy(open_latest: int, opened: list[str] | None) -> None:
    now = datetime(2026, 11, 26, 7, 10, tzinfo=UTC)
    seen = {"oldest": now - timedelta(days=2), "late": now - timedelta(days=1), "on time": now - timedelta(minutes=10)}
    asked = [(at.date(), at) for at in seen.values()]

    fates = decide(asked, now, MissedEntry(after=timedelta(minutes=15), open_latest=open_latest))

    assert [name for name, (_, is_opened) in zip(seen, fates.items(), strict=True) if is_opened] == (
        opened or list(seen)
    )
