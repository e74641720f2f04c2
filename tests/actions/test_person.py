"""actions.person: a person at once, or offered to who is upset."""

from tests.actions.world import Talk, answers


async def test_who_is_upset_is_offered_a_person() -> None:
    talk = Talk()

    assert await talk.hears("action_frustration", "useless", "frustration") == ["utter_sorry_offer_person"]
    assert (await talk.hears("action_choose", "Yes, a person please", "affirm"))[0] == "utter_hand_over_begins"


async def test_the_second_time_nothing_is_asked_first() -> None:
    talk = Talk()
    await talk.hears("action_frustration", "useless", "frustration")
    await talk.hears("action_choose", "No, carry on", "deny")

    said = await talk.hears("action_frustration", "useless", "frustration")

    assert said[0] == "utter_sorry_passing_on"


async def test_a_request_that_names_its_subject_is_not_asked_for_it_again() -> None:
    talk = Talk(decisions=answers("bill-charged-twice"))

    said = await talk.hears("action_person", "I need somebody to look at my bill", "person")

    assert said[-1] == "utter_ask_contact"
    assert talk.handover is not None
    assert talk.handover["signals"]["category"] == "bill-dispute"


async def test_the_question_asked_before_is_the_problem() -> None:
    talk = Talk(decisions=answers("payment-direct-debit"))
    await talk.hears("action_question", "payment does not work")

    await talk.hears("action_person", "Talk to a person", "person")

    assert talk.handover is not None
    assert talk.handover["signals"]["problem"] == "payment does not work"
