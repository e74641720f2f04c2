"""Moving through guided steps: what a move of the guide says, remembers and leads to."""

from actions import acts, checks
from actions.handover import hand_over
from actions.memory import Found, Guide, Known, Question, Thread
from actions.turn import Turn
from escalation.client import Step as Tried
from knowledge.answer import Flow, FlowState, Next, Solved, Step, ToArticle, ToPerson, pass_over

Move = Next | Solved | ToArticle | ToPerson


def flow_of(turn: Turn) -> Flow | None:
    """The flow of the steps; None when the index has it no longer."""
    name = (turn.recall(Guide).state or {})["flow"]
    try:
        return turn.tools.flow(name, turn.language)
    except KeyError:
        return None


def place(turn: Turn) -> tuple[Flow, FlowState] | None:
    """The flow and where the customer is in it; None when the index no longer has that flow or that step."""
    flow, state = flow_of(turn), FlowState.from_json(turn.recall(Guide).state or {})
    if flow is None or all(step.id != state.step for step in flow.steps):
        return None
    return flow, state


def make(turn: Turn, flow: Flow, move: Move) -> None:
    """Show the step, make its check, or end the steps."""
    move = _without_what_was_done(turn, flow, move)
    if isinstance(move, Next):
        _go_to(turn, flow, move)
        return
    leave(turn)
    if move.text:
        outcome = {"outcome": "confirmed_solved"} if isinstance(move, Solved) else {}
        turn.say("utter_article", body=move.text, about={"flow": flow.id, **outcome})
    if isinstance(move, Solved):
        turn.remember(turn.recall(Question).model_copy(update={"solved": True}))
        turn.then("action_anything_else")
    elif isinstance(move, ToPerson):
        hand_over(turn, "not_helped", category=move.hints.category, hints=move.hints)
    else:
        turn.remember(turn.recall(Question).model_copy(update={"article": move.article}))
        turn.then("action_show_article")


def leave(turn: Turn) -> None:
    """These steps are over; others that waited for them are where they were."""
    before = turn.recall(Guide).before
    turn.forget(Guide)
    if before:
        turn.remember(Guide.model_validate(before))
    turn.go(None)


def note(turn: Turn, flow: Flow, step: str, result: str) -> None:
    """For the ticket: the step and what came of it; only the last time counts."""
    found = turn.recall(Found)
    kept = tuple(old for old in found.steps if (old.flow, old.step) != (flow.id, step))
    turn.remember(found.model_copy(update={"steps": (*kept, Tried(flow=flow.id, step=step, result=result))}))


def show(turn: Turn, flow: Flow, step: Step) -> None:
    body = step.ear if turn.medium == "ear" else step.screen
    turn.say("utter_step", body=body, choices=labels(step), about=about(flow, step))


def offer_check(turn: Turn, flow: Flow, step: Step) -> None:
    turn.say(checks.wording(flow).offer, about=about(flow, step), expects="offer")


def labels(step: Step) -> tuple[str, ...]:
    return tuple(branch.label for branch in step.choices)


def about(flow: Flow, step: Step) -> dict[str, str]:
    return {"flow": flow.id, "step": step.id}


def _without_what_was_done(turn: Turn, flow: Flow, move: Move) -> Move:
    """Past the steps that ask for what the customer has done already."""
    done = turn.recall(Thread).acts
    while isinstance(move, Next) and (over := pass_over(flow, move.state, done)) is not None:
        turn.say("utter_done_before", done=acts.in_words(turn, move.step.act), about=about(flow, move.step))
        note(turn, flow, move.step.id, turn.phrase("phrase_done_before"))
        move = over
    return move


def _go_to(turn: Turn, flow: Flow, move: Next) -> None:
    guide = turn.recall(Guide).model_copy(update={"state": move.state.to_json(), "misses": 0})
    turn.remember(guide)
    if not move.step.check:
        show(turn, flow, move.step)
    elif turn.recall(Known).customer_id or guide.unchecked or turn.recall(Thread).stays_unknown:
        turn.then("action_flow_check")
    else:
        turn.remember(guide.model_copy(update={"awaiting_check": True}))
        offer_check(turn, flow, move.step)
