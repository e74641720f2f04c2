"""Guided steps: one at a time, remembered, with why, back, and a way out; the system's own checks in between."""

from actions.checks import kind_of, made
from actions.handover import hand_over
from actions.memory import Found, Guide, Known, Proof, Question
from actions.turn import Turn
from escalation.client import Step as Tried
from knowledge.answer import (
    Answer,
    Context,
    Flow,
    FlowState,
    HandOver,
    Next,
    NotUnderstood,
    Solved,
    Step,
    ToArticle,
    ToPerson,
    advance,
    advance_check,
    back,
    start,
)

MISSES_BEFORE_A_PERSON = 3
WORDS_OF_A_NEW_SUBJECT = 4
Move = Next | Solved | ToArticle | ToPerson


async def action_flow_start(turn: Turn) -> None:
    flow = _flow(turn)
    turn.go("flow")
    turn.say("utter_flow_begins", title=flow.title, about={"flow": flow.id})
    await _move(turn, flow, start(flow))


async def action_flow_reply(turn: Turn) -> None:
    """A step's reply. A choice of the step counts before anything else it could mean."""
    guide = turn.recall(Guide)
    if guide.state is None:
        turn.go(None)
        turn.then("action_question")
        return
    flow, state = _flow(turn), FlowState.from_json(guide.state)
    step = flow.step(state.step)
    if guide.awaiting_check:
        _check_offer(turn, guide, step)
    elif step.check:
        turn.then("action_flow_check")
    elif turn.intent == "why" and turn.picked is None:
        turn.say("utter_why", why=step.why or step.screen, about={"flow": flow.id, "step": step.id})
        _show(turn, flow, step)
    elif turn.intent == "go_back" and turn.picked is None:
        previous = back(flow, state)
        turn.remember(guide.model_copy(update={"state": previous.state.to_json(), "misses": 0}))
        _show(turn, flow, previous.step)
    else:
        await _answered(turn, flow, state)


async def _answered(turn: Turn, flow: Flow, state: FlowState) -> None:
    outcome = advance(flow, state, turn.picked or turn.text)
    if isinstance(outcome, NotUnderstood):
        outcome = _by_intent(turn, flow, state)
    if isinstance(outcome, NotUnderstood) and turn.intent == "solved":
        turn.then("action_solved")
        return
    if isinstance(outcome, NotUnderstood):
        await _not_understood(turn, flow, outcome.step)
        return
    step = flow.step(state.step)
    tried = Tried(flow=flow.id, step=step.id, result=outcome.state.done[-1].result)
    found = turn.recall(Found)
    kept = tuple(old for old in found.steps if (old.flow, old.step) != (tried.flow, tried.step))
    turn.remember(found.model_copy(update={"steps": (*kept, tried)}))
    await _move(turn, flow, outcome)


def _by_intent(turn: Turn, flow: Flow, state: FlowState) -> Move | NotUnderstood:
    """The reply in the plain words of what it means, when its own words fit no choice."""
    words = {
        "affirm": ("phrase_yes",),
        "deny": ("phrase_no",),
        "ready": ("phrase_done", "phrase_yes"),
        "did_that": ("phrase_did_that", "phrase_done"),
        "dont_know": ("phrase_not_sure",),
        "thanks": ("phrase_yes",),
    }
    for phrase in words.get(turn.intent, ()):
        outcome = advance(flow, state, turn.phrase(phrase))
        if not isinstance(outcome, NotUnderstood):
            return outcome
    return NotUnderstood(state, flow.step(state.step))


async def _not_understood(turn: Turn, flow: Flow, step: Step) -> None:
    """Another subject, or words that fit no choice: the choices again, at last a person."""
    if len(turn.text.split()) >= WORDS_OF_A_NEW_SUBJECT and turn.intent in {"support_question", "nlu_fallback"}:
        decision = await turn.tools.decide(turn.text, Context(language=turn.language, channel=turn.channel))
        other = isinstance(decision, Answer) and decision.article.flow != flow.id
        if other or (isinstance(decision, HandOver) and decision.reason in {"safety", "article"}):
            turn.say("utter_steps_wait", title=flow.title)
            turn.go(None)
            turn.then("action_question")
            return
    guide = turn.recall(Guide)
    guide = guide.model_copy(update={"misses": guide.misses + 1})
    turn.remember(guide)
    if guide.misses >= MISSES_BEFORE_A_PERSON:
        turn.remember(turn.recall(Question).model_copy(update={"awaiting": "person"}))
        turn.remember(guide.model_copy(update={"misses": 0}))
        turn.go("choosing")
        turn.say("utter_offer_person")
        return
    turn.say("utter_not_understood")
    _show(turn, flow, step)


async def action_flow_resume(turn: Turn) -> None:
    """Back to the step where another subject came up."""
    guide = turn.recall(Guide)
    if guide.state is None:
        turn.go(None)
        turn.say("utter_how_can_i_help")
        return
    flow = _flow(turn)
    turn.go("flow")
    turn.say("utter_back_to_steps", title=flow.title)
    step = flow.step(guide.state["step"])
    if guide.awaiting_check:
        turn.say("utter_offer_check")
    elif step.check:
        turn.then("action_flow_unchecked")
    else:
        _show(turn, flow, step)


def _check_offer(turn: Turn, guide: Guide, step: Step) -> None:
    """Check the line, which needs two facts, or go on without; twice not understood goes on without."""
    gave_number = turn.picked is None and any(char.isdigit() for char in turn.text)
    if turn.intent in {"affirm", "ready"} or gave_number:
        turn.remember(guide.model_copy(update={"awaiting_check": False}), Proof(purpose="flow"))
        turn.go("verify")
        turn.then("action_verify_reply" if gave_number else "action_verify")
    elif turn.intent == "why":
        turn.say("utter_why", why=step.why)
        turn.say("utter_offer_check")
    elif turn.intent == "solved":
        turn.then("action_solved")
    elif guide.misses == 0 and turn.intent in {"support_question", "nlu_fallback"}:
        turn.remember(guide.model_copy(update={"misses": 1}))
        turn.say("utter_not_understood")
        turn.say("utter_offer_check")
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
    flow, state = _flow(turn), FlowState.from_json(guide.state)
    step = flow.step(state.step)
    result = await made(turn, step.check or "", kind_of(flow.topic), skipped=guide.unchecked)
    await _move(turn, flow, advance_check(flow, state, result))


async def _move(turn: Turn, flow: Flow, move: Move) -> None:
    guide = turn.recall(Guide).model_copy(update={"state": move.state.to_json(), "misses": 0})
    turn.remember(guide)
    about = {"flow": flow.id}
    if isinstance(move, Next):
        if not move.step.check:
            _show(turn, flow, move.step)
        elif turn.recall(Known).customer_id or guide.unchecked:
            turn.then("action_flow_check")
        else:
            turn.remember(guide.model_copy(update={"awaiting_check": True}))
            turn.say("utter_offer_check", about={**about, "step": move.step.id})
        return
    turn.forget(Guide)
    turn.go(None)
    if move.text:
        outcome = {"outcome": "confirmed_solved"} if isinstance(move, Solved) else {}
        turn.say("utter_article", body=move.text, about={**about, **outcome})
    if isinstance(move, Solved):
        turn.remember(turn.recall(Question).model_copy(update={"solved": True}))
        turn.then("action_anything_else")
    elif isinstance(move, ToPerson):
        hand_over(turn, "not_helped", category=move.hints.category, hints=move.hints)
    else:
        turn.remember(turn.recall(Question).model_copy(update={"article": move.article}))
        turn.then("action_show_article")


def _flow(turn: Turn) -> Flow:
    state = turn.recall(Guide).state or {}
    return turn.tools.flow(state["flow"], turn.language)


def _show(turn: Turn, flow: Flow, step: Step) -> None:
    labels = tuple(branch.label for branch in step.choices)
    body = step.ear if turn.medium == "ear" else step.screen
    turn.say("utter_step", body=body, choices=labels, about={"flow": flow.id, "step": step.id})
