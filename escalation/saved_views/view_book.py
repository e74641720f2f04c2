"""A person's saved views: kept, renamed, moved and removed, each by whose it is and nobody else."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from escalation.errors import Conflict, NotFound
from escalation.office import Office
from escalation.saved_views.view_record import SavedViewRecord
from escalation.saved_views.view_wire import SavedView, ViewAsked
from escalation.sight import one_of_us

MOST = 30  # of one person


async def views_of(office: Office, username: str) -> list[SavedView]:
    """In their order. Raises NotAllowed for somebody who is not one of ours."""
    async with office.sessions() as session:
        return _shown(await _own(session, office, username))


async def keep(office: Office, username: str, asked: ViewAsked) -> list[SavedView]:
    """A name that is there already now means these filters. Raises Conflict when there are too many."""
    async with office.change() as session:
        own = await _own(session, office, username)
        same = next((view for view in own if view.name == asked.name), None)
        if same is not None:
            same.query = asked.query
            return _shown(own)
        if len(own) >= MOST:
            raise Conflict(f"You have {MOST} saved views; remove one first")
        added = SavedViewRecord(username=username, name=asked.name, query=asked.query, place=len(own))
        session.add(added)
        await session.flush()
        return _shown([*own, added])


async def rename(office: Office, username: str, view_id: int, name: str) -> list[SavedView]:
    """Raises Conflict when another one of theirs has the name, NotFound when it is not theirs."""
    async with office.change() as session:
        own = await _own(session, office, username)
        view = _found(own, view_id)
        if any(other.name == name for other in own if other is not view):
            raise Conflict(f"Another view is called {name}")
        view.name = name
        return _shown(own)


async def move(office: Office, username: str, view_id: int, place: int) -> list[SavedView]:
    async with office.change() as session:
        own = await _own(session, office, username)
        view = _found(own, view_id)
        rest = [other for other in own if other is not view]
        return _shown(_numbered([*rest[:place], view, *rest[place:]]))


async def remove(office: Office, username: str, view_id: int) -> list[SavedView]:
    async with office.change() as session:
        own = await _own(session, office, username)
        view = _found(own, view_id)
        await session.delete(view)
        return _shown(_numbered([other for other in own if other is not view]))


async def _own(session: AsyncSession, office: Office, username: str) -> list[SavedViewRecord]:
    one_of_us(office.policy.people, username)
    mine = select(SavedViewRecord).where(SavedViewRecord.username == username)
    return list(await session.scalars(mine.order_by(SavedViewRecord.place, SavedViewRecord.id)))


def _found(own: list[SavedViewRecord], view_id: int) -> SavedViewRecord:
    for view in own:
        if view.id == view_id:
            return view
    raise NotFound(f"no saved view {view_id}")


def _numbered(own: list[SavedViewRecord]) -> list[SavedViewRecord]:
    for place, view in enumerate(own):
        view.place = place
    return own


def _shown(own: list[SavedViewRecord]) -> list[SavedView]:
    return [SavedView.model_validate(view, from_attributes=True) for view in own]
