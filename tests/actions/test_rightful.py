"""actions.rightful: what was taken for a command, a bare reply or a wish, and is a question or a cry for help."""

import pytest

from knowledge.answer import Decision, HandOver
from tests.actions.world import Talk, answers, asks_back

DANGER = HandOver(reason="safety", category="equipment", confidence=0.9)
SIGNAL = asks_back("mobile-no-signal", "calls-cannot-make")


@pytest.mark.parametrize(
    ("action", "said", "intent"),
    [
        ("action_start_over", "I stand on the toilet to get one bar of signal", "start_over"),
        ("action_bot_challenge", "who do I ask about signal", "bot_challenge"),
        ("action_goodbye", "signal still gone", "goodbye"),
    ],
)
async def test_an_unsure_command_is_a_question_that_the_knowledge_base_knows(
    action: str, said: str, intent: str
) -> None:
    talk = Talk(decisions={"signal": SIGNAL})

    assert await talk.hears(action, said, intent, sure=0.6) == ["utter_which"]


@pytest.mark.parametrize(
    ("said", "sure", "known"), [("have a nice day", 0.6, False), ("no signal, goodbye then", 0.9, True)]
)
async def test_a_command_stands_when_it_is_sure_or_nothing_is_known(said: str, sure: float, known: bool) -> None:
    talk = Talk(decisions={"signal": SIGNAL} if known else {})

    assert await talk.hears("action_goodbye", said, "goodbye", sure=sure) == ["utter_goodbye"]


@pytest.mark.parametrize(
    ("action", "said", "intent"),
    [
        ("action_goodbye", "bye now, there is smoke coming out of the router", "goodbye"),
        ("action_frustration", "I have had enough, there is smoke again", "frustration"),
        ("action_bill_balance", "what do I owe you for the smoke in my hall", "bill_balance"),
    ],
)
async def test_words_of_danger_come_before_a_command_or_a_wish(action: str, said: str, intent: str) -> None:
    talk = Talk(decisions={"smoke": DANGER})

    await talk.hears(action, said, intent, sure=0.99)

    assert [signals.safety for signals in talk.desk.opened.values()] == [True]


async def test_a_legal_threat_comes_before_the_offer_of_a_person() -> None:
    talk = Talk(decisions={"ombudsman": HandOver(reason="person", category="complaint", confidence=1.0)})

    await talk.hears("action_frustration", "I am going to the ombudsman, I have had enough", "frustration")

    assert talk.slots["handover"]["signals"]["reason"] == "wants_person"


async def test_a_danger_that_no_single_word_tells_comes_before_a_wish() -> None:
    decisions: dict[str, Decision] = {"affairs": DANGER}
    talk = Talk(decisions=decisions)

    await talk.hears("action_order_status", "close it all, I am putting my affairs in order", "order_status")

    assert [signals.safety for signals in talk.desk.opened.values()] == [True]


async def test_a_no_to_no_question_may_name_a_problem() -> None:
    talk = Talk(decisions={"signal": SIGNAL})

    assert await talk.hears("action_question", "no signal anywhere", "deny") == ["utter_which"]
    assert await Talk(decisions={"signal": SIGNAL}).hears("action_question", "no thank you", "deny") == [
        "utter_how_can_i_help"
    ]


async def test_a_story_about_what_was_never_solved_is_not_solved() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"))
    story = "I called eight times and they say it is fixed and my bill is never fixed"

    assert "utter_glad" not in await talk.hears("action_question", story, "solved", sure=0.64)
    assert "utter_glad" in await talk.hears("action_question", "all fixed", "solved")
