"""The supervisors' board: the indicators in their groups, and what is behind each of them."""

from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console import figures, spreadsheet, trend, view
from console.gate import Supervisor
from console.render import is_fragment, page
from escalation.client import BoardAsked, Figure, Period

router = APIRouter()

PAGE_ROWS = 50
CSV_ROWS = 1000


class Filters(BaseModel):
    """As in the address bar; an unknown value is as good as none."""

    model_config = ConfigDict(frozen=True)

    window: str = "week"
    channel: str = ""
    tier: str = ""
    topic: str = Field(default="", max_length=200)
    priority: str = ""
    page: int = Field(default=1, ge=1, le=1000)

    @property
    def asked(self) -> BoardAsked:
        known = {
            "window": self.window if self.window in get_args(Period) else "week",
            "channel": self.channel if self.channel in figures.CHANNELS else None,
            "tier": self.tier if self.tier in map(str, view.TIERS) else None,
            "topic": self.topic.strip() or None,
            "priority": self.priority if self.priority in view.PRIORITIES else None,
        }
        return BoardAsked.model_validate(known)

    def query(self, **changed: int) -> str:
        """For an address: what narrows the board down, and what is changed."""
        return urlencode({**self.asked.model_dump(exclude_none=True), **changed})


Asked = Annotated[Filters, Query()]


@router.get("/board")
async def show(request: Request, me: Supervisor, filters: Asked) -> Response:
    board = await request.app.state.desk.board(me.username, filters.asked)
    groups = [
        (title, [figure for figure in board.figures if figure.group == group])
        for group, title in figures.GROUPS.items()
    ]
    template = "board_figures.html" if is_fragment(request) else "board.html"
    topics = [(topic, view.name_of(topic)) for topic in sorted(board.topics)]
    return page(request, template, me=me, groups=groups, topics=topics, **_wording(filters))


@router.get("/board.csv")
async def as_csv(request: Request, me: Supervisor, filters: Asked) -> Response:
    return spreadsheet.of_board(await request.app.state.desk.board(me.username, filters.asked))


@router.get("/board/{key}.csv")
async def samples_as_csv(request: Request, key: str, me: Supervisor, filters: Asked) -> Response:
    return spreadsheet.of_samples(await request.app.state.desk.behind(me.username, key, filters.asked, limit=CSV_ROWS))


@router.get("/board/{key}")
async def show_behind(request: Request, key: str, me: Supervisor, filters: Asked) -> Response:
    first = (filters.page - 1) * PAGE_ROWS
    behind = await request.app.state.desk.behind(me.username, key, filters.asked, limit=PAGE_ROWS, offset=first)
    return page(
        request,
        "behind.html",
        me=me,
        figure=behind.figure,
        samples=behind.samples,
        sample_words=_sample_words,
        previous=filters.query(page=filters.page - 1) if filters.page > 1 else "",
        following=filters.query(page=filters.page + 1) if behind.has_more else "",
        **_wording(filters),
    )


def _wording(filters: Filters) -> dict[str, Any]:
    return {"asked": filters.asked, "query": filters.query(), "figures": figures, "drawn": _drawn, "said": _said}


def _drawn(figure: Figure, width: int = 240, height: int = 52) -> trend.Plot:
    return trend.plot([point.value for point in figure.trend], target=figure.target, width=width, height=height)


def _said(figure: Figure) -> str:
    return trend.sentence([point.value for point in figure.trend], lambda value: figures.amount(figure.unit, value))


def _sample_words(figure: Figure, value: float) -> str:
    """What one of the things behind a figure adds to it."""
    if figure.unit == "percent":
        return "Yes" if value else "No"
    if figure.key == "backlog":
        return figures.amount("seconds", value)
    return figures.amount(figure.unit, value)
