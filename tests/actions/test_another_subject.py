"""actions.troubleshoot: another subject in the middle of guided steps, and the way back."""

import pytest

from actions.memory import Guide
from tests.actions.steps import at_the_restart, in_the_steps, step
from tests.actions.world import Talk, answers


async def test_another_subject_is_answered_and_the_steps_go_on_afterwards() -> None:
    talk = await in_the_steps()

    aside = await talk.hears("action_flow_reply", "where do I find my sim code")
    after = await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert aside == ["utter_steps_wait", "utter_article", "utter_did_this_help"]
    assert after == ["utter_glad", "utter_back_to_steps", "utter_step"]
    assert step(talk) == "connection"


async def test_back_to_the_steps_leaves_another_subject() -> None:
    talk = await in_the_steps()
    await talk.hears("action_flow_reply", "where do I find my sim code")

    said = await talk.hears("action_choose", "back to the steps", "go_back")

    assert said == ["utter_back_to_steps", "utter_step"]


async def test_after_another_subject_the_ticket_is_about_the_steps_again() -> None:
    talk = await in_the_steps()
    await talk.hears("action_flow_reply", "where do I find my sim code")
    await talk.hears("action_choose", "Yes, that helped", "affirm")

    await talk.hears("action_person", "a person", "person")

    assert talk.handover is not None
    assert talk.handover["signals"]["problem"] == "my broadband is slow"
    assert talk.handover["signals"]["category"] == "broadband-slow"


async def test_a_ticket_for_another_subject_leaves_the_steps_where_they_were() -> None:
    talk = await in_the_steps()
    talk.knowledge.answers |= answers("bill-charged-twice")
    await talk.hears("action_flow_reply", "and my bill was taken twice")

    said = await talk.hears("action_hand_over_reply", "jo@example.com")

    assert said == ["utter_ticket_reply_by", "utter_back_to_steps", "utter_step"]
    assert step(talk) == "connection"


async def test_steps_within_steps_end_where_the_first_were_left() -> None:
    talk = await in_the_steps()
    talk.knowledge.answers |= answers("mobile-no-signal")
    begins = await talk.hears("action_flow_reply", "and my mobile has no bars")
    await talk.hears("action_flow_reply", "Go on without", "deny")

    ends = await talk.hears("action_flow_reply", "oh it works again", "solved")

    assert begins == ["utter_steps_wait", "utter_flow_begins", "utter_offer_check_mobile"]
    assert ends == ["utter_glad", "utter_back_to_steps", "utter_step"]
    assert step(talk) == "connection"


@pytest.mark.parametrize("said", ["back to the steps", "back"])
async def test_back_leaves_steps_within_steps(said: str) -> None:
    talk = await in_the_steps()
    talk.knowledge.answers |= answers("mobile-no-signal")
    await talk.hears("action_flow_reply", "and my mobile has no bars")
    await talk.hears("action_flow_reply", "Go on without", "deny")

    responses = await talk.hears("action_flow_reply", said, "go_back")

    assert responses == ["utter_back_to_steps", "utter_step"]
    assert (step(talk), talk.slots["guide"]["state"]["flow"]) == ("connection", "broadband-slow")


async def test_a_person_who_joins_hears_of_the_steps_that_waited() -> None:
    talk = await in_the_steps()
    talk.knowledge.answers |= answers("mobile-no-signal")
    await talk.hears("action_flow_reply", "and my mobile has no bars")

    await talk.hears("action_person", "a person", "person")

    assert talk.handover is not None
    problem = "and my mobile has no bars (Also mentioned: my broadband is slow)"
    assert talk.handover["signals"]["problem"] == problem


async def test_a_new_subject_is_not_taken_for_a_no_that_recognition_guessed() -> None:
    talk = await at_the_restart()

    said = await talk.hears("action_flow_reply", "my sim wants some code now", "deny", sure=0.6)

    assert said[:2] == ["utter_steps_wait", "utter_article"]


async def test_words_about_another_product_are_another_subject_though_they_would_fit_a_choice() -> None:
    talk = Talk(decisions=answers("broadband-no-internet"))
    guide = Guide(state={"flow": "mobile-signal", "step": "flight", "done": []})
    talk.slots |= {"guide": guide.model_dump(), "stage": "flow"}

    said = await talk.hears("action_flow_reply", "my broadband is not working at all")

    assert said[:2] == ["utter_steps_wait", "utter_flow_begins"]
