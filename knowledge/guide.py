"""Walking through a guided flow: pure, one customer's reply or one check's result at a time."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from knowledge.article import HandOverHints
from knowledge.flow import Flow, Result, Step
from knowledge.reply import choose
from knowledge.words import Words


@dataclass(frozen=True, slots=True)
class Done:
    """A step that is behind the customer, and what came of it: the label chosen, or the result of a check."""

    step: str
    result: str


@dataclass(frozen=True, slots=True)
class FlowState:
    """Where a customer is in a flow. `to_json` and `from_json` carry it through a conversation's memory."""

    flow: str
    step: str
    done: tuple[Done, ...] = ()

    def to_json(self) -> dict[str, Any]:
        done = [{"step": passed.step, "result": passed.result} for passed in self.done]
        return {"flow": self.flow, "step": self.step, "done": done}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "FlowState":
        return cls(value["flow"], value["step"], tuple(Done(**passed) for passed in value["done"]))


@dataclass(frozen=True, slots=True)
class Next:
    """Show this step. When it has a `check`, make it and call `advance_check`."""

    state: FlowState
    step: Step


@dataclass(frozen=True, slots=True)
class Solved:
    state: FlowState
    text: str


@dataclass(frozen=True, slots=True)
class ToArticle:
    state: FlowState
    article: str
    text: str


@dataclass(frozen=True, slots=True)
class ToPerson:
    state: FlowState
    hints: HandOverHints
    text: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The reply fits no branch, or two: ask again with the step's choices."""

    state: FlowState
    step: Step


Move = Next | Solved | ToArticle | ToPerson


def start(flow: Flow) -> Next:
    return Next(FlowState(flow.id, flow.start), flow.step(flow.start))


def advance(flow: Flow, state: FlowState, said: str, words: Words | None = None) -> Move | NotUnderstood:
    """The customer replied to the step they are at. `words` are those of the flow's language."""
    step = flow.step(state.step)
    branch = choose(step.choices, said, words or Words.of(flow.language))
    if branch is None:
        return NotUnderstood(state, step)
    return _go(flow, state, branch.go, branch.label)


def advance_check(flow: Flow, state: FlowState, result: Result) -> Move:
    """The check of this step gave `result`; `unknown` when it could not be made. Raises `ValueError` elsewhere."""
    ways = dict(flow.step(state.step).found)
    if result not in ways:
        raise ValueError(f"step {state.step} of flow {flow.id} has no way for {result!r}")
    return _go(flow, state, ways[result], result)


def pass_over(flow: Flow, state: FlowState, acts: Collection[str]) -> Move | None:
    """On from a step whose act is among the `acts` that were done before; None when it has to be shown.

    It is not counted among the steps behind the customer, so that `back` does not return to it.
    """
    step = flow.step(state.step)
    if not step.done or step.act not in acts:
        return None
    branch = next(branch for branch in step.choices if branch.label == step.done)
    move = _go(flow, state, branch.go, branch.label)
    return replace(move, state=replace(move.state, done=state.done))


def act_of(flow: Flow, done: Done) -> str:
    """The act that this answer says was done; empty when there is none."""
    step = flow.step(done.step)
    return "" if any(branch.not_done and branch.label == done.result for branch in step.choices) else step.act


def back(flow: Flow, state: FlowState) -> Next:
    """To the last step that asked the customer something and is still there; at the first one, to itself."""
    steps, done = {step.id: step for step in flow.steps}, state.done
    while done:
        step = steps.get(done[-1].step)
        done = done[:-1]
        if step and step.choices:
            return Next(replace(state, step=step.id, done=done), step)
    return Next(state, flow.step(state.step))


def _go(flow: Flow, state: FlowState, name: str, result: str) -> Move:
    passed = replace(state, done=(*state.done, Done(state.step, result)))
    end = flow.end(name)
    if end is None:
        step = flow.step(name)
        return Next(replace(passed, step=name), step)
    if end.article is not None:
        return ToArticle(passed, end.article, end.text)
    if end.hand_over is not None:
        return ToPerson(passed, end.hand_over, end.text)
    return Solved(passed, end.text)
