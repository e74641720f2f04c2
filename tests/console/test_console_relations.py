"""What goes with a ticket's moves: a follow-up, news for everyone, a link to another ticket, another department."""

import httpx
import pytest

from tests.console.fake_desk import FakeDesk
from tests.console.morning import CHARGED, SLOW

FRAGMENT = {"HX-Request": "true"}


async def act(browser: httpx.AsyncClient, desk: FakeDesk, **form: str) -> httpx.Response:
    data = {"version": str(desk.tickets[SLOW].version), **form}
    return await browser.post(f"/tickets/{SLOW}/moves", data=data, headers=FRAGMENT)


@pytest.mark.parametrize("how", ["call", "message"])
async def test_a_solution_is_followed_up_from_the_writing_box(
    dana: httpx.AsyncClient, desk: FakeDesk, how: str
) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"status": "resolved"})
    page = (await dana.get(f"/tickets/{SLOW}")).text
    assert f'value="follow_up_{how}"' in page

    reply = await act(dana, desk, move=f"follow_up_{how}", words="Does it work now?")

    assert reply.status_code == 200
    assert (desk.asked[-1]["follow_up"], desk.asked[-1]["text"]) == (how, "Does it work now?")
    assert "Followed up" in reply.text


async def test_before_the_solution_there_is_nothing_to_follow_up(dana: httpx.AsyncClient) -> None:
    assert "follow_up" not in (await dana.get(f"/tickets/{SLOW}")).text


async def test_an_empty_follow_up_is_not_one(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"status": "resolved"})

    reply = await act(dana, desk, move="follow_up_call", words="  ")

    assert (reply.status_code, "Please write first" in reply.text) == (422, True)


@pytest.mark.parametrize("followers", [0, 3])
async def test_news_for_everyone_are_offered_where_there_is_anyone(
    dana: httpx.AsyncClient, desk: FakeDesk, followers: int
) -> None:
    known = {"status": "inProgress", "assignee": "dana", "followers": followers}
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update=known)

    assert ('value="tell_everyone"' in (await dana.get(f"/tickets/{SLOW}")).text) is bool(followers)


async def test_news_reach_everyone(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"status": "inProgress", "followers": 3})

    reply = await act(dana, desk, move="tell_everyone", words="Fixed by six.")

    assert (reply.status_code, desk.asked[-1]["news"]) == (200, "Fixed by six.")


async def test_a_ticket_is_linked_to_another(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    data = {"relation": "duplicate-of", "to": f" {CHARGED} ", "version": "1"}

    reply = await dana.post(f"/tickets/{SLOW}/relation", data=data, headers=FRAGMENT)

    assert (reply.status_code, "Linked." in reply.text) == (200, True)
    assert (desk.asked[-1]["relation"], desk.asked[-1]["to"]) == ("duplicate-of", CHARGED)


@pytest.mark.parametrize(("to", "status"), [("FL-00000000", 409), ("", 422)])
async def test_a_link_to_nothing_is_refused(dana: httpx.AsyncClient, to: str, status: int) -> None:
    data = {"relation": "duplicate-of", "to": to, "version": "1"}

    reply = await dana.post(f"/tickets/{SLOW}/relation", data=data, headers=FRAGMENT)

    assert reply.status_code == status


async def test_a_ticket_moves_to_another_department(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"departments": ("billing", "radio")})
    page = (await dana.get(f"/tickets/{SLOW}")).text
    assert '<option value="radio">' in page

    data = {"department": "billing", "reason": "a question about the bill", "version": "1"}
    reply = await dana.post(f"/tickets/{SLOW}/department", data=data, headers=FRAGMENT)

    assert (reply.status_code, "The other department is asked now." in reply.text) == (200, True)
    assert (desk.asked[-1]["department"], desk.asked[-1]["reason"]) == ("billing", "a question about the bill")


async def test_who_may_not_move_it_sees_no_departments(dana: httpx.AsyncClient) -> None:
    assert "Move to another department" not in (await dana.get(f"/tickets/{SLOW}")).text


@pytest.mark.parametrize(("form", "status"), [({"reason": ""}, 422), ({"department": "legal"}, 409)])
async def test_a_move_that_is_not_right_says_so(
    dana: httpx.AsyncClient, desk: FakeDesk, form: dict[str, str], status: int
) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"departments": ("billing",)})
    data = {"department": "billing", "reason": "theirs", "version": "1", **form}

    reply = await dana.post(f"/tickets/{SLOW}/department", data=data, headers=FRAGMENT)

    assert (reply.status_code, desk.tickets[SLOW].department) != (200, "billing")
    assert reply.status_code == status
