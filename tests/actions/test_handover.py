"""actions.handover: only what is missing is asked, and one ticket comes out."""

import pytest

from knowledge.answer import HandOver
from tests.actions.world import Desk, Talk, answers, article


async def test_a_person_is_asked_for_then_problem_and_contact_then_the_ticket() -> None:
    talk = Talk()

    first = await talk.hears("action_person", "a person", "person")
    second = await talk.hears("action_hand_over_reply", "my neighbour cut the cable")
    third = await talk.hears("action_hand_over_reply", "01632 960123")

    assert first == ["utter_hand_over_begins", "utter_ask_problem"]
    assert second == ["utter_ask_contact"]
    assert third == ["utter_ticket_agent_joins_by", "utter_queue"]
    (signals,) = talk.desk.opened.values()
    assert (signals.problem, signals.reachable) == ("my neighbour cut the cable", "+441632960123")
    assert signals.live


async def test_asking_for_a_person_again_skips_the_questions() -> None:
    talk = Talk()
    await talk.hears("action_person", "a person", "person")

    said = await talk.hears("action_person", "a person!", "person")

    assert said[0] == "utter_ticket_agent_joins_by"


async def test_the_key_is_the_turn_it_began_with() -> None:
    talk = Talk()
    await talk.hears("action_greet", "/greet", "greet")
    await talk.hears("action_person", "a person", "person")

    await talk.hears("action_person", "a person", "person")

    assert list(talk.desk.opened) == ["t2"]


async def test_the_front_door_knows_the_signals_while_they_are_collected() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"))

    await talk.hears("action_question", "my bill was taken twice")

    assert talk.handover is not None
    assert talk.handover["state"] == "collecting"
    assert talk.handover["signals"]["problem"] == "my bill was taken twice"


async def test_the_front_door_gets_the_ticket() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"))
    await talk.hears("action_question", "my bill was taken twice")

    await talk.hears("action_hand_over_reply", "I don't know", "dont_know")

    assert talk.handover is not None
    assert talk.handover["state"] == "opened"
    assert talk.handover["ticket"]["reference"] == "FL-48317264"
    assert talk.handover["next"] == "reply"


async def test_a_service_that_is_down_is_asked_since_when_and_for_whom() -> None:
    down = HandOver(reason="no_answer", category="tv", confidence=0.9, hints=article("tv-black-screen").hand_over)
    talk = Talk(decisions={"telly": down})

    first = await talk.hears("action_question", "telly is dead")
    second = await talk.hears("action_hand_over_reply", "since the storm")
    third = await talk.hears("action_hand_over_reply", "the whole street")
    await talk.hears("action_hand_over_reply", "jo dot smith at example dot com")

    assert (first[-1], second, third) == ("utter_ask_since", ["utter_ask_affected"], ["utter_ask_contact"])
    (signals,) = talk.desk.opened.values()
    assert (signals.since, signals.affected, signals.reachable) == (
        "since the storm",
        "many",
        "jo.smith@example.com",
    )


async def test_safety_asks_nothing() -> None:
    danger = HandOver(reason="safety", category="equipment", confidence=0.9)
    talk = Talk(decisions={"burn": danger})

    said = await talk.hears("action_question", "the router smells of burning")

    assert said[0] == "utter_ticket_agent_joins_by"
    (signals,) = talk.desk.opened.values()
    assert signals.safety


async def test_on_the_phone_the_caller_is_reached_at_their_number() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"), medium="ear", caller="+441632960001")

    said = await talk.hears("action_question", "my bill was taken twice")

    assert "utter_ask_contact" not in said
    (signals,) = talk.desk.opened.values()
    assert (signals.reachable, signals.live) == ("+441632960001", True)


async def test_the_reference_is_spelled_for_the_ear() -> None:
    talk = Talk(medium="ear", caller="+441632960001")
    await talk.hears("action_person", "a person", "person")

    await talk.hears("action_hand_over_reply", "I'd rather not say", "dont_know")

    assert talk.said[0]["reference"] == "F L, 4 8 3 1, 7 2 6 4"


async def test_without_the_desk_everything_is_kept_and_the_next_words_try_again() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"), desk=Desk(away=True))
    await talk.hears("action_question", "my bill was taken twice")

    failed = await talk.hears("action_hand_over_reply", "jo@example.com")
    talk.desk.away = False
    tried_again = await talk.hears("action_hand_over_reply", "Try again", "affirm")

    assert failed == ["utter_hand_over_failed"]
    assert tried_again[0] == "utter_ticket_reply_by"
    assert talk.desk.opened["t1"].reachable == "jo@example.com"


async def test_a_contact_that_makes_no_sense_is_asked_once_more_only() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"))
    await talk.hears("action_question", "my bill was taken twice")

    first = await talk.hears("action_hand_over_reply", "hm")
    second = await talk.hears("action_hand_over_reply", "hm hm")

    assert first == ["utter_not_understood", "utter_ask_contact"]
    assert second[0] == "utter_ticket_reply_by"


@pytest.mark.parametrize(
    ("said", "affected"),
    [("Only me", "one"), ("everyone in our village", "many"), ("my family too", "several"), ("just me", "one")],
)
async def test_who_is_affected_in_the_customers_words(said: str, affected: str) -> None:
    down = HandOver(reason="no_answer", category="tv", confidence=0.9, hints=article("tv-black-screen").hand_over)
    talk = Talk(decisions={"telly": down})
    await talk.hears("action_question", "telly is dead")
    await talk.hears("action_hand_over_reply", "Since today")

    await talk.hears("action_hand_over_reply", said)

    assert talk.handover is not None
    assert talk.handover["signals"]["affected"] == affected


@pytest.mark.parametrize("said", ["why", "what do you need that for"])
async def test_why_a_fact_is_needed_is_said_and_it_is_asked_again(said: str) -> None:
    talk = Talk(decisions=answers("bill-charged-twice"))
    await talk.hears("action_question", "my bill was taken twice")

    assert await talk.hears("action_hand_over_reply", said, "why") == ["utter_why_contact", "utter_ask_contact"]


async def test_back_asks_the_question_before_once_more() -> None:
    down = HandOver(reason="no_answer", category="tv", confidence=0.9, hints=article("tv-black-screen").hand_over)
    talk = Talk(decisions={"telly": down})
    await talk.hears("action_question", "telly is dead")
    await talk.hears("action_hand_over_reply", "Since today")

    back = await talk.hears("action_hand_over_reply", "go back", "go_back")
    await talk.hears("action_hand_over_reply", "Since yesterday")

    assert back == ["utter_ask_since"]
    assert talk.handover is not None
    assert talk.handover["signals"]["since"] == "Since yesterday"


async def test_back_from_the_first_question_returns_to_the_steps_and_drops_the_hand_over() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Go on without", "deny")
    await talk.hears("action_person", "a person", "person")

    said = await talk.hears("action_hand_over_reply", "back to the steps", "go_back")

    assert said == ["utter_not_passed_on", "utter_back_to_steps", "utter_step"]
    assert talk.handover == {"state": "dropped", "key": "t3"}
    assert talk.slots["stage"] == "flow"
