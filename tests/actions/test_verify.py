"""actions.verify: two facts that match."""

import pytest

from tests.actions.world import Talk, answers


async def asked_for_the_account(medium: str = "screen") -> Talk:
    talk = Talk(decisions=answers("broadband-slow-tonight"), medium=medium)
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    return talk


async def test_the_reply_is_announced_as_a_fact_to_be_masked() -> None:
    talk = await asked_for_the_account()

    assert talk.said[-1]["custom"]["expects"] == "fact"


@pytest.mark.parametrize(
    "account", ["10023456", "100 234 56", "one double oh two three four five six", "it's 10023456"]
)
async def test_one_fact_after_the_other(account: str) -> None:
    talk = await asked_for_the_account()

    first = await talk.hears("action_verify_reply", account)
    second = await talk.hears("action_verify_reply", "lf1 2ab")

    assert first == ["utter_ask_second_fact"]
    assert second[0] == "utter_verified"


async def test_three_failures_offer_a_person() -> None:
    talk = await asked_for_the_account()

    for _ in range(2):
        said = await talk.hears("action_verify_reply", "99999999 XX1 1XX")
        assert said == ["utter_facts_do_not_match", "utter_ask_account"]

    assert await talk.hears("action_verify_reply", "99999999 XX1 1XX") == ["utter_verification_failed"]
    assert talk.slots["stage"] == "choosing"


async def test_who_has_no_account_number_goes_on_without() -> None:
    talk = await asked_for_the_account()

    said = await talk.hears("action_verify_reply", "I don't have it", "dont_know")

    assert said == ["utter_without_verification", "utter_step"]


async def test_a_new_question_instead_of_a_fact_is_a_new_question() -> None:
    talk = await asked_for_the_account()

    said = await talk.hears("action_verify_reply", "tell me about something else entirely")

    assert said == ["utter_off_topic"]


@pytest.mark.parametrize("account", ["", "10023456"])
async def test_why_is_answered_and_is_no_wrong_try(account: str) -> None:
    talk = await asked_for_the_account()
    if account:
        await talk.hears("action_verify_reply", account)
    asked = talk.said[-1]["response"]

    said = await talk.hears("action_verify_reply", "why do you want to know", "why")

    assert said == ["utter_why_verify", asked]
    assert talk.slots["verification"]["tries"] == 0


async def test_back_goes_to_the_number_and_then_to_the_offer() -> None:
    talk = await asked_for_the_account()
    await talk.hears("action_verify_reply", "10023456")

    first = await talk.hears("action_verify_reply", "back", "go_back")
    second = await talk.hears("action_verify_reply", "back", "go_back")

    assert first == ["utter_ask_account"]
    assert second == ["utter_back_to_steps", "utter_offer_check"]
    assert talk.choices == ["Check my line", "Go on without"]
