"""The queue: which tickets wait, for whom, and how long they still may."""

from typing import Annotated, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console import view
from console.desk import Desk
from console.gate import Me
from console.render import is_fragment, page
from escalation.client import Person, TicketRow, View

router = APIRouter()

PAGE_ROWS = 100
SCAN_PAGES = 10  # how far a filter escalation does not know is looked for


class Filters(BaseModel):
    """As in the address bar; an unknown value is as good as none."""

    model_config = ConfigDict(frozen=True)

    view: str = ""
    priority: str = ""
    tier: str = ""
    department: str = ""
    status: str = ""
    search: str = Field(default="", max_length=200)
    page: int = Field(default=1, ge=1, le=10_000)

    def known(self, me: Person) -> "Filters":
        """Who works in a tier starts with it, everybody else with all that exists for them."""
        default: View = "tier" if me.role == "agent" else "all"
        return self.model_copy(
            update={
                "view": self.view if self.view in get_args(View) else default,
                "priority": self.priority if self.priority in view.PRIORITIES else "",
                "tier": self.tier if self.tier in map(str, view.TIERS) else "",
                "department": self.department if self.department in view.DEPARTMENTS else "",
                "status": self.status if self.status in view.STATUSES else "",
                "search": self.search.strip(),
            }
        )

    def address(self, base: str, page_number: int) -> str:
        return f"{base}/?{urlencode({**self.model_dump(), 'page': page_number})}"


@router.get("/")
async def show(request: Request, me: Me, asked: Annotated[Filters, Query()]) -> Response:
    filters = asked.known(me)
    rows, has_more = await find(request.app.state.desk, me.username, filters)
    base = request.scope.get("root_path", "")
    return page(
        request,
        "queue_table.html" if is_fragment(request) else "queue.html",
        me=me,
        filters=filters,
        rows=rows,
        has_more=has_more,
        late=sum(row.left_s is not None and row.left_s < 0 for row in rows),
        offers=[] if is_fragment(request) else await request.app.state.desk.offers(me.username),
        waiting=sum(row.live and row.assignee is None for row in rows),
        previous=filters.address(base, filters.page - 1) if filters.page > 1 else "",
        following=filters.address(base, filters.page + 1) if has_more else "",
        departments=[(code, view.name_of(code)) for code in view.DEPARTMENTS],
    )


async def find(desk: Desk, username: str, filters: Filters) -> tuple[list[TicketRow], bool]:
    """One page of tickets, and whether more follow.

    Escalation does not filter by priority: with that filter its pages are read on until one of ours is full.
    """
    skipped, first = 0, (filters.page - 1) * PAGE_ROWS
    if not filters.priority:
        rows = await _rows(desk, username, filters, offset=first)
        return rows[:PAGE_ROWS], len(rows) > PAGE_ROWS
    found: list[TicketRow] = []
    for scanned in range(SCAN_PAGES):
        rows = await _rows(desk, username, filters, offset=scanned * PAGE_ROWS)
        fitting = [row for row in rows[:PAGE_ROWS] if row.priority == filters.priority]
        found += fitting[max(0, first - skipped) :]
        skipped += min(len(fitting), max(0, first - skipped))
        if len(rows) <= PAGE_ROWS or len(found) > PAGE_ROWS:
            break
    return found[:PAGE_ROWS], len(found) > PAGE_ROWS


async def _rows(desk: Desk, username: str, filters: Filters, *, offset: int) -> list[TicketRow]:
    """One row more than a page, to know whether another page follows."""
    return await desk.queue(
        username,
        view=cast(View, filters.view),
        tier=int(filters.tier) if filters.tier else None,
        department=filters.department or None,
        status=filters.status or None,
        search=filters.search or None,
        limit=PAGE_ROWS + 1,
        offset=offset,
    )
