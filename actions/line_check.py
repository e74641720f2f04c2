"""The system's own checks in guided steps: offered where the customer is not verified, made, and acted on."""

from actions import outage, renewal, walk
from actions.checks import kind_of, made, wording
from actions.memory import Guide, Proof, Thread
from actions.turn import Turn
from actions.verify import needed
from knowledge.answer import Flow, Next, Step, ToPerson, advance_check


def offered(turn: Turn, guide: Guide, flow: Flow, step: Step) -> None:
    """The reply to the offer: check, which needs two facts, or go on without; twice not understood goes on without."""
    if turn.intent in {"affirm", "ready"}:
        turn.remember(
            guide.model_copy(update={"awaiting_check": False}),
            Proof(purpose="flow", level=needed(turn, "action_flow_check")),
        )
        turn.go("verify")
        turn.then("action_verify")
    elif turn.intent == "why":
        if step.why:
            turn.say("utter_why", why=step.why)
        walk.offer_check(turn, flow, step)
    elif turn.intent in {"how", "go_back", "thanks"}:
        walk.offer_check(turn, flow, step)
    elif turn.intent == "solved":
        turn.then("action_solved")
    elif guide.misses == 0 and turn.intent in {"support_question", "nlu_fallback"}:
        turn.remember(guide.model_copy(update={"misses": 1}))
        turn.say("utter_not_understood")
        walk.offer_check(turn, flow, step)
    else:
        turn.then("action_flow_unchecked")


async def action_flow_unchecked(turn: Turn) -> None:
    """On without the system's own checks; that they were skipped goes into the ticket."""
    guide = turn.recall(Guide)
    turn.remember(guide.model_copy(update={"awaiting_check": False, "unchecked": True}))
    turn.forget(Proof)
    turn.go("flow")
    turn.then("action_flow_check")


async def action_flow_check(turn: Turn) -> None:
    """Make the check that the flow stands at, and go on with what it found."""
    guide = turn.recall(Guide)
    if guide.state is None:
        turn.then("action_flow_resume")
        return
    turn.go("flow")
    place = walk.place(turn)
    if place is None:
        renewal.go_on(turn)
        return
    flow, state = place
    step, kind = flow.step(state.step), kind_of(flow.topic)
    if step.check is None:  # a new index asks the customer instead
        walk.make(turn, flow, Next(state, step))
        return
    result = await made(turn, step.check, kind, skipped=guide.unchecked, words=wording(flow))
    move = advance_check(flow, state, result)
    if step.check == "outage" and result == "fault" and isinstance(move, ToPerson):
        await _report_outage(turn, flow, move)
    else:
        walk.make(turn, flow, move)


async def _report_outage(turn: Turn, flow: Flow, end: ToPerson) -> None:
    """What is known of it, and a report; one report a conversation is enough."""
    known = await outage.known_outage(turn, kind_of(flow.topic))
    walk.leave(turn)
    if known and known.problem_id == turn.recall(Thread).outage:
        turn.say("utter_outage_reported")
        turn.then("action_anything_else")
        return
    turn.say("utter_article", body=end.text, about={"flow": flow.id})
    if known:
        outage.tell_more(turn, known)
    outage.report(turn, known, category=end.hints.category, hints=end.hints)
