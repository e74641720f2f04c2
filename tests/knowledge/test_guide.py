"""Walking through a guided flow."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.flow import read_flow
from knowledge.guide import (
    Done,
    FlowState,
    Next,
    NotUnderstood,
    Solved,
    ToArticle,
    ToPerson,
    act_of,
    advance,
    advance_check,
    back,
    pass_over,
    start,
)

FLOW = read_flow(Path(__file__).with_name("articles") / "slow-internet.flow.yml")
WITH_ACT = replace(
    FLOW,
    steps=tuple(
        replace(step, act="restart", done="No, still slow") if step.id == "restart" else step for step in FLOW.steps
    ),
)
AT_RESTART = FlowState(FLOW.id, "restart")
AT_MEASURE = FlowState(FLOW.id, "measure")
AT_CABLE = FlowState(FLOW.id, "cable")


def went(state: FlowState, said: str) -> str:
    move = advance(FLOW, state, said)
    if isinstance(move, Next):
        return move.step.id
    return {Solved: "solved", ToArticle: "article", ToPerson: "person", NotUnderstood: "?"}[type(move)]


def test_a_flow_remembers_what_was_done() -> None:
    state = advance_check(FLOW, start(FLOW).state, "unknown").state
    state = advance(FLOW, state, "no it's still slow").state
    move = advance(FLOW, state, "7.5 mbps")

    assert isinstance(move, ToPerson)
    assert move.hints.department == "fixed-access"
    assert [(done.step, done.result) for done in move.state.done] == [
        ("line", "unknown"),
        ("restart", "No, still slow"),
        ("measure", "Less than 10"),
    ]


def test_a_state_survives_the_conversations_memory() -> None:
    state = advance_check(FLOW, start(FLOW).state, "ok").state

    assert FlowState.from_json(state.to_json()) == state


def test_a_check_goes_the_way_of_its_result() -> None:
    assert isinstance(advance_check(FLOW, start(FLOW).state, "fault"), ToPerson)
    with pytest.raises(ValueError, match="no way for 'ok'"):
        advance_check(FLOW, AT_RESTART, "ok")


def test_back_passes_over_what_the_system_did() -> None:
    at_restart = advance_check(FLOW, start(FLOW).state, "ok")
    at_measure = advance(FLOW, at_restart.state, "no")
    at_cable = advance(FLOW, at_measure.state, "20")

    assert back(FLOW, at_cable.state).step.id == "measure"
    assert back(FLOW, back(FLOW, at_cable.state).state).step.id == "restart"
    assert back(FLOW, at_restart.state).step.id == "restart"


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "Yes, it is fine now",
        "1",
        "option 1",
        "number one please",
        "yep it's faster",
        "it works",
        "YEAH!!",
        "fastr",
    ],
)
def test_the_first_choice(said: str) -> None:
    assert went(AT_RESTART, said) == "solved"


@pytest.mark.parametrize(
    "said",
    [
        "no",
        "2",
        "the second one",
        "nope",
        "still slow",
        "yes but still slow",
        "it's not faster",
        "it doesn't work",
        "nah",
    ],
)
def test_the_second_choice(said: str) -> None:
    assert went(AT_RESTART, said) == "measure"


@pytest.mark.parametrize("said", ["", "3", "0", "purple", "maybe", "yes no", "what does that mean", "😀"])
def test_what_fits_no_choice_is_not_understood(said: str) -> None:
    assert went(AT_RESTART, said) == "?"


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("it shows 23,4 Mbps", "cable"),
        ("3", "person"),
        ("hardly anything", "person"),
        ("112", "article"),
        ("between 10 and 50", "cable"),
        ("I can't test", "person"),
        ("More than 50", "article"),
    ],
)
def test_a_reading_finds_its_branch(said: str, step: str) -> None:
    assert went(AT_MEASURE, said) == step


def test_an_end_may_be_another_article() -> None:
    move = advance(FLOW, AT_CABLE, "yes it is")

    assert isinstance(move, ToArticle)
    assert move.article == "no-internet"


def test_a_step_whose_act_was_done_is_passed_over_and_back_does_not_return_to_it() -> None:
    at_restart = advance_check(WITH_ACT, start(WITH_ACT).state, "ok")

    over = pass_over(WITH_ACT, at_restart.state, {"restart"})

    assert isinstance(over, Next)
    assert over.step.id == "measure"
    assert back(WITH_ACT, over.state).step.id == "measure"


def test_a_step_is_shown_when_its_act_was_not_done_or_it_has_none() -> None:
    assert pass_over(WITH_ACT, AT_RESTART, {"something-else"}) is None
    assert pass_over(FLOW, AT_RESTART, {"restart", ""}) is None


def test_an_answer_says_whether_the_act_was_done() -> None:
    step = WITH_ACT.step("restart")
    refused = replace(step.choices[0], label="I can't", not_done=True)
    flow = replace(WITH_ACT, steps=(replace(step, choices=(*step.choices, refused)),))

    assert act_of(flow, Done("restart", "No, still slow")) == "restart"
    assert act_of(flow, Done("restart", "I can't")) == ""
