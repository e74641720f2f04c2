"""Whatever may be said at a step, at every step of every flow of the house, on the screen and by ear."""

from collections.abc import Iterator
from typing import Any

import pytest

from actions.memory import Guide, Known, Question
from knowledge.answer import Flow, Step
from knowledge.flow import read_flow
from tests.actions.world import ARTICLES, Talk, answers

FLOWS = [read_flow(file) for file in sorted(ARTICLES.glob("*.flow.yml"))]
every_flow = pytest.mark.parametrize("flow", [pytest.param(flow, id=flow.id) for flow in FLOWS])
PROBLEM = "it does not work"


def questions(flow: Flow) -> Iterator[Step]:
    return (step for step in flow.steps if step.choices)


def labels(step: Step) -> list[str]:
    return [branch.label for branch in step.choices]


def at(flow: Flow, step: Step, **world: Any) -> Talk:
    """A customer who is at this step, whatever came before it."""
    talk = Talk(decisions=answers("sim-puk-blocked"), **world)
    state = {"flow": flow.id, "step": step.id, "done": []}
    guide = Guide(state=state, asked=Question(problem=PROBLEM, category=flow.topic))
    talk.slots |= {"guide": guide.model_dump(mode="json"), "stage": "flow", "question": guide.asked.model_dump()}
    return talk


async def shown(flow: Flow, step: Step, **world: Any) -> Talk:
    talk = at(flow, step, **world)
    said = await talk.hears("action_flow_resume", "back to the steps", "go_back")
    assert said == ["utter_back_to_steps", "utter_step"]
    return talk


def steps_told(talk: Talk) -> list[dict[str, str]]:
    """The steps remembered, or those of the ticket that was opened meanwhile."""
    if talk.slots.get("found"):
        return list(talk.slots["found"]["steps"])
    return [step.model_dump() for signals in talk.desk.opened.values() for step in signals.steps]


@every_flow
async def test_every_key_and_every_label_is_the_choice_in_its_place(flow: Flow) -> None:
    for step in questions(flow):
        for place, label in enumerate(labels(step), start=1):
            is_measured = any(branch.readings for branch in step.choices)  # there a number is what was measured
            by_key, by_label = await shown(flow, step, medium="ear"), await shown(flow, step)

            await by_key.hears("action_flow_reply", label if is_measured else str(place), "nlu_fallback")
            await by_label.hears("action_flow_reply", label, "nlu_fallback")

            for talk in (by_key, by_label):
                assert {"flow": flow.id, "step": step.id, "result": label} in steps_told(talk)
                assert talk.said


@every_flow
@pytest.mark.parametrize("medium", ["screen", "ear"])
async def test_why_how_back_and_time_keep_the_step_and_its_choices(flow: Flow, medium: str) -> None:
    asides = [
        ("action_flow_reply", "what for", "why"),
        ("action_flow_reply", "zzz", "how"),
        ("action_flow_reply", "back", "go_back"),
        ("action_wait", "hang on", "wait"),
        ("action_repeat", "pardon", "repeat"),
        ("action_greet", "hello", "greet"),
        ("action_bot_challenge", "are you a robot", "bot_challenge"),
    ]
    for step in questions(flow):
        talk = await shown(flow, step, medium=medium)

        for action, text, intent in asides:
            await talk.hears(action, text, intent)

            assert talk.choices == labels(step), (step.id, text)
            assert talk.said[-1]["custom"]["about"]["flow"] == flow.id
            assert talk.slots["guide"]["state"]["step"] == step.id


@every_flow
async def test_whatever_is_meant_goes_on_or_asks_again(flow: Flow) -> None:
    for step in questions(flow):
        for intent in ("did_that", "cannot", "dont_know", "ready", "none_of_these", "affirm", "deny", "thanks"):
            talk = await shown(flow, step)

            await talk.hears("action_flow_reply", "zzz", intent)

            went_on = any(told["step"] == step.id for told in steps_told(talk))
            assert went_on or talk.choices == labels(step), (step.id, intent)


@every_flow
async def test_another_subject_is_answered_and_the_way_back_is_the_same_step(flow: Flow) -> None:
    for step in questions(flow):
        talk = await shown(flow, step)

        aside = await talk.hears("action_flow_reply", "zzz zzz zzz sim", "support_question")
        back = await talk.hears("action_choose", "back to the steps", "go_back")

        assert aside == ["utter_steps_wait", "utter_article", "utter_did_this_help"], step.id
        assert back == ["utter_back_to_steps", "utter_step"]
        assert talk.choices == labels(step)


@every_flow
async def test_a_person_gets_the_problem_and_what_was_done(flow: Flow) -> None:
    for step in questions(flow):
        talk = await shown(flow, step)
        await talk.hears("action_flow_reply", labels(step)[-1], "nlu_fallback")
        if talk.slots["stage"] != "flow":  # the steps ended there
            continue

        await talk.hears("action_person", "a person please", "person")

        assert talk.handover is not None
        assert talk.handover["signals"]["problem"] == PROBLEM
        assert {"flow": flow.id, "step": step.id, "result": labels(step)[-1]} in talk.handover["signals"]["steps"]


@every_flow
@pytest.mark.parametrize("result", ["ok", "fault", "unknown"])
async def test_every_check_leads_on_whatever_it_finds(flow: Flow, result: str) -> None:
    for step in flow.steps:
        if step.check:
            talk = at(flow, step)
            talk.operator.result = result
            talk.slots["customer"] = Known(customer_id="C-1").model_dump()

            assert len(await talk.hears("action_flow_check", "zzz", "affirm")) >= 2


@every_flow
def test_every_question_says_why_it_is_asked(flow: Flow) -> None:
    assert [step.id for step in flow.steps if not step.why] == []
