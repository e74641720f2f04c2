"""What stands beside a ticket: canned replies filled in, another priority, and tickets like it."""

from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

import httpx

from console import canned
from escalation.client import CannedReply
from tests.console.fake_desk import FakeDesk
from tests.console.morning import CHARGED, SLOW

FRAGMENT = {"HX-Request": "true"}
LONDON = ZoneInfo("Europe/London")


def reply(text: str = "Hello", **fields: object) -> CannedReply:
    return CannedReply.model_validate({"name": "One", "text": text, **fields})


async def test_a_canned_reply_is_filled_in_from_the_ticket(desk: FakeDesk) -> None:
    due = datetime(2026, 7, 3, 16, 30, tzinfo=UTC)
    ticket = desk.tickets[CHARGED].model_copy(update={"resolve_by": due})

    (found,) = canned.for_ticket([reply("{agent}: {reference} by {promised}")], ticket, agent="Dana", zone=LONDON)

    assert found.text == f"Dana: {CHARGED} by Friday, 3 July, 17:30"


async def test_what_is_not_known_stays_open(desk: FakeDesk) -> None:
    ticket = desk.tickets[CHARGED].model_copy(update={"resolve_by": None})

    (found,) = canned.for_ticket([reply("{name}, by {promised}. {name}")], ticket, agent="Dana", zone=LONDON)

    assert canned.gaps_in(found.text) == ["[name]", "[promised]"]


async def test_only_replies_of_the_department_and_language_are_offered(desk: FakeDesk) -> None:
    replies = [
        reply(name="all"),
        reply(name="ours", departments=["billing"]),
        reply(name="theirs", departments=["radio"]),
        reply(name="german", language="de"),
    ]

    def names(language: str) -> list[str]:
        ticket = desk.tickets[CHARGED].model_copy(update={"language": language})
        return [one.name for one in canned.for_ticket(replies, ticket, agent="Dana", zone=LONDON)]

    assert (names("en"), names("de"), names("")) == (["all", "ours"], ["german"], ["all", "ours", "german"])


async def test_the_menu_of_a_ticket_has_the_operators_replies(dana: httpx.AsyncClient) -> None:
    page = unescape((await dana.get(f"/tickets/{CHARGED}/replies")).text)

    assert "Hello, this is Dana Whitfield." in page
    assert f"Your reference is {CHARGED}." in page  # of billing
    assert "I am testing your line" not in page  # of fixed access


async def test_a_text_with_an_open_place_is_not_sent_to_the_customer(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    words = {"move": "reply", "version": "1", "words": "Thank you, [name]."}

    sent = await dana.post(f"/tickets/{CHARGED}/moves", data=words, headers=FRAGMENT)
    noted = await dana.post(f"/tickets/{CHARGED}/moves", data={**words, "move": "note"}, headers=FRAGMENT)

    assert (sent.status_code, "in place of [name]" in sent.text) == (422, True)
    assert noted.status_code == 200
    assert [note.public for note in desk.tickets[CHARGED].notes] == [False, True, False]


async def test_another_priority_needs_a_reason(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    path, asked = f"/tickets/{CHARGED}/priority", {"priority": "P1", "version": "1"}

    without = await dana.post(path, data=asked, headers=FRAGMENT)
    with_one = await dana.post(path, data={**asked, "reason": "A whole street is charged twice"}, headers=FRAGMENT)

    assert (without.status_code, "needs a reason" in without.text) == (409, True)
    assert (with_one.status_code, desk.tickets[CHARGED].priority) == (200, "P1")


async def test_only_who_may_choose_the_priority_is_asked(dana: httpx.AsyncClient) -> None:
    pages = [(await dana.get(f"/tickets/{reference}")).text for reference in (CHARGED, SLOW)]

    assert ["Change the priority" in page for page in pages] == [True, False]


async def test_solved_tickets_like_this_one_show_what_was_told(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    slow = desk.tickets[SLOW]
    solved = {"reference": "FL-10000001", "status": "closed", "last_public_note": "We moved you to channel 11."}
    desk.tickets["FL-10000001"] = slow.model_copy(update={**solved, "signals": slow.signals, "live": False})

    page = (await dana.get(f"/tickets/{SLOW}/alike")).text

    assert "We moved you to channel 11." in page
    assert f'href="/tickets/{SLOW}"' not in page


async def test_a_supervisor_takes_over_what_somebody_has(dana: httpx.AsyncClient, desk: FakeDesk) -> None:
    desk.tickets[SLOW] = desk.tickets[SLOW].model_copy(update={"assignee": "omar", "agent_name": "Omar Reyes"})

    assert ">Take over</button>" in (await dana.get(f"/tickets/{SLOW}")).text
