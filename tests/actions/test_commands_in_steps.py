"""actions.app: what ends or interrupts guided steps, and what only sounds like it."""

import pytest

from actions.memory import Guide
from tests.actions.steps import at_the_restart, in_the_steps, step
from tests.actions.world import Talk, answers


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


async def test_who_needs_time_has_it_and_keeps_the_choices() -> None:
    talk = await at_the_restart()

    said = await talk.hears("action_wait", "hang on a minute", "wait")
    await talk.hears("action_flow_reply", "3", "nlu_fallback")

    assert said == ["utter_take_your_time"]
    assert step(talk) == "quiet"


async def test_it_works_again_ends_the_steps_at_any_point() -> None:
    talk = await in_the_steps()

    said = await talk.hears("action_flow_reply", "oh, it came back by itself", "solved")

    assert said == ["utter_glad", "utter_anything_else"]
    assert talk.said[0]["custom"]["about"]["outcome"] == "confirmed_solved"
    assert talk.slots["guide"] is None
