"""When the assistant is silent, when people take over, and when the visitor leaves."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.client import BotMessage
from chat import session
from chat.session import Conversation, Episode
from settings import Settings
from tests.chat.fakes import Visitor, World, a_ticket, served, site

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
COLLECTING = BotMessage(
    "How can we reach you?",
    handover={"state": "collecting", "key": "c-k1", "signals": {"category": "bill-dispute", "affected": "one"}},
)


def opened(live: bool) -> BotMessage:
    ticket = a_ticket(category="bill-dispute").model_dump(mode="json")
    handover = {"state": "opened", "key": "c-k1", "ticket": ticket, "live": live, "next": "agent_joins"}
    return BotMessage("Your reference is FL-48317264.", handover={**handover, "dial": None, "queue_position": 2})


async def in_mode(visitor: Visitor, mode: str) -> None:
    await visitor.sees(lambda each: each["event"] == "status" and each["data"]["mode"] == mode)


@pytest.fixture
async def waiting(visitor: Visitor, world: World) -> Visitor:
    world.bot.replies["a person please"] = [opened(live=True)]
    await visitor.writes("a person please")
    await in_mode(visitor, "waiting")
    await visitor.hears("You can keep writing")
    return visitor


async def test_a_short_silence_is_bridged_with_a_word(visitor: Visitor, world: World) -> None:
    world.bot.away = True
    await visitor.writes("are you there")
    await visitor.hears("One moment")
    world.bot.away = False
    await visitor.hears("You said: are you there")

    assert world.escalation.handed_over == []


async def test_a_silent_assistant_becomes_a_ticket_with_the_customers_words(visitor: Visitor, world: World) -> None:
    world.bot.away = True
    await visitor.writes("my line is dead", "m1")
    told = await visitor.hears("FL-48317264")

    key, signals = world.escalation.handed_over[0]
    assert (key, signals.reason, signals.problem) == ("c-m1", "bot_silent", "my line is dead")
    assert told["data"]["author"] == "system"


async def test_while_the_silence_lasts_it_is_one_ticket(settings: Settings, world: World, visitor: Visitor) -> None:
    world.bot.away = True
    await visitor.writes("my line is dead", "m1")
    await visitor.hears("You can keep writing")
    await visitor.writes("Go on with the assistant")
    await in_mode(visitor, "bot")
    await visitor.writes("still dead", "m2")
    await visitor.hears("I have added this")

    assert {key for key, _ in world.escalation.handed_over} == {"c-m1"}


async def test_silence_in_the_middle_of_a_hand_over_keeps_what_was_collected(visitor: Visitor, world: World) -> None:
    world.bot.replies["charged twice"] = [COLLECTING]
    await visitor.writes("charged twice")
    await visitor.hears("reach you")
    world.bot.away = True
    await visitor.writes("07700 900123")
    await visitor.hears("FL-48317264")

    key, signals = world.escalation.handed_over[0]
    assert (key, signals.category, signals.reason) == ("c-k1", "bill-dispute", "bot_silent")


async def test_a_hand_over_that_escalation_could_not_take_is_made_later(visitor: Visitor, world: World) -> None:
    world.bot.away = world.escalation.away = True
    await visitor.writes("everything is down", "m1")
    await visitor.hears("What you wrote is safe")
    world.escalation.away = False
    await visitor.hears("FL-48317264", within_s=15)

    assert [key for key, _ in world.escalation.handed_over] == ["c-m1"]


async def test_a_ticket_without_a_live_wish_leaves_the_assistant_available(visitor: Visitor, world: World) -> None:
    world.bot.replies["charged twice"] = [opened(live=False)]
    await visitor.writes("charged twice")
    shown = await visitor.sees(lambda each: each["event"] == "ticket")
    await visitor.writes("thanks")
    await visitor.hears("You said: thanks")

    assert shown["data"]["reference"] == "FL-48317264"


async def test_news_of_an_outage_are_read_and_the_assistant_goes_on_answering(visitor: Visitor, world: World) -> None:
    await visitor.writes("my internet is down")
    await visitor.hears("You said: my internet is down")

    world.escalation.did(visitor.id, "news", text="There is an outage of broadband in LF4.")
    await visitor.hears("outage of broadband in LF4")
    await visitor.writes("thanks")

    await visitor.hears("You said: thanks")


async def test_while_waiting_the_assistant_is_not_asked(waiting: Visitor, world: World) -> None:
    await waiting.writes("I am still here", "m2")
    await asyncio.sleep(0.2)

    assert "I am still here" not in world.bot.heard
    assert [turn.text for turn in world.escalation.recorded] == ["I am still here"]


async def test_the_queue_position_is_told(waiting: Visitor, world: World) -> None:
    world.escalation.did(waiting.id, "queue", queue_position=1)
    told = await waiting.hears("number 1 in line")

    assert told["data"]["choices"] == ["Go on with the assistant"]


async def test_a_customer_who_would_rather_not_wait_goes_on_with_the_assistant(waiting: Visitor, world: World) -> None:
    await waiting.writes("Go on with the assistant")
    await in_mode(waiting, "bot")
    await waiting.writes("my wifi is slow")
    await waiting.hears("You said: my wifi is slow")

    assert [each.hex for each in world.escalation.released] == [waiting.id.replace("-", "")]


async def test_a_person_joins_talks_and_gives_back(waiting: Visitor, world: World) -> None:
    escalation, ticket = world.escalation, a_ticket(agent_name="Maya")
    escalation.did(waiting.id, "accepted", agent_name="Maya", ticket=ticket)
    await waiting.hears("Maya has joined")
    await waiting.writes("hello Maya", "m2")
    escalation.did(waiting.id, "message", agent_name="Maya", text="Let me look, <b>one</b> moment.")
    reply = await waiting.hears("Let me look")
    escalation.did(waiting.id, "resolved", ticket=ticket.model_copy(update={"status": "resolved"}))
    await waiting.hears("marked as solved")
    await waiting.writes("thank you")
    await waiting.hears("You said: thank you")

    assert (reply["data"]["author"], reply["data"]["agent_name"]) == ("agent", "Maya")
    assert [turn.text for turn in escalation.recorded] == ["hello Maya"]
    assert "hello Maya" not in world.bot.heard


async def test_a_person_who_passes_the_chat_on_leaves_the_customer_waiting(waiting: Visitor, world: World) -> None:
    ticket = a_ticket(agent_name="Maya")
    world.escalation.did(waiting.id, "accepted", agent_name="Maya", ticket=ticket)
    await waiting.hears("Maya has joined")
    world.escalation.did(waiting.id, "queue", ticket=ticket, queue_position=1)
    await waiting.hears("passed on to a colleague")
    await in_mode(waiting, "waiting")


async def test_an_event_that_comes_twice_is_shown_once(waiting: Visitor, world: World) -> None:
    event = world.escalation.did(waiting.id, "message", agent_name="Maya", text="only once")
    world.escalation.happened.put_nowait(event)
    world.escalation.did(waiting.id, "message", agent_name="Maya", text="and then this")
    await waiting.hears("and then this")

    assert waiting.texts.count("only once") == 1


async def test_the_assistant_stays_silent_when_a_person_came_in_while_it_thought(
    visitor: Visitor, world: World
) -> None:
    world.bot.thinks_s = 0.3
    await visitor.writes("slow question")
    world.escalation.did(visitor.id, "accepted", agent_name="Maya", ticket=a_ticket())
    await visitor.hears("Maya has joined")
    await asyncio.sleep(0.4)

    history = await visitor.http.get(f"/chat/conversations/{visitor.id}/history", headers=visitor.headers)
    assert "You said: slow question" not in history.text
    assert [turn.text for turn in world.escalation.recorded] == ["slow question"]


async def test_a_customers_words_reach_the_person_once_escalation_is_back(waiting: Visitor, world: World) -> None:
    world.escalation.away = True
    await waiting.writes("first")
    await waiting.writes("second")
    await waiting.hears("taking longer")
    world.escalation.away = False
    await asyncio.sleep(0.5)

    assert [turn.text for turn in world.escalation.recorded] == ["first", "second"]


async def test_leaving_in_the_middle_of_a_hand_over_makes_it(visitor: Visitor, world: World) -> None:
    world.bot.replies["charged twice"] = [COLLECTING]
    await visitor.writes("charged twice")
    await visitor.hears("reach you")

    await visitor.http.post(f"/chat/conversations/{visitor.id}/end", headers=visitor.headers)

    key, signals = world.escalation.handed_over[0]
    assert (key, signals.reason, signals.category) == ("c-k1", "left", "bill-dispute")
    assert signals.problem == "charged twice"
    assert [outcome for _, outcome in world.trail.finished] == ["handed_over"]


async def test_a_reload_does_not_end_the_conversation(visitor: Visitor, world: World) -> None:
    url = f"/chat/conversations/{visitor.id}/end"
    await visitor.http.post(url, json={"left": True}, headers=visitor.headers)
    await visitor.writes("I am back")
    await visitor.hears("You said: I am back")

    assert world.trail.finished == []


async def test_an_ended_conversation_is_told_to_every_page(visitor: Visitor, world: World) -> None:
    await visitor.http.post(f"/chat/conversations/{visitor.id}/end", headers=visitor.headers)
    await visitor.sees(lambda each: each["event"] == "status" and each["data"]["ended"])

    assert [outcome for _, outcome in world.trail.finished] == ["dropped"]


async def rated(visitor: Visitor, satisfaction: object) -> httpx.Response:
    url = f"/chat/conversations/{visitor.id}/satisfaction"
    return await visitor.http.post(url, json={"satisfaction": satisfaction}, headers=visitor.headers)


async def test_a_customer_says_at_the_end_how_satisfied_they_are(visitor: Visitor, world: World) -> None:
    await visitor.writes("that is all")
    await visitor.hears("You said: that is all")
    await visitor.http.post(f"/chat/conversations/{visitor.id}/end", headers=visitor.headers)

    answers = [await rated(visitor, satisfaction) for satisfaction in (0, 6, True, "5", 4, 5)]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 204, 204]
    assert world.trail.satisfaction == [4, 5]
    assert {outcome for _, outcome in world.trail.finished} == {"unconfirmed"}


async def test_a_conversation_that_goes_on_is_not_rated(visitor: Visitor, world: World) -> None:
    refused = await rated(visitor, 5)

    assert (refused.status_code, refused.json()["code"]) == (409, "not_over")
    assert world.trail.finished == []


async def test_our_own_mistake_still_ends_at_people(visitor: Visitor, world: World) -> None:
    world.bot.replies["odd"] = [BotMessage("hm", handover={"state": "opened", "ticket": "not a ticket"})]
    await visitor.writes("odd", "m1")
    await visitor.hears("FL-48317264")
    world.escalation.did(visitor.id, "released")
    await in_mode(visitor, "bot")
    await visitor.writes("fine again")
    await visitor.hears("You said: fine again")

    assert [key for key, _ in world.escalation.handed_over] == ["c-m1"]


async def test_redis_away_is_a_friendly_word(settings: Settings, world: World) -> None:
    lost = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    async with served(site(lost, world)) as url, httpx.AsyncClient(base_url=url) as http:
        refused = await http.post("/chat/conversations", json={})

    assert refused.status_code == 503
    assert "try again in a moment" in refused.json()["message"]


def a_conversation(**changes: object) -> Conversation:
    conversation, _ = session.open_conversation(a_ticket().ticket_id, "en", NOW)
    return conversation.model_copy(update=changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "dropped"),
        ({"wrote": True}, "unconfirmed"),
        ({"wrote": True, "helped": True}, "confirmed_solved"),
        ({"wrote": True, "helped": True, "ticket": a_ticket()}, "handed_over"),
        ({"wrote": True, "mode": "agent", "ticket": a_ticket()}, "handed_over"),
        ({"wrote": True, "mode": "waiting", "ticket": a_ticket()}, "wanted_person_got_none"),
    ],
)
def test_how_a_contact_ended(changes: dict[str, object], expected: str) -> None:
    assert session.outcome(a_conversation(**changes)) == expected


@pytest.mark.parametrize(
    ("mode", "silent", "unseen", "over"),
    [
        ("bot", 1, 1, False),
        ("bot", 3, 3, True),
        ("bot", 3, 0, False),
        ("bot", 31, 0, True),
        ("waiting", 31, 0, False),
        ("agent", 31, 0, False),
        ("waiting", 3, 3, False),
        ("waiting", 6, 6, True),
    ],
)
def test_when_a_conversation_is_over(mode: str, silent: int, unseen: int, over: bool) -> None:
    now = NOW + timedelta(hours=1)
    active, seen = now - timedelta(minutes=silent), now - timedelta(minutes=unseen)

    conversation = a_conversation(mode=mode, active_at=active, seen_at=seen)

    assert session.is_over(conversation, now) is over


def test_a_new_question_makes_help_unconfirmed_again() -> None:
    helped = session.after_reply(a_conversation(), [BotMessage("Glad it works.", closing=True)], NOW)

    asked = session.after_reply(helped, [BotMessage("Try this.", about={"article": "wifi-slow"})], NOW)

    assert (helped.helped, asked.helped) == (True, False)


def test_a_broken_detail_does_not_cost_the_ticket() -> None:
    conversation = a_conversation(episode=Episode(key="k", signals={"affected": "everybody!", "category": "wifi"}))

    signals = session.signals_for(conversation, "left", live=False, problem="slow")

    assert (signals.category, signals.problem) == ("general", "slow")


async def test_a_person_whose_connection_is_lost_is_followed_by_another_one(world: World, visitor: Visitor) -> None:
    world.escalation.did(visitor.id, "accepted", agent_name="Amira Khan", ticket=a_ticket())
    await visitor.hears("Amira Khan has joined")

    world.escalation.did(visitor.id, "lost", agent_name="Amira Khan", ticket=a_ticket(), queue_position=1)

    told = await visitor.hears("Amira Khan's connection was lost")
    assert told["data"]["choices"] == ["Go on with the assistant"]
    assert "FL-48317264 stays open" in told["data"]["text"]
    state = await visitor.sees(lambda event: event["event"] == "status")
    assert (state["data"]["mode"], state["data"]["agent_name"], state["data"]["queue_position"]) == ("waiting", None, 1)


async def test_who_went_back_to_the_assistant_hears_nothing_of_a_lost_person(world: World, visitor: Visitor) -> None:
    world.escalation.did(visitor.id, "lost", agent_name="Amira Khan", ticket=a_ticket())
    world.escalation.did(visitor.id, "news", text="Something else.")

    await visitor.hears("Something else.")

    assert not any("connection was lost" in text for text in visitor.texts)
