"""Saved views in memory, as escalation keeps them for each person."""

from escalation.client import EscalationRefused, SavedView


class FakeViews:
    def __init__(self) -> None:
        self.views: dict[str, list[SavedView]] = {}

    async def skills(self) -> list[str]:
        return ["fraud"]

    async def saved_views(self, person: str) -> list[SavedView]:
        return list(self.views.get(person, []))

    async def save_view(self, person: str, name: str, query: str) -> list[SavedView]:
        own = self.views.setdefault(person, [])
        numbers = [view.id for views in self.views.values() for view in views]
        own.append(SavedView(id=max(numbers, default=0) + 1, name=name, query=query))
        return list(own)

    async def rename_view(self, person: str, view_id: int, name: str) -> list[SavedView]:
        own = self._of(person, view_id)
        if any(view.name == name and view.id != view_id for view in own):
            raise EscalationRefused(409, f"Another view is called {name}")
        self.views[person] = [view.model_copy(update={"name": name}) if view.id == view_id else view for view in own]
        return self.views[person]

    async def place_view(self, person: str, view_id: int, place: int) -> list[SavedView]:
        own = self._of(person, view_id)
        moved = next(view for view in own if view.id == view_id)
        own.remove(moved)
        own.insert(place, moved)
        return list(own)

    async def remove_view(self, person: str, view_id: int) -> list[SavedView]:
        self.views[person] = [view for view in self._of(person, view_id) if view.id != view_id]
        return self.views[person]

    def _of(self, person: str, view_id: int) -> list[SavedView]:
        own = self.views.get(person, [])
        if all(view.id != view_id for view in own):
            raise EscalationRefused(404, "no such view")
        return own
