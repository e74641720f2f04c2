"""Paths of saved views."""

from typing import Annotated

from fastapi import APIRouter, Path

from escalation.contact_api import OfficeOf
from escalation.desk_api import PersonName
from escalation.saved_views import view_book
from escalation.saved_views.view_wire import PlaceAsked, RenameAsked, SavedViews, ViewAsked

router = APIRouter(prefix="/escalation/v1/saved-views", tags=["desk"])
ViewId = Annotated[int, Path(ge=1, le=2**53)]


@router.get("")
async def views(person: PersonName, office: OfficeOf) -> SavedViews:
    return SavedViews(views=await view_book.views_of(office, person))


@router.post("")
async def keep(asked: ViewAsked, person: PersonName, office: OfficeOf) -> SavedViews:
    return SavedViews(views=await view_book.keep(office, person, asked))


@router.post("/{view_id}/name")
async def rename(view_id: ViewId, asked: RenameAsked, person: PersonName, office: OfficeOf) -> SavedViews:
    return SavedViews(views=await view_book.rename(office, person, view_id, asked.name))


@router.post("/{view_id}/place")
async def move(view_id: ViewId, asked: PlaceAsked, person: PersonName, office: OfficeOf) -> SavedViews:
    return SavedViews(views=await view_book.move(office, person, view_id, asked.place))


@router.post("/{view_id}/remove")
async def remove(view_id: ViewId, person: PersonName, office: OfficeOf) -> SavedViews:
    return SavedViews(views=await view_book.remove(office, person, view_id))
