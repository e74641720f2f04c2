"""actions.mentioned: several problems in one message; the first is taken, the others come back."""

from dataclasses import replace

import pytest

from actions.mentioned import is_about
from knowledge.answer import Answer, Decision
from tests.actions.world import Talk, answers, article

BOTH = "no roaming here and my tv is black"
TV = "my tv is black"


def two_problems(first: str = "roaming-turn-on") -> dict[str, Decision]:
    """The message with both is answered with the first; asked again, each has its own article."""
    return {
        "and my tv": Answer(article=article(first), confidence=0.97, others=(TV,)),
        **answers("tv-recordings-missing", "payment-direct-debit", "broadband-slow-tonight", "bill-charged-twice"),
    }


async def with_the_first_answered() -> Talk:
    talk = Talk(decisions=two_problems())
    await talk.hears("action_question", BOTH)
    return talk


async def test_the_first_is_answered_and_the_other_comes_when_it_helped() -> None:
    talk = await with_the_first_answered()

    said = await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert said == ["utter_glad", "utter_offer_other"]
    assert talk.said[-1]["other"] == TV
    assert talk.choices == ["Yes, let's do that", "No, not now"]


@pytest.mark.parametrize(("said", "intent"), [("1", ""), ("yes please", "affirm"), ("yes the telly", "nlu_fallback")])
async def test_yes_asks_the_knowledge_base_with_the_customers_words(said: str, intent: str) -> None:
    talk = await with_the_first_answered()
    await talk.hears("action_choose", "Yes, that helped", "affirm")

    shown = await talk.hears("action_choose", said, intent)

    assert talk.knowledge.asked[-1][0] == TV
    assert shown == ["utter_article", "utter_did_this_help"]
    assert talk.slots["question"]["problem"] == TV


async def test_it_is_offered_once() -> None:
    talk = await with_the_first_answered()
    await talk.hears("action_choose", "Yes, that helped", "affirm")

    declined = await talk.hears("action_choose", "No, not now", "deny")

    assert declined == ["utter_anything_else"]
    assert talk.slots["thread"]["others"] == []


async def test_another_question_instead_keeps_it_for_afterwards() -> None:
    talk = await with_the_first_answered()
    await talk.hears("action_choose", "Yes, that helped", "affirm")

    await talk.hears("action_choose", "how does a payment by direct debit work")
    after = await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert after == ["utter_glad", "utter_offer_other"]


async def test_who_comes_to_it_alone_is_not_asked_again() -> None:
    talk = await with_the_first_answered()
    await talk.hears("action_choose", "my tv is black and that is worse")

    after = await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert after == ["utter_glad", "utter_anything_else"]


async def test_it_outlives_guided_steps_and_the_facts_asked_in_them() -> None:
    talk = Talk(decisions=two_problems("broadband-slow-tonight"))
    await talk.hears("action_question", "slow and my tv is black")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    await talk.gives("verified")

    said = await talk.hears("action_flow_reply", "oh, it came back by itself", "solved")

    assert said == ["utter_glad", "utter_offer_other"]


async def test_a_ticket_for_the_first_holds_it_and_it_is_offered_afterwards() -> None:
    talk = Talk(decisions=two_problems("bill-charged-twice"))
    await talk.hears("action_question", "charged twice and my tv set")

    said = await talk.hears("action_hand_over_reply", "jo@example.com")

    (signals,) = talk.desk.opened.values()
    assert signals.problem == f"charged twice and my tv set (Also mentioned: {TV})"
    assert said == ["utter_ticket_reply_by", "utter_offer_other"]


async def test_words_that_are_in_the_problem_already_are_not_told_twice() -> None:
    talk = await with_the_first_answered()

    await talk.hears("action_person", "a person", "person")

    assert talk.handover is not None
    assert talk.handover["signals"]["problem"] == BOTH


async def test_a_person_who_joins_has_it_in_the_ticket_and_it_is_not_offered_again() -> None:
    talk = await with_the_first_answered()
    await talk.hears("action_choose", "how does a payment by direct debit work")

    await talk.hears("action_person", "a person", "person")
    await talk.hears("action_person", "a person", "person")

    (signals,) = talk.desk.opened.values()
    assert signals.problem.endswith(f"(Also mentioned: {TV})")
    assert talk.slots["thread"]["others"] == []


async def test_starting_over_forgets_it() -> None:
    talk = await with_the_first_answered()
    await talk.hears("action_start_over", "start over", "start_over")

    await talk.hears("action_question", "how does a payment by direct debit work")

    assert await talk.hears("action_choose", "yes", "affirm") == ["utter_glad", "utter_anything_else"]


async def test_the_longest_words_fit_into_a_ticket() -> None:
    long = "x" * 3900
    answer = replace(two_problems()["and my tv"], others=("tv " * 1000,))
    talk = Talk(decisions={long: answer})
    await talk.hears("action_question", long)

    await talk.hears("action_person", "a person", "person")

    assert talk.handover is not None
    assert len(talk.handover["signals"]["problem"]) <= 4000


@pytest.mark.parametrize(
    ("text", "is_same"),
    [("my tv is black", True), ("tv black", True), ("My TV is black!!", True), ("my internet is slow", False)],
)
def test_whether_words_are_about_what_was_mentioned(text: str, is_same: bool) -> None:
    assert is_about(text, TV) is is_same


async def test_the_word_that_joined_it_is_not_quoted() -> None:
    answer = replace(two_problems()["and my tv"], others=("And also my TV is black",))
    talk = Talk(decisions={"roaming": answer})
    await talk.hears("action_question", "no roaming. And also my TV is black")

    await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert talk.said[-1]["other"] == "my TV is black"
