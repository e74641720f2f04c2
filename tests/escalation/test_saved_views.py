"""Saved views: each person has their own, in their own order."""

import pytest

from escalation.errors import Conflict, NotFound
from escalation.saved_views import view_book
from escalation.saved_views.view_wire import ViewAsked
from tests.escalation.shift import Shift

SAM, AMIRA = "sam.okoye", "amira.khan"


async def kept(shift: Shift, *names: str, username: str = SAM) -> list[int]:
    for name in names:
        views = await view_book.keep(shift.office, username, ViewAsked(name=name, query=f"search={name}"))
    return [view.id for view in views]


async def names(shift: Shift, username: str = SAM) -> list[str]:
    return [view.name for view in await view_book.views_of(shift.office, username)]


async def test_a_name_that_is_there_already_means_the_new_filters(shift: Shift) -> None:
    await kept(shift, "late", "billing")

    await view_book.keep(shift.office, SAM, ViewAsked(name="late", query="priority=P1"))

    views = await view_book.views_of(shift.office, SAM)
    assert [(view.name, view.query) for view in views] == [("late", "priority=P1"), ("billing", "search=billing")]


async def test_views_stay_in_the_order_they_were_put(shift: Shift) -> None:
    ids = await kept(shift, "one", "two", "three")

    await view_book.move(shift.office, SAM, ids[2], 0)
    assert await names(shift) == ["three", "one", "two"]
    await view_book.remove(shift.office, SAM, ids[0])
    await kept(shift, "four")

    assert await names(shift) == ["three", "two", "four"]


async def test_nobody_changes_the_views_of_others(shift: Shift) -> None:
    (mine,) = await kept(shift, "mine")

    for change in (
        view_book.rename(shift.office, AMIRA, mine, "hers"),
        view_book.move(shift.office, AMIRA, mine, 0),
        view_book.remove(shift.office, AMIRA, mine),
    ):
        with pytest.raises(NotFound):
            await change
    assert await names(shift) == ["mine"]
    assert await names(shift, AMIRA) == []


async def test_two_views_of_one_person_have_two_names(shift: Shift) -> None:
    ids = await kept(shift, "one", "two")

    with pytest.raises(Conflict, match="Another view is called two"):
        await view_book.rename(shift.office, SAM, ids[0], "two")


async def test_there_is_an_end_to_them(shift: Shift) -> None:
    await kept(shift, *(f"view {number}" for number in range(view_book.MOST)))

    with pytest.raises(Conflict):
        await kept(shift, "one more")
