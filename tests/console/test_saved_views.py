"""Saved views in the console: the filters as they stand, under a name."""

import httpx

from tests.console.fake_desk import FakeDesk


async def test_the_filters_that_are_set_are_kept_and_linked(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    reply = await dana.post("/views", data={"name": " Mine, urgent ", "view": "mine", "priority": "P1", "tier": ""})

    assert [(view.name, view.query) for view in desk.views["dana"]] == [("Mine, urgent", "view=mine&priority=P1")]
    assert 'href="/?view=mine&amp;priority=P1"' in reply.text
    assert "Mine, urgent" in (await dana.get("/")).text


async def test_unknown_filters_are_not_kept(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    await dana.post("/views", data={"name": "odd", "view": "theirs", "segment": "royal", "live": "perhaps"})

    assert desk.views["dana"][0].query == "view=tier"


async def test_a_view_needs_a_name_that_fits(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    nameless = await dana.post("/views", data={"name": "  "})
    long = await dana.post("/views", data={"name": "x" * 41})

    assert (nameless.status_code, long.status_code) == (409, 409)
    assert "Give the view a name." in nameless.text
    assert "at most 40 characters" in long.text
    assert desk.views == {}


async def test_a_view_is_renamed_moved_and_deleted(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    for name in ("one", "two"):
        await dana.post("/views", data={"name": name})

    await dana.post("/views/1/name", data={"name": "first"})
    await dana.post("/views/2/place", data={"place": "0"})
    assert [view.name for view in desk.views["dana"]] == ["two", "first"]
    taken = await dana.post("/views/1/name", data={"name": "two"})
    await dana.post("/views/2/remove")

    assert "Another view is called two" in taken.text
    assert [view.name for view in desk.views["dana"]] == ["first"]
