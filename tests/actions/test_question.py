"""actions.question: answer, ask back, or admit not to know."""

import pytest

from knowledge.answer import Article, HandOver
from tests.actions.world import Talk, answers, article, asks_back


async def test_an_article_is_shown_and_asks_whether_it_helped() -> None:
    talk = Talk(decisions=answers("roaming-turn-on"))

    said = await talk.hears("action_question", "roaming does not work")

    assert said == ["utter_article", "utter_did_this_help"]
    assert talk.said[0]["body"] == article("roaming-turn-on").screen
    assert talk.said[0]["custom"]["about"]["article"] == "roaming-turn-on"


async def test_on_the_phone_the_text_for_the_ear_is_said() -> None:
    talk = Talk(decisions=answers("roaming-turn-on"), medium="ear")

    await talk.hears("action_question", "roaming does not work")

    assert talk.said[0]["body"] == article("roaming-turn-on").ear


async def test_yes_confirms_that_it_is_solved() -> None:
    talk = Talk(decisions=answers("roaming-turn-on"))
    await talk.hears("action_question", "roaming does not work")

    said = await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert said == ["utter_glad", "utter_anything_else"]
    assert talk.said[0]["custom"]["about"]["outcome"] == "confirmed_solved"


async def test_not_helped_twice_goes_to_a_person() -> None:
    first, second = "sim-puk-blocked", "payment-direct-debit"
    talk = Talk(decisions={"phone": answers(first)["sim"], "my": answers(second)["payment"]})
    await talk.hears("action_question", "my phone is odd")

    again = await talk.hears("action_choose", "No, it didn't help", "deny")
    last = await talk.hears("action_choose", "No, it didn't help", "deny")

    assert again[0] == "utter_sorry_try_another"
    assert "utter_hand_over_begins" in last
    assert talk.handover is not None
    assert talk.handover["signals"]["reason"] == "not_helped"
    assert talk.handover["signals"]["articles"] == [first, second]


async def test_close_articles_are_asked_back_with_none_of_these_last() -> None:
    talk = Talk(decisions={"phone": asks_back("sim-puk-blocked", "payment-direct-debit")})

    said = await talk.hears("action_question", "my phone")

    assert said == ["utter_which"]
    assert talk.choices[-1] == "None of these"
    assert len(talk.choices) == 3


@pytest.mark.parametrize(
    "reply", [article("sim-puk-blocked").label, article("sim-puk-blocked").label.upper() + "!", "1"]
)
async def test_a_choice_taken_shows_its_article(reply: str) -> None:
    talk = Talk(decisions={"phone": asks_back("sim-puk-blocked", "payment-direct-debit")})
    await talk.hears("action_question", "my phone")

    said = await talk.hears("action_choose", reply)

    assert said[0] == "utter_article"
    assert talk.said[0]["custom"]["about"]["article"] == "sim-puk-blocked"


def no_article(article_id: str, language: str) -> Article:
    raise KeyError(article_id, language)


async def test_a_choice_that_a_new_index_has_no_longer_is_asked_of_it_again() -> None:
    talk = Talk(decisions={"phone": asks_back("sim-puk-blocked", "payment-direct-debit")})
    await talk.hears("action_question", "my phone")
    label = article("sim-puk-blocked").label
    talk.article = no_article
    talk.knowledge.answers = {label.casefold(): answers("sim-replacement")["sim"]}

    said = await talk.hears("action_choose", label)

    assert said[0] == "utter_article"


async def test_an_article_that_a_new_index_has_no_longer_and_did_not_help_leads_to_a_person() -> None:
    talk = Talk(decisions=answers("sim-puk-blocked"))
    await talk.hears("action_question", "my sim is blocked")
    talk.article = no_article
    talk.knowledge.answers = {}

    said = await talk.hears("action_choose", "No, it didn't help", "deny")

    assert "utter_hand_over_begins" in said


async def test_none_of_these_asks_for_other_words() -> None:
    talk = Talk(decisions={"phone": asks_back("sim-puk-blocked", "payment-direct-debit")})
    await talk.hears("action_question", "my phone")

    assert await talk.hears("action_choose", "None of these", "none_of_these") == ["utter_rephrase"]


async def test_off_topic_is_told_then_a_person_is_offered_then_it_goes_to_a_person() -> None:
    talk = Talk()

    first = await talk.hears("action_question", "tell me a joke")
    second = await talk.hears("action_question", "the capital of France")
    third = await talk.hears("action_choose", "blah blah blah")

    assert first == ["utter_off_topic"]
    assert second == ["utter_offer_person"]
    assert third[0] == "utter_no_answer"
    assert talk.handover is not None


async def test_a_telecom_question_without_an_answer_goes_to_a_person() -> None:
    nothing = HandOver(reason="no_answer", category="general", confidence=0.3)
    talk = Talk(decisions={"satellite": nothing})

    said = await talk.hears("action_question", "is satellite supported")

    assert said == ["utter_no_answer", "utter_hand_over_begins", "utter_ask_contact"]


async def test_charged_twice_reaches_billing_after_one_question() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"))

    begins = await talk.hears("action_question", "I was charged twice this month (my bill)")
    ends = await talk.hears("action_hand_over_reply", "jo@example.com")

    assert begins == ["utter_article", "utter_ask_contact"]
    assert ends[0] == "utter_ticket_reply_by"
    (signals,) = talk.desk.opened.values()
    assert (signals.department, signals.category, signals.reachable) == ("billing", "bill-dispute", "jo@example.com")


@pytest.mark.parametrize("text", ["?", "😀 😀", "12345"])
async def test_without_words_it_asks_for_words(text: str) -> None:
    assert await Talk().hears("action_question", text) == ["utter_say_in_words"]


async def test_an_article_that_did_not_help_is_never_offered_again_in_the_conversation() -> None:
    talk = Talk(decisions=answers("sim-puk-blocked", "payment-direct-debit"))
    await talk.hears("action_question", "my sim is locked")
    await talk.hears("action_choose", "No, it didn't help", "deny")
    await talk.hears("action_hand_over_now", "skip")

    await talk.hears("action_question", "my sim is locked again")

    assert "sim-puk-blocked" in talk.knowledge.asked[-1][1].offered


async def test_how_after_an_article_offers_to_have_it_explained() -> None:
    talk = Talk(decisions=answers("sim-puk-blocked"))
    await talk.hears("action_question", "my sim is locked")

    offered = await talk.hears("action_choose", "how do I do that", "how")

    assert offered == ["utter_offer_explaining"]
    assert "utter_ask_contact" in await talk.hears("action_choose", "Yes, a person please", "affirm")


async def test_a_sentence_that_was_taken_for_a_no_is_asked_all_the_same() -> None:
    talk = Talk(decisions={"slow": answers("sim-puk-blocked")["sim"]})

    assert (await talk.hears("action_question", "and it is still slow", "deny", sure=0.7))[0] == "utter_article"
    assert await talk.hears("action_question", "no", "deny", sure=0.7) == ["utter_how_can_i_help"]


async def test_a_sentence_after_anything_else_is_no_goodbye() -> None:
    talk = Talk(decisions={"slow": answers("sim-puk-blocked")["sim"], **answers("payment-direct-debit")})
    await talk.hears("action_question", "payment does not work")
    await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert (await talk.hears("action_choose", "and it is still slow", "deny", sure=0.6))[0] == "utter_article"
