"""The coming runs of tasks, the open ones, and what became of the last ones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from escalation.errors import NotAllowed
from escalation.office import Office
from escalation.policy import Policy
from escalation.records import TicketRecord
from escalation.sight import one_of_us, role_of
from escalation.tasks.task_record import TaskRunRecord
from escalation.tasks.task_wire import RunState, TaskAgenda, TaskRun
from escalation.ticket import OPEN, Status

MOST = 200  # runs of one list
_SOLVED = frozenset({Status.RESOLVED, Status.CLOSED})
_OPEN_STATES = [str(status) for status in OPEN]


def coming(policy: Policy, *, after: datetime, until: datetime) -> list[TaskRun]:
    """Runs of every task that begin after `after` and not after `until`, the earliest first."""
    runs = [
        TaskRun(task=key, name=task.name, starts_at=at, due_at=at + task.lasts, state="coming")
        for key, task in policy.tasks.tasks.items()
        for _, at in task.recurrence.runs(policy.calendars[task.calendar], after=after, until=until)
    ]
    return sorted(runs, key=lambda run: (run.starts_at, run.task))


async def agenda(office: Office, username: str, *, days: int) -> TaskAgenda:
    """For those who see every ticket. Raises NotAllowed."""
    person = one_of_us(office.policy.people, username)
    if role_of(person).sees != "all":
        raise NotAllowed(f"{person.name} does not see the operator's tasks")
    now = office.now()
    is_open = TicketRecord.status.in_(_OPEN_STATES)
    return TaskAgenda(
        coming=tuple(coming(office.policy, after=now, until=now + timedelta(days=days))[:MOST]),
        open=await _runs(office, _decided(is_open).order_by(TaskRunRecord.due_at)),
        past=await _runs(
            office, _decided(TicketRecord.id.is_(None) | ~is_open).order_by(TaskRunRecord.starts_at.desc())
        ),
    )


def state_of(run: TaskRunRecord, ticket: TicketRecord | None, now: datetime) -> RunState:
    if ticket is None:
        return "not_opened"
    if ticket.status not in OPEN:
        return "done" if ticket.status in _SOLVED else "dropped"
    if now > run.due_at:
        return "overdue"
    return "started" if ticket.accepted_at is not None else "due"


def _decided(which: ColumnElement[bool]) -> Select[TaskRunRecord, TicketRecord]:
    """A run whose ticket was deleted is as one that was never opened."""
    there = (TicketRecord.id == TaskRunRecord.ticket_id) & TicketRecord.deleted_at.is_(None)
    return select(TaskRunRecord, TicketRecord).outerjoin(TicketRecord, there).where(which).limit(MOST)


async def _runs(office: Office, query: Select[TaskRunRecord, TicketRecord]) -> tuple[TaskRun, ...]:
    now, people = office.now(), office.policy.people
    async with office.sessions() as session:
        rows: Sequence[Any] = (await session.execute(query)).all()
    return tuple(
        TaskRun(
            task=run.task,
            name=run.name,
            starts_at=run.starts_at,
            due_at=run.due_at,
            state=state_of(run, ticket, now),
            missed=run.missed,
            reference=ticket.reference if ticket is not None else None,
            agent_name=people[ticket.assignee].name if ticket is not None and ticket.assignee in people else None,
        )
        for run, ticket in rows
    )
