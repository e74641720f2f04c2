"""The queue: which tickets wait, for whom, and how long they still may."""

import asyncio
from typing import Annotated, Any, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console import view
from console.desk import Desk
from console.gate import Me
from console.render import is_fragment, page
from escalation.client import Person, Priority, Segment, TicketRow, View

router = APIRouter()

PAGE_ROWS = 100


class Filters(BaseModel):
    """As in the address bar; an unknown value is as good as none."""

    model_config = ConfigDict(frozen=True)

    view: str = ""
    priority: str = ""
    tier: str = ""
    department: str = ""
    status: str = ""
    segment: str = ""
    skill: str = Field(default="", max_length=100)
    live: str = ""  # "yes": only whose customer is in chat or on the phone now
    unread: str = ""  # "yes": only whose customer wrote after the person's last look
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
                "segment": self.segment if self.segment in view.SEGMENTS else "",
                "live": "yes" if self.live == "yes" else "",
                "unread": "yes" if self.unread == "yes" else "",
                "search": self.search.strip(),
            }
        )

    def query(self) -> str:
        """What was asked for as the query of an address, without the page."""
        return urlencode({name: value for name, value in self.model_dump(exclude={"page"}).items() if value})

    def address(self, base: str, page_number: int) -> str:
        return f"{base}/?{self.query()}&page={page_number}"


@router.get("/")
async def show(request: Request, me: Me, asked: Annotated[Filters, Query()]) -> Response:
    filters, desk = asked.known(me), request.app.state.desk
    rows, has_more = await find(desk, me.username, filters)
    base = request.scope.get("root_path", "")
    whole = {} if is_fragment(request) else await _around(desk, me)
    return page(
        request,
        "queue_table.html" if is_fragment(request) else "queue.html",
        me=me,
        filters=filters,
        rows=rows,
        has_more=has_more,
        late=sum(row.left_s is not None and row.left_s < 0 for row in rows),
        waiting=sum(row.live and row.assignee is None for row in rows),
        previous=filters.address(base, filters.page - 1) if filters.page > 1 else "",
        following=filters.address(base, filters.page + 1) if has_more else "",
        **whole,
    )


async def _around(desk: Desk, me: Person) -> dict[str, Any]:
    """What stands around the table, and is not asked for again when it changes."""
    offers, skills, views = await asyncio.gather(desk.offers(me.username), desk.skills(), desk.saved_views(me.username))
    return {
        "offers": offers,
        "skills": [(skill, view.name_of(skill)) for skill in skills],
        "saved": views,
        "departments": [(code, view.name_of(code)) for code in view.DEPARTMENTS],
    }


async def find(desk: Desk, username: str, filters: Filters) -> tuple[list[TicketRow], bool]:
    """One page of tickets, and whether more follow: one row more than a page is asked for to know it."""
    rows = await desk.queue(
        username,
        view=cast(View, filters.view),
        tier=int(filters.tier) if filters.tier else None,
        department=filters.department or None,
        status=filters.status or None,
        search=filters.search or None,
        priority=cast(Priority, filters.priority) if filters.priority else None,
        segment=cast(Segment, filters.segment) if filters.segment else None,
        skill=filters.skill or None,
        live=bool(filters.live),
        unread=bool(filters.unread),
        limit=PAGE_ROWS + 1,
        offset=(filters.page - 1) * PAGE_ROWS,
    )
    return rows[:PAGE_ROWS], len(rows) > PAGE_ROWS
