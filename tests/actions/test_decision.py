"""What a message tells of the decision it carries out."""

from typing import Any

import pytest

from actions.decision import told
from knowledge.answer import Answer, Decision, HandOver
from tests.actions.world import Talk, answers, article, asks_back


def decision_in(talk: Talk) -> list[dict[str, Any]]:
    """Of every message of the last reply."""
    return [about["decision"] for about in abouts(talk) if "decision" in about]


def abouts(talk: Talk) -> list[dict[str, Any]]:
    return [message["custom"]["about"] for message in talk.said]


@pytest.mark.parametrize(
    ("decision", "kind", "articles"),
    [
        (Answer(article("roaming-no-service-abroad"), 0.9), "answer", ["roaming-no-service-abroad"]),
        (Answer(article("bill-charged-twice"), 0.9), "article", ["bill-charged-twice"]),
        (asks_back("sim-puk-blocked", "payment-direct-debit"), "ask_back", ["sim-puk-blocked", "payment-direct-debit"]),
        (HandOver("no_answer", "general", 0.3), "no_answer", []),
        (HandOver("off_topic", "general", 0.3), "off_topic", []),
        (HandOver("person", "general", 1.0), "person", []),
        (HandOver("safety", "general", 1.0), "safety", []),
    ],
)
def test_its_kind_and_its_articles(decision: Decision, kind: str, articles: list[str]) -> None:
    found = told(decision, turn_id="t1")

    assert (found["kind"], found["articles"], found["turn"]) == (kind, articles, "t1")


async def test_exactly_one_message_of_a_reply_tells_it() -> None:
    talk = Talk(decisions=answers("roaming-no-service-abroad"))

    await talk.hears("action_question", "roaming does not work")

    (found,) = decision_in(talk)
    assert (found["kind"], found["turn"], found["question"]) == ("answer", "t1", "")


async def test_an_answer_in_steps_tells_it_too() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))

    await talk.hears("action_question", "broadband is slow")

    assert abouts(talk)[0]["flow"]
    assert [found["kind"] for found in decision_in(talk)] == ["answer"]


async def test_a_person_who_is_wanted_is_a_decision() -> None:
    talk = Talk(decisions={"human": HandOver("person", "general", 1.0)})

    await talk.hears("action_question", "a human for my line please")

    assert [found["kind"] for found in decision_in(talk)] == ["person"]


async def test_another_try_is_about_the_same_words() -> None:
    talk = Talk(
        decisions={"phone": answers("sim-puk-blocked")["sim"], "my": answers("payment-direct-debit")["payment"]}
    )
    await talk.hears("action_question", "my phone is odd")

    await talk.hears("action_choose", "No, it didn't help", "deny")

    assert abouts(talk)[0]["helped"] is False
    (found,) = decision_in(talk)
    assert (found["same"], found["again"], found["articles"]) == (True, True, ["payment-direct-debit"])


async def test_other_words_for_what_found_nothing_are_the_same_problem() -> None:
    talk = Talk(decisions=answers("roaming-no-service-abroad"))
    await talk.hears("action_question", "tell me a joke")

    await talk.hears("action_question", "roaming does not work")

    (found,) = decision_in(talk)
    assert (found["same"], found["again"]) == (False, True)


async def test_a_choice_taken_is_told_and_decides_nothing() -> None:
    talk = Talk(decisions={"phone": asks_back("sim-puk-blocked", "payment-direct-debit")})
    await talk.hears("action_question", "my phone")

    await talk.hears("action_choose", "1")

    assert abouts(talk)[0]["picked"] == "sim-puk-blocked"
    assert decision_in(talk) == []


async def test_what_is_said_again_happened_only_once() -> None:
    talk = Talk(decisions={"phone": asks_back("sim-puk-blocked", "payment-direct-debit")})
    await talk.hears("action_question", "my phone")

    await talk.hears("action_repeat", "say that again", "repeat")

    assert abouts(talk)[0]["response"] == "utter_which"
    assert decision_in(talk) == []
