"""What somebody has just done to a ticket is shown with a button that takes it back, and only to them."""

import httpx

from tests.console.fake_desk import FakeDesk
from tests.console.morning import CHARGED

FRAGMENT = {"HX-Request": "true"}


async def held(browser: httpx.AsyncClient, desk: FakeDesk) -> httpx.Response:
    form = {"move": "hold", "words": "the bank is closed", "version": str(desk.tickets[CHARGED].version)}
    return await browser.post(f"/tickets/{CHARGED}/moves", data=form, headers=FRAGMENT)


async def undone(browser: httpx.AsyncClient, version: int, **headers: str) -> httpx.Response:
    return await browser.post(f"/tickets/{CHARGED}/undo", data={"version": str(version)}, headers=headers)


async def test_the_page_says_what_was_done_and_offers_to_undo_it(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    before = (await dana.get(f"/tickets/{CHARGED}")).text

    after = (await held(dana, desk)).text

    assert 'id="undo-it"' not in before
    assert "You put it on hold." in after
    assert 'id="undo-it"' in after
    assert 'data-left-s="30.0"' in after


async def test_an_undoing_is_made_on_the_version_that_was_seen(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    await held(dana, desk)

    reply = await undone(dana, desk.tickets[CHARGED].version, **FRAGMENT)

    assert (reply.status_code, "Undone." in reply.text, "undo-it" in reply.text) == (200, True, False)
    assert desk.asked[-1]["undo"] == "hold"
    assert desk.tickets[CHARGED].status == "inProgress"


async def test_what_somebody_changed_since_is_left_alone(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    await held(dana, desk)
    seen = desk.tickets[CHARGED].version
    desk.tickets[CHARGED] = desk.tickets[CHARGED].model_copy(update={"version": seen + 1, "undo": None})

    reply = await undone(dana, seen, **FRAGMENT)

    assert (reply.status_code, desk.tickets[CHARGED].status) == (409, "held")
    assert "Nothing was done." in reply.text
    assert "changed in the meantime" in reply.text


async def test_a_reply_to_the_customer_offers_no_undoing(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    form = {"move": "reply", "words": "Found it.", "version": str(desk.tickets[CHARGED].version)}

    reply = await dana.post(f"/tickets/{CHARGED}/moves", data=form, headers=FRAGMENT)

    assert (reply.status_code, "undo-it" in reply.text) == (200, False)


async def test_without_scripts_it_leads_back_to_the_ticket(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    await held(dana, desk)

    reply = await undone(dana, desk.tickets[CHARGED].version)

    assert (reply.status_code, reply.headers["location"]) == (303, f"/tickets/{CHARGED}")
