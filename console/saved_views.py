"""A person's saved views of the queue: each a name and the filters of the address bar."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from console.desk import Desk
from console.gate import Me
from console.queue import Filters
from console.render import page
from escalation.client import EscalationRefused, Person, SavedView

router = APIRouter()

NAME_MAX = 40
ViewId = Annotated[int, Path(ge=1, le=2**53)]


class Named(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str = ""

    def problem(self) -> str:
        """What is wrong with the name, or ""."""
        if not self.name.strip():
            return "Give the view a name."
        return f"A name has at most {NAME_MAX} characters." if len(self.name.strip()) > NAME_MAX else ""


class Kept(Named, Filters):
    """The name, and the filters as they stand beside it."""


class Placed(BaseModel):
    model_config = ConfigDict(frozen=True)

    place: int = Field(ge=0, le=1000)


@router.post("/views")
async def keep(request: Request, me: Me, asked: Annotated[Kept, Form()]) -> Response:
    filters = Filters.model_validate(asked.model_dump(exclude={"name", "page"})).known(me)
    if problem := asked.problem():
        return await _shown(request, me, problem=problem)
    return await _changed(request, me, desk_of(request).save_view(me.username, asked.name.strip(), filters.query()))


@router.post("/views/{view_id}/name")
async def rename(request: Request, me: Me, view_id: ViewId, asked: Annotated[Named, Form()]) -> Response:
    if problem := asked.problem():
        return await _shown(request, me, problem=problem)
    return await _changed(request, me, desk_of(request).rename_view(me.username, view_id, asked.name.strip()))


@router.post("/views/{view_id}/place")
async def place(request: Request, me: Me, view_id: ViewId, asked: Annotated[Placed, Form()]) -> Response:
    return await _changed(request, me, desk_of(request).place_view(me.username, view_id, asked.place))


@router.post("/views/{view_id}/remove")
async def remove(request: Request, me: Me, view_id: ViewId) -> Response:
    return await _changed(request, me, desk_of(request).remove_view(me.username, view_id))


async def _changed(request: Request, me: Person, change: Awaitable[list[SavedView]]) -> Response:
    """The list after the change, or as it is with the reason why it stays."""
    try:
        views = await change
    except EscalationRefused as refusal:
        if refusal.status != 409:
            raise
        return await _shown(request, me, problem=refusal.detail)
    return page(request, "saved_views.html", saved=views, problem="")


async def _shown(request: Request, me: Person, *, problem: str) -> Response:
    views = await desk_of(request).saved_views(me.username)
    return page(request, "saved_views.html", status=409, saved=views, problem=problem)


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
