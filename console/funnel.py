"""The supervisors' funnel: how far conversations came, and where those stood that were left before they were helped."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, get_args

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from console import figures, view
from console.gate import Supervisor
from console.render import is_fragment, page
from escalation.client import Funnel, FunnelAsked, Left, Period

router = APIRouter()

BEFORE_ANYTHING = "Before anything was asked"
BETWEEN = "While the assistant asked or told something else"


class Filters(BaseModel):
    """As in the address bar; an unknown value is as good as none."""

    model_config = ConfigDict(frozen=True)

    window: str = "week"
    channel: str = ""

    @property
    def asked(self) -> FunnelAsked:
        window = self.window if self.window in get_args(Period) else "week"
        channel = self.channel if self.channel in figures.CHANNELS else None
        return FunnelAsked.model_validate({"window": window, "channel": channel})


@dataclass(frozen=True, slots=True)
class Stage:
    """`share_pct`: of all that ended. `lost` says in words what became of those who came no further."""

    name: str
    count: int
    share_pct: float
    lost: str


@router.get("/funnel")
async def show(request: Request, me: Supervisor, filters: Annotated[Filters, Query()]) -> Response:
    funnel = await request.app.state.desk.funnel(me.username, filters.asked)
    template = "funnel_now.html" if is_fragment(request) else "funnel.html"
    return page(
        request,
        template,
        me=me,
        asked=filters.asked,
        funnel=funnel,
        stages=list(stages(funnel)),
        place=place,
        figures=figures,
    )


def stages(funnel: Funnel) -> Iterator[Stage]:
    """From all conversations that ended down to those whose customer said that it is solved."""
    silent = funnel.ended - funnel.said_something
    unanswered = funnel.said_something - funnel.answered
    unsure = funnel.without_person - funnel.confirmed
    for name, count, lost in (
        ("Ended", funnel.ended, f"{silent:,} left without asking anything" if silent else ""),
        ("Asked something", funnel.said_something, f"{unanswered:,} had no answer" if unanswered else ""),
        ("Had an answer", funnel.answered, _people(funnel)),
        ("Ended without a person", funnel.without_person, f"{unsure:,} did not say" if unsure else ""),
        ("Confirmed: it is solved", funnel.confirmed, ""),
    ):
        yield Stage(name, count, 100 * count / funnel.ended if funnel.ended else 0.0, lost)


def place(left: Left) -> str:
    """Where somebody stood who left, in words."""
    match left.place:
        case "menu":
            return f"Menu: {view.name_of(left.of).lower()}"
        case "step":
            return f"{view.name_of(left.of)}, step “{view.name_of(left.step).lower()}”"
        case "article":
            return f"{view.name_of(left.of)}, the article"
        case "question":
            return BETWEEN
    return BEFORE_ANYTHING


def _people(funnel: Funnel) -> str:
    given, in_vain = funnel.handed_over, funnel.wanted_person
    told = [f"{given:,} of all went to a person"] if given else []
    return "; ".join([*told, *([f"{in_vain:,} wanted one and got none"] if in_vain else [])])
