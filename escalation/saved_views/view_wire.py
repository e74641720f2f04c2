"""Saved views as they go through the door."""

from typing import Annotated

from pydantic import Field, StringConstraints

from escalation.storable import Wire

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class SavedView(Wire):
    id: int
    name: str
    query: str


class SavedViews(Wire):
    views: list[SavedView]  # in the person's own order


class ViewAsked(Wire):
    name: Name
    query: str = Field(max_length=1000)


class RenameAsked(Wire):
    name: Name


class PlaceAsked(Wire):
    place: int = Field(ge=0, le=1000)  # 0 is the first; past the end is the last
