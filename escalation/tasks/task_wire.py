"""What crosses the door about tasks that recur."""

from typing import Literal

from pydantic import AwareDatetime

from escalation.storable import Wire

RunState = Literal["coming", "due", "started", "overdue", "done", "dropped", "not_opened"]


class TaskRun(Wire):
    """`dropped`: rejected or cancelled; `not_opened`: missed, and so old that no ticket was made of it."""

    task: str
    name: str
    starts_at: AwareDatetime
    due_at: AwareDatetime
    state: RunState
    missed: bool = False
    reference: str | None = None
    agent_name: str | None = None


class TaskAgenda(Wire):
    """The coming runs and the open ones, the earliest first; what became of the last ones, the newest first."""

    coming: tuple[TaskRun, ...]
    open: tuple[TaskRun, ...]
    past: tuple[TaskRun, ...]
