"""actions.renewal: a new index renames, removes or changes steps while a customer is in them."""

from dataclasses import replace

import pytest

from knowledge.answer import Flow, Step
from tests.actions.steps import at_the_restart, in_the_steps, step
from tests.actions.world import Talk, answers, flow

TRIED = {"flow": "broadband-slow", "step": "connection", "result": "Cable"}


def renamed(**names: str) -> Flow:
    """The slow broadband flow with these steps under other names, wherever something leads to them."""
    old = flow("broadband-slow")

    def renew(one: Step) -> Step:
        choices = tuple(replace(branch, go=names.get(branch.go, branch.go)) for branch in one.choices)
        found = tuple((result, names.get(go, go)) for result, go in one.found)
        return replace(one, id=names.get(one.id, one.id), choices=choices, found=found)

    return replace(old, start=names.get(old.start, old.start), steps=tuple(map(renew, old.steps)))


def serves(talk: Talk, new: Flow | None) -> None:
    """From now on this is the flow of that name; None: there is none."""

    def find(flow_id: str, language: str) -> Flow:
        if new is None or flow_id != new.id:
            raise KeyError(flow_id)
        return new

    talk.flow = find


@pytest.mark.parametrize(("said", "intent"), [("I've restarted it", "ready"), ("why", "why"), ("back", "go_back")])
async def test_at_a_step_that_was_renamed_the_steps_begin_again_behind_what_was_done(said: str, intent: str) -> None:
    talk = await at_the_restart()
    serves(talk, renamed(restart="power"))

    responses = await talk.hears("action_flow_reply", said, intent)

    assert responses == ["utter_steps_renewed", "utter_step"]
    assert step(talk) == "power"


async def test_they_go_on_from_there() -> None:
    talk = await at_the_restart()
    serves(talk, renamed(restart="power"))
    await talk.hears("action_flow_reply", "hello?", "nlu_fallback")

    await talk.hears("action_flow_reply", "I've restarted it")

    assert step(talk) == "better_after_restart"
    assert TRIED in talk.slots["found"]["steps"]


async def test_an_answer_whose_step_is_gone_is_asked_again() -> None:
    talk = await at_the_restart()
    serves(talk, renamed(restart="power", connection="link"))

    await talk.hears("action_flow_reply", "ok", "affirm")

    assert step(talk) == "link"


async def test_back_from_another_subject_finds_the_steps_renewed() -> None:
    talk = await in_the_steps()
    await talk.hears("action_flow_reply", "where do I find my sim code")
    serves(talk, renamed(connection="link"))

    said = await talk.hears("action_choose", "Yes, that helped", "affirm")

    assert said == ["utter_glad", "utter_steps_renewed", "utter_step"]
    assert step(talk) == "link"


async def test_the_check_that_facts_were_asked_for_may_be_gone_too() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")
    await talk.hears("action_flow_reply", "Check my line", "affirm")
    serves(talk, renamed(outage_check="known_fault"))

    said = await talk.gives("verified")

    assert said == ["utter_verified", "utter_steps_renewed", "utter_checked_ok", "utter_step"]
    assert step(talk) == "connection"


async def test_a_check_that_became_a_question_is_asked() -> None:
    talk = Talk(decisions=answers("broadband-slow-tonight"))
    await talk.hears("action_question", "my broadband is slow")
    old = flow("broadband-slow")
    question = replace(old.step("connection"), id=old.start)
    serves(talk, replace(old, steps=tuple(question if one.id == old.start else one for one in old.steps)))

    await talk.hears("action_flow_reply", "Go on without", "deny")

    assert step(talk) == old.start


async def test_back_passes_over_a_step_that_is_gone() -> None:
    talk = await at_the_restart()
    serves(talk, renamed(connection="link"))

    await talk.hears("action_flow_reply", "back", "go_back")

    assert step(talk) == "restart"


async def test_it_works_again_counts_at_a_step_that_is_gone() -> None:
    talk = await at_the_restart()
    serves(talk, renamed(restart="power"))

    assert await talk.hears("action_flow_reply", "it works again", "solved") == ["utter_glad", "utter_anything_else"]


async def test_without_the_flow_a_person_is_offered_and_has_what_was_done() -> None:
    talk = await at_the_restart()
    serves(talk, None)

    offered = await talk.hears("action_flow_reply", "I've restarted it", "ready")
    await talk.hears("action_choose", "Yes, please", "affirm")

    assert offered == ["utter_steps_gone", "utter_offer_explaining"]
    assert talk.handover is not None
    assert talk.handover["signals"]["problem"] == "my broadband is slow"
    assert TRIED in talk.handover["signals"]["steps"]


async def test_who_wants_no_person_then_is_asked_what_else() -> None:
    talk = await at_the_restart()
    serves(talk, None)
    await talk.hears("action_flow_reply", "I've restarted it", "ready")

    assert await talk.hears("action_choose", "No, thanks", "deny") == ["utter_how_can_i_help"]


async def test_without_the_flow_a_person_is_offered_after_another_subject_too() -> None:
    talk = await in_the_steps()
    await talk.hears("action_flow_reply", "where do I find my sim code")
    serves(talk, None)

    said = await talk.hears("action_choose", "back to the steps", "go_back")

    assert said == ["utter_steps_gone", "utter_offer_explaining"]
    assert talk.slots["question"]["problem"] == "my broadband is slow"
