"""actions.troubleshoot: guided steps that remember, and what a reply to one means."""

import pytest

from actions.memory import Guide
from tests.actions.steps import at_a_question_of_yes_and_no, at_the_restart, in_the_steps, step
from tests.actions.world import Talk, answers, flow


async def test_steps_tried_go_into_the_ticket() -> None:
    talk = await in_the_steps()
    await talk.hears("action_flow_reply", "Cable")

    await talk.hears("action_person", "a person please", "person")

    assert talk.handover is not None
    assert talk.handover["signals"]["steps"] == [{"flow": "broadband-slow", "step": "connection", "result": "Cable"}]


async def test_why_explains_and_asks_again() -> None:
    talk = await in_the_steps()

    said = await talk.hears("action_flow_reply", "why", "why")

    assert said == ["utter_why", "utter_step"]
    assert step(talk) == "connection"


async def test_back_returns_to_the_question_before() -> None:
    talk = await in_the_steps()
    await talk.hears("action_flow_reply", "Wi-Fi")

    await talk.hears("action_flow_reply", "back", "go_back")

    assert step(talk) == "connection"


async def test_a_plain_yes_is_understood_by_its_intent() -> None:
    talk = await in_the_steps()
    await talk.hears("action_flow_reply", "Wi-Fi")

    await talk.hears("action_flow_reply", "jolly good", "ready")

    assert step(talk) == "better_beside_router"


async def test_three_replies_that_fit_no_choice_offer_a_person() -> None:
    talk = await in_the_steps()

    for _ in range(2):
        assert await talk.hears("action_flow_reply", "purple", "nlu_fallback") == ["utter_not_understood", "utter_step"]

    assert await talk.hears("action_flow_reply", "purple", "nlu_fallback") == ["utter_offer_person"]


@pytest.mark.parametrize(("said", "intent"), [("done", "ready"), ("did that before", "did_that")])
async def test_done_is_no_yes_to_whether_it_is_better(said: str, intent: str) -> None:
    talk = await at_a_question_of_yes_and_no()

    assert await talk.hears("action_flow_reply", said, intent) == ["utter_and_now"]
    assert talk.choices == ["Yes, it's better", "No, still slow"]
    assert step(talk) == "better_after_restart"


async def test_thanks_are_no_yes_either() -> None:
    talk = await at_a_question_of_yes_and_no()

    assert await talk.hears("action_flow_reply", "cheers", "thanks") == ["utter_welcome_to_it", "utter_step"]


async def test_i_did_that_already_goes_on_without_doing_it_again() -> None:
    talk = await at_the_restart()

    await talk.hears("action_flow_reply", "I tried this on Monday", "did_that")

    assert step(talk) == "quiet"


async def test_i_cannot_takes_the_way_round() -> None:
    talk = await at_the_restart()

    await talk.hears("action_flow_reply", "that is impossible here", "cannot")

    assert step(talk) == "quiet"
    assert talk.slots["thread"]["acts"] == []


async def test_i_cannot_without_a_way_round_is_met_kindly() -> None:
    talk = await at_a_question_of_yes_and_no()

    assert await talk.hears("action_flow_reply", "that is impossible", "cannot") == ["utter_nothing_fits", "utter_step"]


async def test_how_says_the_step_again_and_costs_nothing() -> None:
    talk = await at_a_question_of_yes_and_no()

    for _ in range(4):
        assert await talk.hears("action_flow_reply", "how do I do that", "how") == ["utter_how", "utter_step"]


async def test_how_has_its_own_words_where_the_step_has_them() -> None:
    talk = await at_the_restart()

    assert await talk.hears("action_flow_reply", "how do I do that", "how") == ["utter_why", "utter_step"]
    assert talk.said[0]["why"] == flow("broadband-slow").step("restart").how


async def test_a_number_that_is_measured_is_no_place_in_the_list() -> None:
    talk = Talk(decisions=answers("broadband-speed-below-promised"))
    at_the_measure = {"flow": "speed-measure", "step": "wired_speed", "done": []}
    talk.slots |= {"guide": Guide(state=at_the_measure).model_dump(), "stage": "flow"}
    await talk.hears("action_repeat", "pardon", "repeat")

    await talk.hears("action_flow_reply", "3", "nlu_fallback")

    assert talk.slots["found"]["steps"][-1]["result"] == flow("speed-measure").step("wired_speed").choices[0].label


async def test_the_first_step_has_nothing_before_it() -> None:
    talk = await in_the_steps()

    assert await talk.hears("action_flow_reply", "back", "go_back") == ["utter_first_step", "utter_step"]


async def test_an_article_whose_steps_failed_is_never_offered_again() -> None:
    talk = await at_a_question_of_yes_and_no()
    await talk.hears("action_flow_reply", "No, still slow")
    await talk.hears("action_flow_reply", "No, still slow")
    await talk.hears("action_hand_over_now", "skip")

    await talk.hears("action_choose", "my broadband is slow and slow")

    assert "broadband-slow-tonight" in talk.knowledge.asked[-1][1].offered


async def test_the_act_in_the_customers_own_words_asks_how_it_is_now() -> None:
    talk = Talk()
    guide = Guide(state={"flow": "topup-missing", "step": "restart", "done": []})
    talk.slots |= {"guide": guide.model_dump(), "stage": "flow"}

    said = await talk.hears("action_flow_reply", "I rebooted the phone", "nlu_fallback", sure=0.5)

    assert said == ["utter_and_now"]
    assert talk.choices[0] == "Yes, it's there"


async def test_a_long_no_is_a_no() -> None:
    talk = await at_a_question_of_yes_and_no()

    await talk.hears("action_flow_reply", "no it is not working any better at all")

    assert step(talk) == "quiet"
