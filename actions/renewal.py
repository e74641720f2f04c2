"""Guided steps that a new index changed under a customer: begun again behind what was done, or left to a person."""

from collections.abc import Sequence

from actions import walk
from actions.memory import Guide, Question
from actions.turn import Turn
from knowledge.answer import Done, Flow, FlowState, Next, NotUnderstood, advance, advance_check, start


def go_on(turn: Turn) -> None:
    """Where `walk.place` found none. What was tried and found is remembered apart from the steps, for the ticket."""
    guide, flow = turn.recall(Guide), walk.flow_of(turn)
    if flow is None:
        turn.say("utter_steps_gone")
        _offer_a_person(turn, guide)
        return
    turn.say("utter_steps_renewed", about={"flow": flow.id})
    turn.remember(guide.model_copy(update={"awaiting_check": False}))
    turn.go("flow")
    walk.make(turn, flow, first_not_done(flow, FlowState.from_json(guide.state or {}).done))


def first_not_done(flow: Flow, done: Sequence[Done]) -> Next:
    """Through the flow as it is now with the results of before; where one is missing or ends it, that step is next."""
    results = {passed.step: passed.result for passed in done}
    here = start(flow)
    while here.step.id in results:
        after = _after(flow, here, results[here.step.id])
        if not isinstance(after, Next):
            break
        here = after
    return here


def _after(flow: Flow, here: Next, result: str) -> walk.Move | NotUnderstood | None:
    """None when the step no longer has that result."""
    found: list[str] = [name for name, _ in here.step.found]
    if result in found:
        return advance_check(flow, here.state, result)  # type: ignore[arg-type]  # it is one of the step's own results
    return advance(flow, here.state, result) if result in walk.labels(here.step) else None


def _offer_a_person(turn: Turn, guide: Guide) -> None:
    """About the problem of these steps; without a person, steps that waited for them go on."""
    walk.leave(turn)
    question = guide.asked if guide.asked.problem else turn.recall(Question)
    turn.remember(question.model_copy(update={"awaiting": "person"}))
    turn.go("choosing")
    turn.say("utter_offer_explaining")
