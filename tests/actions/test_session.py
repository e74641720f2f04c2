"""actions.session: the frame of a conversation."""

from tests.actions.world import Talk


async def test_the_first_greeting_is_the_welcome_and_offers_a_person() -> None:
    talk = Talk()

    said = await talk.hears("action_greet", "/greet", "greet")

    assert said == ["utter_welcome"]
    assert "Talk to a person" in talk.choices


async def test_a_later_greeting_keeps_the_thread() -> None:
    talk = Talk()
    await talk.hears("action_greet", "/greet", "greet")
    await talk.hears("action_person", "a person", "person")

    said = await talk.hears("action_greet", "hi", "greet")

    assert said == ["utter_hello_again", "again", "again"]
    assert talk.slots["stage"] == "handover"


async def test_repeat_says_the_last_messages_again_with_their_choices() -> None:
    talk = Talk()
    await talk.hears("action_greet", "/greet", "greet")
    choices = talk.choices

    await talk.hears("action_repeat", "pardon", "repeat")

    assert talk.choices == choices


async def test_starting_over_drops_a_hand_over_and_says_so_to_the_front_door() -> None:
    talk = Talk()
    await talk.hears("action_person", "a person", "person")

    said = await talk.hears("action_start_over", "never mind", "start_over")

    assert said == ["utter_start_over"]
    assert talk.handover == {"state": "dropped", "key": "t1"}
    assert talk.slots["stage"] is None


async def test_goodbye_closes_with_the_outcome() -> None:
    talk = Talk()

    await talk.hears("action_goodbye", "bye", "goodbye")

    assert talk.said[-1]["custom"]["closing"] is True
    assert talk.said[-1]["custom"]["about"]["outcome"] == "unconfirmed"


async def test_words_that_are_a_choice_on_offer_are_never_a_command() -> None:
    talk = Talk()
    await talk.hears("action_frustration", "useless", "frustration")

    said = await talk.hears("action_start_over", "No, carry on", "start_over")

    assert said == ["utter_how_can_i_help"]
