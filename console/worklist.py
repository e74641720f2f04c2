"""What to do about the knowledge base: questions nobody answered, what that proposes, articles that do not help."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from console.desk import Desk, Library
from console.gate import RunsIt
from console.render import page
from escalation.client import AnswerFate
from knowledge.client import KnowledgeUnavailable
from logs import masked

router = APIRouter()

DAYS = (7, 30, 90)
MOST = 50  # of each list
SHOWN_AT_LEAST = 5  # times, before an article is judged
AWAY = "The knowledge base does not answer just now. Please try again in a moment."


class Asked(BaseModel):
    days: Literal["7", "30", "90"] = "30"


@dataclass(frozen=True, slots=True)
class Useless:
    """An article that was shown, and how often it did not help. The worst first."""

    article: str
    shown: int
    helped: int
    failed: int  # not helped, or a person had to

    @property
    def failed_pct(self) -> float:
        return 100 * self.failed / self.shown


def useless(fates: Iterable[AnswerFate]) -> list[Useless]:
    """Of articles shown often enough, those that failed at least as often as they helped."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for fate in fates:
        article = fate.picked or (fate.articles[0] if fate.kind == "answer" and fate.articles else None)
        if article is None:
            continue
        count = counts[article]
        count[0] += 1
        count[1] += fate.outcome == "helped"
        count[2] += fate.outcome in ("not_helped", "handed_over")
    found = [Useless(article, *count) for article, count in counts.items() if count[0] >= SHOWN_AT_LEAST]
    return sorted((one for one in found if one.failed and one.failed >= one.helped), key=lambda one: -one.failed_pct)


@router.get("/knowledge")
async def show(request: Request, me: RunsIt, asked: Annotated[Asked, Query()]) -> Response:
    """At once, without what takes long: that is fetched by the page."""
    return page(request, "worklist.html", me=me, days=int(asked.days), choices=DAYS)


@router.get("/knowledge/list")
async def listed(request: Request, me: RunsIt, asked: Annotated[Asked, Query()]) -> Response:
    """Grouping thousands of questions by meaning takes seconds."""
    desk: Desk = request.app.state.desk
    library: Library = request.app.state.library
    fates = await _since(desk, datetime.now(UTC) - timedelta(days=int(asked.days)))
    told = [fate.model_dump(mode="json") for fate in fates]
    try:
        gaps, proposals = await asyncio.gather(library.gaps(told), library.proposals(told))
    except KnowledgeUnavailable:
        return page(request, "worklist_now.html", me=me, away=AWAY)
    return page(
        request,
        "worklist_now.html",
        me=me,
        questions=len(fates),
        gaps=gaps[:MOST],
        more=max(0, len(gaps) - MOST),
        proposals=proposals[:MOST],
        useless=useless(fates)[:MOST],
        masked=masked,
        days=asked.days,
    )


async def _since(desk: Desk, since: datetime) -> Sequence[AnswerFate]:
    return [fate async for fate in desk.fates(since=since)]
