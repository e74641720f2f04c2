"""actions.troubleshoot: guided steps that remember."""

import pytest

from actions.memory import Guide, Known
from tests.actions.world import Operator, Talk, answers, flow


async def in_the_steps(**world: object) -> Talk:
    """At the first question of the slow broadband flow, without the system's checks."""
    talk = Talk(decisions=answers("broadband-slow-tonight", "sim-puk-blocked"), **world)  # type: ignore[arg-type]  # passed on
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Go on without", "deny")
    return talk


def step(talk: Talk) -> str:
    return str(talk.said[-1]["custom"]["about"].get("step"))


async def test_an_article_with_steps_begins_them_and_offers_the_checks() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))

    said = await talk.hears("action_question", "my broadband is slow")

    assert said == ["utter_flow_begins", "utter_offer_check"]
    assert talk.choices == ["Check my line", "Go on without"]


async def test_going_on_without_notes_the_checks_as_skipped() -> None:
    talk = await in_the_steps()

    assert step(talk) == "connection"
    assert {check["result"] for check in talk.slots["found"]["checks"]} == {"skipped"}


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


async def test_another_subject_is_answered_and_the_steps_go_on_afterwards() -> None:
    talk = await in_the_steps()

    aside = await talk.hears("action_flow_reply", "where do I find my sim code")
    after = await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert aside == ["utter_steps_wait", "utter_article", "utter_did_this_help"]
    assert after == ["utter_glad", "utter_back_to_steps", "utter_step"]
    assert step(talk) == "connection"


async def test_it_works_again_ends_the_steps_at_any_point() -> None:
    talk = await in_the_steps()

    said = await talk.hears("action_flow_reply", "oh, it came back by itself", "solved")

    assert said == ["utter_glad", "utter_anything_else"]
    assert talk.said[0]["custom"]["about"]["outcome"] == "confirmed_solved"
    assert talk.slots["guide"] is None


async def test_three_replies_that_fit_no_choice_offer_a_person() -> None:
    talk = await in_the_steps()

    for _ in range(2):
        assert await talk.hears("action_flow_reply", "purple", "nlu_fallback") == ["utter_not_understood", "utter_step"]

    assert await talk.hears("action_flow_reply", "purple", "nlu_fallback") == ["utter_offer_person"]


async def test_a_verified_customer_is_checked_once_for_all_checks() -> None:
    operator = Operator()
    talk = Talk(decisions=answers("broadband-slow-tonight"), operator=operator)
    await talk.hears("action_question", "my broadband is slow")

    await talk.hears("action_flow_reply", "Check my line", "affirm")
    said = await talk.hears("action_verify_reply", "10023456, LF1 2AB")

    assert said == ["utter_verified", "utter_checked_ok", "utter_step"]
    assert step(talk) == "connection"
    assert operator.checked == 1


async def test_a_fault_that_was_found_goes_to_the_department_with_what_was_found() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"), operator=Operator(result="fault"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")

    await talk.hears("action_verify_reply", "10023456 LF1 2AB")

    (signals,) = talk.desk.opened.values()
    assert (signals.department, signals.customer_id, signals.segment) == ("fixed-access", "C-1", "gold")
    assert {check.name: check.result for check in signals.checks}["outage"] == "fault"


async def test_failed_verification_then_carrying_on_goes_on_without_the_checks() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    for _ in range(3):
        await talk.hears("action_verify_reply", "99999999 XX1 1XX")

    said = await talk.hears("action_choose", "No, carry on", "deny")

    assert said == ["utter_back_to_steps", "utter_step"]
    assert step(talk) == "connection"


async def at_the_restart(**world: object) -> Talk:
    talk = await in_the_steps(**world)
    await talk.hears("action_flow_reply", "Cable")
    return talk


async def at_a_question_of_yes_and_no() -> Talk:
    """ "Try the same page again. Is it better now?" """
    talk = await at_the_restart()
    await talk.hears("action_flow_reply", "I've restarted it")
    return talk


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


async def test_who_needs_time_has_it_and_keeps_the_choices() -> None:
    talk = await at_the_restart()

    said = await talk.hears("action_wait", "hang on a minute", "wait")
    await talk.hears("action_flow_reply", "3", "nlu_fallback")

    assert said == ["utter_take_your_time"]
    assert step(talk) == "quiet"


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


async def test_a_person_who_joins_hears_of_the_steps_that_waited() -> None:
    talk = await in_the_steps()
    talk.knowledge.answers |= answers("mobile-no-signal")
    await talk.hears("action_flow_reply", "and my mobile has no bars")

    await talk.hears("action_person", "a person", "person")

    assert talk.handover is not None
    problem = "and my mobile has no bars (Also mentioned: my broadband is slow)"
    assert talk.handover["signals"]["problem"] == problem


async def test_an_article_whose_steps_failed_is_never_offered_again() -> None:
    talk = await at_a_question_of_yes_and_no()
    await talk.hears("action_flow_reply", "No, still slow")
    await talk.hears("action_flow_reply", "No, still slow")
    await talk.hears("action_hand_over_now", "skip")

    await talk.hears("action_choose", "my broadband is slow and slow")

    assert "broadband-slow-tonight" in talk.knowledge.asked[-1][1].offered


@pytest.mark.parametrize(
    ("article_id", "offer"),
    [
        ("broadband-slow-tonight", "utter_offer_check"),
        ("mobile-no-signal", "utter_offer_check_mobile"),
        ("tv-black-screen", "utter_offer_check_outage"),
        ("bill-went-up", "utter_offer_check_account"),
    ],
)
async def test_what_is_offered_is_what_will_be_checked(article_id: str, offer: str) -> None:
    talk = Talk(decisions=answers(article_id))

    assert await talk.hears("action_question", article_id) == ["utter_flow_begins", offer]


async def test_another_service_is_checked_afresh() -> None:
    operator = Operator()
    talk = Talk(decisions=answers("broadband-slow-tonight", "mobile-no-signal"), operator=operator)
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    await talk.hears("action_verify_reply", "10023456 LF1 2AB")
    await talk.hears("action_flow_reply", "oh it works again", "solved")

    await talk.hears("action_question", "and my mobile has no bars")

    assert operator.checked == 2


async def test_what_was_skipped_is_checked_when_the_customer_is_verified_later() -> None:
    operator = Operator()
    talk = await in_the_steps(operator=operator)
    talk.slots["customer"] = Known(customer_id="C-1").model_dump()
    await talk.hears("action_start_over", "start over", "start_over")

    await talk.hears("action_question", "my broadband is slow")

    assert operator.checked == 1


@pytest.mark.parametrize(
    ("step_id", "said", "intent", "sure", "result"),
    [
        ("payment-retry.how", "by card", "goodbye", 0.6, "By card or phone wallet"),
        ("mobile-calls.who", "just one person", "person", 0.74, "Only one person"),
        ("speed-measure.wired_speed", "75.3", "ticket_status", 0.98, "30 to 85"),
        ("tv-no-picture.better_after_restart", "the picture is back again", "go_back", 0.6, "Yes, it's back"),
        ("mobile-signal.where", "it's gone everywhere", "how", 0.6, "Everywhere"),
    ],
)
async def test_words_that_answer_the_step_are_never_a_command(
    step_id: str, said: str, intent: str, sure: float, result: str
) -> None:
    flow_id, _, name = step_id.partition(".")
    talk = Talk()
    guide = Guide(state={"flow": flow_id, "step": name, "done": []})
    talk.slots |= {"guide": guide.model_dump(), "stage": "flow"}

    await talk.hears("action_by_its_intent", said, intent, sure=sure)

    assert talk.slots["found"]["steps"][-1]["result"] == result


@pytest.mark.parametrize(
    ("action", "said", "intent"),
    [("action_person", "a person", "person"), ("action_start_over", "begin again", "start_over")],
)
async def test_a_clear_command_is_one_in_the_steps_too(action: str, said: str, intent: str) -> None:
    talk = await in_the_steps()

    await talk.hears(action, said, intent)

    assert talk.slots["stage"] != "flow"


async def test_an_unsure_command_is_a_reply() -> None:
    talk = Talk(decisions=answers("tv-black-screen"))
    await talk.hears("action_question", "my tv is black")

    await talk.hears("action_person", "a person", "person")
    said = await talk.hears("action_goodbye", "by noon", "goodbye", sure=0.55)

    assert "utter_goodbye" not in said


async def test_a_new_subject_is_not_taken_for_a_no_that_recognition_guessed() -> None:
    talk = await at_the_restart()

    said = await talk.hears("action_flow_reply", "my sim wants some code now", "deny", sure=0.6)

    assert said[:2] == ["utter_steps_wait", "utter_article"]


async def test_the_act_in_the_customers_own_words_asks_how_it_is_now() -> None:
    talk = Talk()
    guide = Guide(state={"flow": "topup-missing", "step": "restart", "done": []})
    talk.slots |= {"guide": guide.model_dump(), "stage": "flow"}

    said = await talk.hears("action_flow_reply", "I rebooted the phone", "nlu_fallback", sure=0.5)

    assert said == ["utter_and_now"]
    assert talk.choices[0] == "Yes, it's there"


@pytest.mark.parametrize("number", ["10023456", "my account is 10023456"])
async def test_a_number_at_the_offer_is_the_accounts_and_not_a_tickets(number: str) -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")

    assert await talk.hears("action_ticket_status", number, "ticket_status") == ["utter_ask_second_fact"]


async def test_words_about_another_product_are_another_subject_though_they_would_fit_a_choice() -> None:
    talk = Talk(decisions=answers("broadband-no-internet"))
    guide = Guide(state={"flow": "mobile-signal", "step": "flight", "done": []})
    talk.slots |= {"guide": guide.model_dump(), "stage": "flow"}

    said = await talk.hears("action_flow_reply", "my broadband is not working at all")

    assert said[:2] == ["utter_steps_wait", "utter_flow_begins"]


async def test_a_long_no_is_a_no() -> None:
    talk = await at_a_question_of_yes_and_no()

    await talk.hears("action_flow_reply", "no it is not working any better at all")

    assert step(talk) == "quiet"


@pytest.mark.parametrize("said", ["back to the steps", "back"])
async def test_back_leaves_steps_within_steps(said: str) -> None:
    talk = await in_the_steps()
    talk.knowledge.answers |= answers("mobile-no-signal")
    await talk.hears("action_flow_reply", "and my mobile has no bars")
    await talk.hears("action_flow_reply", "Go on without", "deny")

    responses = await talk.hears("action_flow_reply", said, "go_back")

    assert responses == ["utter_back_to_steps", "utter_step"]
    assert (step(talk), talk.slots["guide"]["state"]["flow"]) == ("connection", "broadband-slow")
