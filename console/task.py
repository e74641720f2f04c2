"""The page of tasks that recur: the coming runs, the open ones, and what became of the last ones."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from console.gate import Me
from console.render import is_fragment, page
from escalation.client import TaskRun

router = APIRouter()

DAYS = {"7": 7, "30": 30, "90": 90}  # how far the page looks ahead
USUAL_DAYS = 14

STATES = {
    "coming": ("Coming", "pending"),
    "due": ("Due", "acknowledged"),
    "started": ("Started", "inProgress"),
    "overdue": ("Overdue", "overdue"),
    "done": ("Done", "closed"),
    "dropped": ("Cancelled", "cancelled"),
    "not_opened": ("Missed, not opened", "overdue"),
}


@router.get("/tasks")
async def show(request: Request, me: Me, days: Annotated[str, Query(max_length=20)] = "") -> Response:
    """An unknown number of days is as good as none."""
    ahead = DAYS.get(days, USUAL_DAYS)
    agenda = await request.app.state.desk.tasks(me.username, days=ahead)
    template = "tasks_now.html" if is_fragment(request) else "tasks.html"
    return page(request, template, me=me, agenda=agenda, days=ahead, wording=wording)


def wording(run: TaskRun) -> tuple[str, str]:
    """The state in words, and the mark that stands before it."""
    words, mark = STATES[run.state]
    if run.missed and run.state != "not_opened":
        words = f"{words}, opened late"
    return words, mark
