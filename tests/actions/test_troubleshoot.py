"""actions.troubleshoot: guided steps that remember."""

from tests.actions.world import Operator, Talk, answers


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

    assert said == ["utter_verified", "utter_checked", "utter_step"]
    assert step(talk) == "connection"
    assert operator.checked == 1


async def test_a_fault_that_was_found_goes_to_the_department_with_what_was_found() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"), operator=Operator(result="fault"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")

    await talk.hears("action_verify_reply", "10023456 LF1 2AB")

    assert talk.handover is not None
    signals = talk.handover["signals"]
    assert (signals["department"], signals["customer_id"], signals["segment"]) == ("fixed-access", "C-1", "gold")
    assert {check["name"]: check["result"] for check in signals["checks"]}["outage"] == "fault"


async def test_failed_verification_then_carrying_on_goes_on_without_the_checks() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    for _ in range(3):
        await talk.hears("action_verify_reply", "99999999 XX1 1XX")

    said = await talk.hears("action_choose", "No, carry on", "deny")

    assert said == ["utter_back_to_steps", "utter_step"]
    assert step(talk) == "connection"
