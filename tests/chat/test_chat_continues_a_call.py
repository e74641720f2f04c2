"""A call goes on in the chat by its link: the same contact, what was said, and the place in the queue."""

import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from escalation.client import Continued, Turn
from tests.chat.fakes import Visitor, World, a_ticket

CALL = uuid.UUID("7f9c24e5-0d4c-4c9f-9a55-3b1f4f3f0c11")
LINK = "a-link-of-22-characters"


def turn(number: int, author: str, text: str, **about: object) -> Turn:
    at = datetime(2026, 11, 25, 16, number, tzinfo=UTC)
    return Turn.model_validate(
        {"contact_id": CALL, "turn_id": f"{number}.x", "author": author, "text": text, "at": at, "about": about}
    )


SAID = (
    turn(1, "bot", "Tell me in a few words what the problem is."),
    turn(2, "customer", "[silence]", miss="no_input"),
    turn(3, "customer", "my internet is slow"),
    turn(4, "customer", "[account fact]"),
    turn(5, "system", "[the line was put through: busy]"),
)


@pytest.fixture
def call(world: World) -> Continued:
    world.escalation.calls[LINK] = Continued(contact_id=CALL, language="en", turns=SAID, ticket=None)
    return world.escalation.calls[LINK]


async def followed(http: httpx.AsyncClient, link: str = LINK) -> Visitor:
    opened = (await http.post("/chat/conversations", json={"language": "en", "link": link})).json()
    return Visitor(http, opened)


async def test_it_is_the_calls_own_contact_with_what_was_said(
    http: httpx.AsyncClient, world: World, call: Continued
) -> None:
    visitor = await followed(http)
    await visitor.hears("We can go on here")

    assert visitor.id == str(CALL)
    assert visitor.texts[1:-1] == [
        "Tell me in a few words what the problem is.",
        "my internet is slow",
        "[account fact]",
    ]
    assert [event["data"].get("masked") for event in visitor.seen[1:4]] == [None, False, True]


async def test_the_assistant_goes_on_where_it_was_and_nothing_is_recorded_twice(
    http: httpx.AsyncClient, world: World, call: Continued
) -> None:
    visitor = await followed(http)
    await visitor.writes("it is still slow", "m1")
    await visitor.hears("You said: it is still slow")

    assert "Hello, I'm the automated assistant. How can I help?" not in visitor.texts
    assert [text for _, text in world.trail.said] == ["it is still slow", "You said: it is still slow"]
    assert world.trail.started == []


async def test_who_stood_in_the_queue_waits_here(http: httpx.AsyncClient, world: World) -> None:
    world.escalation.calls[LINK] = Continued(
        contact_id=CALL, language="en", turns=SAID, ticket=a_ticket(), live=True, queue_position=2
    )

    visitor = await followed(http)
    status = await visitor.sees(lambda each: each["event"] == "status")
    await visitor.writes("I am here now", "m1")
    await visitor.hears("I am here now")
    world.escalation.did(CALL, "accepted", agent_name="Maya", ticket=a_ticket(agent_name="Maya"))
    await visitor.hears("Maya has joined")

    assert (status["data"]["mode"], status["data"]["queue_position"]) == ("waiting", 2)
    assert world.bot.heard == []
    assert [each.text for each in world.escalation.recorded] == ["I am here now"]


@pytest.mark.parametrize("away", [False, True])
async def test_a_link_that_is_no_good_any_more_begins_a_conversation(
    http: httpx.AsyncClient, world: World, call: Continued, away: bool
) -> None:
    await followed(http)
    world.escalation.away = away

    opened = (await http.post("/chat/conversations", json={"link": LINK})).json()
    visitor = Visitor(http, opened)
    await visitor.hears("automated assistant")

    assert opened["continued"] is False
    assert visitor.id != str(CALL)


async def test_a_second_link_of_the_call_takes_it_over_without_telling_it_twice(
    http: httpx.AsyncClient, world: World, call: Continued
) -> None:
    world.escalation.calls["second-link-of-the-call"] = call
    first = await followed(http)
    await first.hears("We can go on here")

    second = await followed(http, "second-link-of-the-call")
    await second.writes("on my other phone")
    await second.hears("You said: on my other phone")

    assert second.texts.count("my internet is slow") == 1
    assert (await first.writes("and I?")).status_code == 401


async def test_a_call_seen_long_ago_does_not_end_at_once(http: httpx.AsyncClient, call: Continued) -> None:
    visitor = await followed(http)
    await visitor.hears("We can go on here")
    history = await visitor.http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)

    newest = history.json()[-2]["data"]["at"]
    assert datetime.now(UTC) - datetime.fromisoformat(newest) < timedelta(minutes=1)
