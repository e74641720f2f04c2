"""Opens the runs that are due as tickets, each exactly once, and decides what becomes of those that were missed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from escalation import opening
from escalation.events import tell_staff
from escalation.filed import Filing
from escalation.form_check import department_for, form_for
from escalation.kind import Kind
from escalation.office import Office
from escalation.policy import Policy
from escalation.signals import Signals
from escalation.store import Case
from escalation.tasks.task_record import TaskRecord, TaskRunRecord
from escalation.tasks.tasks_file import MissedEntry, TaskEntry

WHO = "watch"
NOTED_EVERY = timedelta(hours=1)  # how far a rule that is changed can reach back
Run = tuple[date, datetime]  # its day, and when it begins


async def open_due(office: Office) -> int:
    """Open what has become due since the last look; how many tickets.

    A task that is new has no past: its runs count from now.
    """
    async with office.sessions() as session:
        known = {record.task: record.seen_until for record in await session.scalars(select(TaskRecord))}
    now, tasks = office.now(), office.policy.tasks.tasks
    changed = [key for key, task in tasks.items() if _has_news(office.policy, task, known.get(key), now)]
    return sum([await _look(office, key, tasks[key]) for key in changed])


def _has_news(policy: Policy, task: TaskEntry, seen_until: datetime | None, now: datetime) -> bool:
    if seen_until is None or now - seen_until >= NOTED_EVERY:
        return True
    return bool(_runs(policy, task, after=seen_until, until=now))


async def _look(office: Office, key: str, task: TaskEntry) -> int:
    """The task's own lock makes one watch decide; a run that is recorded is never decided again."""
    async with office.change() as session:
        now = office.now()
        await session.execute(insert(TaskRecord).values(task=key, seen_until=now).on_conflict_do_nothing())
        record = await session.scalar(
            select(TaskRecord).where(TaskRecord.task == key).with_for_update(skip_locked=True)
        )
        if record is None or record.seen_until >= now:
            return 0
        runs = _runs(office.policy, task, after=record.seen_until, until=now)
        decided = await session.scalars(
            select(TaskRunRecord.day).where(TaskRunRecord.task == key, TaskRunRecord.day.in_([day for day, _ in runs]))
        )
        known = set(decided)
        fates = decide([run for run in runs if run[0] not in known], now, office.policy.tasks.missed)
        record.seen_until = now
        for (day, starts_at), is_opened in fates.items():
            await _settle(office, session, key, task, day=day, starts_at=starts_at, is_opened=is_opened)
        return sum(fates.values())


def decide(runs: Sequence[Run], now: datetime, missed: MissedEntry) -> Mapping[Run, bool]:
    """Which of the runs, the oldest first, become tickets: those in time, and the newest of those that were missed."""
    late = [run for run in runs if is_missed(run[1], now, missed)]
    too_old = set(late[: max(0, len(late) - missed.open_latest)])
    return {run: run not in too_old for run in runs}


def is_missed(starts_at: datetime, now: datetime, missed: MissedEntry) -> bool:
    return now - starts_at > missed.after


async def _settle(
    office: Office, session: AsyncSession, key: str, task: TaskEntry, *, day: date, starts_at: datetime, is_opened: bool
) -> None:
    now = office.now()
    missed = is_missed(starts_at, now, office.policy.tasks.missed)
    case = await _open(office, session, task, day=day, starts_at=starts_at, missed=missed) if is_opened else None
    session.add(
        TaskRunRecord(
            task=key,
            day=day,
            name=task.name,
            starts_at=starts_at,
            due_at=starts_at + task.lasts,
            decided_at=now,
            missed=missed,
            ticket_id=case.ticket.id if case else None,
        )
    )


async def _open(
    office: Office, session: AsyncSession, task: TaskEntry, *, day: date, starts_at: datetime, missed: bool
) -> Case:
    form = form_for(office.policy, Kind.OPERATIONAL_TASK, _form(task, starts_at, missed=missed))
    signals = Signals(
        category=task.topic or office.policy.kinds.kinds[Kind.OPERATIONAL_TASK].topic,
        reason="filed",
        problem=f"{task.name}, {day:%A} {day.day} {day:%B %Y}",
        department=task.department or department_for(office.policy, form),
        **task.signals.model_dump(),
    )
    filing = Filing(Kind.OPERATIONAL_TASK, form, name=task.name, tier=task.tier)
    case = await opening.open_ticket(office, session, None, signals, who=WHO, filing=filing)
    if missed:
        case.audit(office.now(), WHO, "missed", f"was due at {starts_at.isoformat(timespec='minutes')}")
        tell_staff(office, case, "missed")
    return case


def _form(task: TaskEntry, starts_at: datetime, *, missed: bool) -> dict[str, object]:
    given = {
        "starts_at": starts_at.isoformat(),
        "due_at": (starts_at + task.lasts).isoformat(),
        "system": task.system,
        "procedure": task.procedure,
        "checklist": list(task.checklist),
        "missed": True if missed else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _runs(policy: Policy, task: TaskEntry, *, after: datetime, until: datetime) -> list[Run]:
    return task.recurrence.runs(policy.calendars[task.calendar], after=after, until=until)
