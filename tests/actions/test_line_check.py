"""actions.line_check: the system's own checks in guided steps, offered and made."""

import pytest

from actions.memory import Known
from tests.actions.steps import in_the_steps, step
from tests.actions.world import Operator, Talk, answers


async def test_an_article_with_steps_begins_them_and_offers_the_checks() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))

    said = await talk.hears("action_question", "my broadband is slow")

    assert said == ["utter_flow_begins", "utter_offer_check"]
    assert talk.choices == ["Check my line", "Go on without"]


async def test_going_on_without_notes_the_checks_as_skipped() -> None:
    talk = await in_the_steps()

    assert step(talk) == "connection"
    assert {check["result"] for check in talk.slots["found"]["checks"]} == {"skipped"}


async def test_a_verified_customer_is_checked_once_for_all_checks() -> None:
    operator = Operator()
    talk = Talk(decisions=answers("broadband-slow-tonight"), operator=operator)
    await talk.hears("action_question", "my broadband is slow")

    await talk.hears("action_flow_reply", "Check my line", "affirm")
    said = await talk.gives("verified")

    assert said == ["utter_verified", "utter_checked_ok", "utter_step"]
    assert step(talk) == "connection"
    assert operator.checked == 1


async def test_a_fault_that_was_found_goes_to_the_department_with_what_was_found() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"), operator=Operator(result="fault"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")

    await talk.gives("verified")

    (signals,) = talk.desk.opened.values()
    assert (signals.department, signals.customer_id, signals.segment) == ("fixed-access", "C-1", "gold")
    assert {check.name: check.result for check in signals.checks}["outage"] == "fault"


async def test_failed_verification_then_carrying_on_goes_on_without_the_checks() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    for _ in range(3):
        await talk.gives("mismatch")

    said = await talk.hears("action_choose", "No, carry on", "deny")

    assert said == ["utter_back_to_steps", "utter_step"]
    assert step(talk) == "connection"


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
    await talk.gives("verified")
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
