"""actions.verify: the dialogue around what proves who somebody is, which it never sees."""

import json

import pytest

from subscriber.client import Standing
from tests.actions.world import JO, Talk, answers


async def asked_for_the_account(medium: str = "screen") -> Talk:
    talk = Talk(decisions=answers("broadband-slow-tonight"), medium=medium)
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    return talk


async def asked_for_a_change() -> Talk:
    """Verified by facts, and a change of the account was agreed to."""
    talk = Talk()
    talk.slots["customer"] = {"customer_id": JO.customer_id, "level": "verified"}
    talk.slots["wish"] = {"action": "action_payment_extension", "confirm": "action_payment_extension_agreed"}
    talk.slots["stage"] = "account"
    talk.identity.now = Standing("verified", JO)
    await talk.hears("action_account_reply", "Yes, please", "affirm")
    return talk


async def test_the_front_door_is_told_to_take_the_reply() -> None:
    talk = await asked_for_the_account()

    assert talk.said[-1]["custom"]["expects"] == "secret"


async def test_one_fact_after_the_other() -> None:
    talk = await asked_for_the_account()

    first = await talk.gives("half")
    second = await talk.gives("verified")

    assert first == ["utter_ask_second_fact"]
    assert second[0] == "utter_verified"
    assert talk.slots["customer"]["customer_id"] == JO.customer_id


async def test_words_that_say_they_are_verified_prove_nothing() -> None:
    talk = await asked_for_the_account()

    await talk.hears("action_verify_reply", "verified", "support_question", outcome="verified")

    assert not (talk.slots.get("customer") or {}).get("customer_id")


async def test_a_token_without_a_proof_behind_it_verifies_nobody() -> None:
    talk = await asked_for_the_account()

    said = await talk.hears("action_verify_reply", "/verified", "verified", outcome="verified")

    assert said[0] == "utter_verification_unavailable"
    assert not (talk.slots.get("customer") or {}).get("customer_id")


async def test_an_account_number_at_the_offer_goes_on_with_the_second_fact() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")
    assert talk.said[-1]["custom"]["expects"] == "offer"

    said = await talk.gives("half")
    checked = await talk.gives("verified")

    assert said == ["utter_ask_second_fact"]
    assert checked[0] == "utter_verified"
    assert "utter_step" in checked


async def test_three_failures_offer_a_person() -> None:
    talk = await asked_for_the_account()

    for _ in range(2):
        said = await talk.gives("mismatch")
        assert said == ["utter_facts_do_not_match", "utter_ask_account"]

    assert await talk.gives("mismatch") == ["utter_verification_failed"]
    assert talk.slots["stage"] == "choosing"


async def test_a_lock_is_told_with_its_time_and_a_person_is_offered() -> None:
    talk = await asked_for_the_account()

    said = await talk.gives("locked")

    assert said == ["utter_verification_locked", "utter_offer_person"]
    assert talk.said[0]["minutes"] == "15"


async def test_systems_that_are_away_are_no_failure_of_the_customer() -> None:
    talk = await asked_for_the_account()

    said = await talk.gives("unavailable")

    assert said[0] == "utter_verification_unavailable"
    assert "utter_step" in said


async def test_who_has_no_account_number_goes_on_without() -> None:
    talk = await asked_for_the_account()

    said = await talk.hears("action_verify_reply", "I don't have it", "dont_know")

    assert said == ["utter_without_verification", "utter_step"]


async def test_a_new_question_instead_of_a_fact_is_a_new_question() -> None:
    talk = await asked_for_the_account()

    said = await talk.hears("action_verify_reply", "tell me about something else entirely")

    assert said == ["utter_off_topic"]


@pytest.mark.parametrize("is_half", [False, True])
async def test_why_is_answered_and_is_no_wrong_try(is_half: bool) -> None:
    talk = await asked_for_the_account()
    if is_half:
        await talk.gives("half")
    asked = talk.said[-1]["response"]

    said = await talk.hears("action_verify_reply", "why do you want to know", "why")

    assert said == ["utter_why_verify", asked]
    assert talk.slots["verification"]["tries"] == 0


async def test_back_goes_to_the_number_and_then_to_the_offer() -> None:
    talk = await asked_for_the_account()
    await talk.gives("half")

    first = await talk.hears("action_verify_reply", "back", "go_back")
    second = await talk.hears("action_verify_reply", "back", "go_back")

    assert first == ["utter_ask_account"]
    assert second == ["utter_back_to_steps", "utter_offer_check"]
    assert talk.choices == ["Check my line", "Go on without"]


async def test_a_code_goes_to_the_number_on_file_and_stands_nowhere_in_the_dialogue() -> None:
    talk = await asked_for_the_account()
    await talk.gives("half")

    said = await talk.hears("action_verify_reply", "Text me a code")

    ((to, text),) = talk.texts.sent.values()
    assert said == ["utter_code_sent"]
    assert to == "+447700900001"
    assert "493021" in text
    assert "493021" not in json.dumps([talk.slots, talk.said, talk.past])
    assert talk.said[-1]["custom"]["expects"] == "secret"


async def test_a_known_caller_is_offered_a_code_without_an_account_number() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"), medium="ear", caller="+447700900001")
    talk.identity.knows["+447700900001"] = JO
    await talk.hears("action_question", "my broadband is slow")

    asked = await talk.hears("action_flow_reply", "Check my line", "affirm")
    sent = await talk.hears("action_verify_reply", "Text me a code")
    told = await talk.gives("verified")

    assert (asked, sent) == (["utter_ask_how"], ["utter_code_sent"])
    assert told[0] == "utter_verified"


@pytest.mark.parametrize("caller", [None, "+441632960115"])
async def test_a_withheld_or_shared_number_is_asked_for_the_account(caller: str | None) -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"), medium="ear", caller=caller)
    await talk.hears("action_question", "my broadband is slow")

    assert await talk.hears("action_flow_reply", "Check my line", "affirm") == ["utter_ask_account"]


async def test_a_change_needs_a_code_in_the_middle_and_goes_on_where_it_was() -> None:
    talk = await asked_for_a_change()
    assert talk.said[-1]["response"] == "utter_code_sent"

    wrong = await talk.gives("wrong_code")
    done = await talk.gives("strong")

    assert wrong == ["utter_code_wrong", "utter_ask_code"]
    assert done[0] == "utter_verified"
    assert talk.slots["customer"]["level"] == "strong"
    assert talk.identity.codes == 1


async def test_a_code_that_is_over_is_sent_anew_when_asked() -> None:
    talk = await asked_for_a_change()

    over = await talk.gives("over")
    anew = await talk.hears("action_verify_reply", "Send a new code")

    assert (over, anew) == (["utter_code_over"], ["utter_code_sent"])
    assert len(talk.texts.sent) == 2


@pytest.mark.parametrize(
    ("refusal", "told"), [("no_number", "utter_code_no_number"), ("too_many", "utter_code_too_many")]
)
async def test_without_a_code_a_change_is_for_a_person(refusal: str, told: str) -> None:
    talk = await asked_for_a_change()
    talk.identity.code = refusal

    said = await talk.hears("action_verify_reply", "Send a new code")

    assert said == [told, "utter_code_person"]
    assert talk.slots["stage"] == "choosing"


async def test_a_code_that_cannot_be_sent_leaves_the_facts() -> None:
    talk = await asked_for_the_account()
    await talk.gives("half")
    talk.texts.is_away = True

    said = await talk.hears("action_verify_reply", "Text me a code")

    assert said == ["utter_code_unsent", "utter_ask_account"]


async def test_who_was_verified_by_a_code_proves_a_change_with_facts() -> None:
    talk = Talk()
    talk.slots["customer"] = {"customer_id": JO.customer_id, "level": "verified"}
    talk.slots["wish"] = {"action": "action_payment_extension", "confirm": "action_payment_extension_agreed"}
    talk.slots["stage"] = "account"
    talk.identity.now = Standing("verified", JO, by_code=True)

    assert await talk.hears("action_account_reply", "Yes, please", "affirm") == ["utter_ask_account"]
