"""The part of the door for saved views of the queue."""

from typing import Any

from escalation.board_door import REFUSALS
from escalation.link import Link
from escalation.saved_views.view_wire import PlaceAsked, RenameAsked, SavedView, SavedViews, ViewAsked

PATH = "/escalation/v1/saved-views"


class SavedViewClient:
    """Each answers with all views of the person, in their order.

    EscalationRefused: 404 for a view that is not theirs, 409 for a name that is taken or too many views.
    """

    _link: Link

    async def saved_views(self, person: str) -> list[SavedView]:
        reply = await self._link.request("GET", PATH, person=person, refusals=REFUSALS)
        return SavedViews.model_validate_json(reply.content).views

    async def save_view(self, person: str, name: str, query: str) -> list[SavedView]:
        """`name` has 1 to 40 characters; one that the person has already now means this query."""
        return await self._views_after(person, PATH, ViewAsked(name=name, query=query).model_dump())

    async def rename_view(self, person: str, view_id: int, name: str) -> list[SavedView]:
        return await self._views_after(person, f"{PATH}/{view_id}/name", RenameAsked(name=name).model_dump())

    async def place_view(self, person: str, view_id: int, place: int) -> list[SavedView]:
        """`place` 0 is the first."""
        return await self._views_after(person, f"{PATH}/{view_id}/place", PlaceAsked(place=place).model_dump())

    async def remove_view(self, person: str, view_id: int) -> list[SavedView]:
        return await self._views_after(person, f"{PATH}/{view_id}/remove", {})

    async def _views_after(self, person: str, path: str, asked: dict[str, Any]) -> list[SavedView]:
        reply = await self._link.post(path, asked, person=person, refusals=REFUSALS)
        return SavedViews.model_validate_json(reply.content).views
