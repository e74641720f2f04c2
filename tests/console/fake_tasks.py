"""Runs of tasks as a morning leaves them: one open and overdue, one begun, one missed, those that come."""

from datetime import UTC, datetime, timedelta
from typing import Any

from escalation.client import TaskAgenda, TaskRun

EIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)


def agenda() -> TaskAgenda:
    return TaskAgenda(
        coming=(
            _run("Database backup", hours=17, state="coming"),
            _run("Monthly bill run <b>", hours=140, lasts=6, state="coming"),
        ),
        open=(
            _run("Database backup", hours=-6, state="overdue", missed=True, reference="FL-90000003"),
            _run("Inspection of the exchanges", hours=1, state="started", reference="FL-90000004", agent_name="Omar"),
        ),
        past=(
            _run("Interconnect usage extract", hours=-49, state="done", reference="FL-90000002"),
            _run("Database backup", hours=-54, state="not_opened", missed=True),
        ),
    )


def _run(name: str, *, hours: float, lasts: float = 3, **known: Any) -> TaskRun:
    starts_at = EIGHT + timedelta(hours=hours)
    return TaskRun(
        task=name.lower().replace(" ", "-"),
        name=name,
        starts_at=starts_at,
        due_at=starts_at + timedelta(hours=lasts),
        **known,
    )
