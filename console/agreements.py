"""Agreements to read and to print, and what missed targets cost in a month."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from console.gate import Me
from console.render import page

router = APIRouter(prefix="/agreements")

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


@router.get("")
async def show(request: Request, me: Me, month: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Every agreement, and the penalties of the month; what is no month is this one."""
    desk, first = request.app.state.desk, _first_of(month)
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    return page(
        request,
        "agreements.html",
        me=me,
        agreements=await desk.agreements(me.username),
        report=await desk.penalties(me.username, f"{first:%Y-%m}"),
        first=first,
        before=before,
        after=after if after <= datetime.now(UTC).date() else None,
    )


@router.get("/{agreement_id}")
async def read(
    request: Request,
    me: Me,
    agreement_id: Annotated[str, Path(max_length=64)],
    version: Annotated[int | None, Query(ge=1, le=10_000)] = None,
) -> Response:
    """The version that holds today, unless one is named."""
    paper = await request.app.state.desk.agreement(me.username, agreement_id, version)
    return page(request, "agreement.html", me=me, paper=paper, printed=datetime.now(UTC))


def _first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01") if _MONTH.fullmatch(month) else datetime.now(UTC).date().replace(day=1)
