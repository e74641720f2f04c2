"""Guided steps: one at a time, remembered, with why, how, back, time to do them, and a way out."""

from collections.abc import Callable

from actions import acts, line_check, product, renewal, walk
from actions.memory import Guide, Question
from actions.turn import Turn, plain
from knowledge.answer import (
    Answer,
    Context,
    Flow,
    FlowState,
    HandOver,
    NotUnderstood,
    Step,
    act_of,
    advance,
    back,
    product_of,
    start,
)

MISSES_BEFORE_A_PERSON = 3
WORDS_OF_A_NEW_SUBJECT = 4
SURE = 0.9  # recognition below this does not outweigh words that fit a choice
MAY_BE_A_QUESTION = {"support_question", "nlu_fallback", "how", "cannot"}
# What a reply means in the plain words of a choice, when its own words fit none.
MEANT = {
    "affirm": ("phrase_yes",),
    "deny": ("phrase_no",),
    "ready": ("phrase_done",),
    "did_that": ("phrase_did_that", "phrase_done"),
    "dont_know": ("phrase_not_sure", "phrase_cannot"),
    "cannot": ("phrase_cannot", "phrase_not_sure"),
    "none_of_these": ("phrase_none",),
}
# What is said before the step comes again, when no choice is meant.
ANSWERED_WITH = {
    "dont_know": "utter_nothing_fits",
    "cannot": "utter_nothing_fits",
    "none_of_these": "utter_nothing_fits",
}


def is_an_answer(turn: Turn) -> bool:
    """Whether the words answer the step, whatever they were taken for: "one person", "by card", "23.5"."""
    guide = turn.recall(Guide)
    if guide.state is None or guide.awaiting_check:
        return False
    place = walk.place(turn)
    if place is None:
        return False
    flow, state = place
    choices, said = flow.step(state.step).choices, plain(turn.text)
    if said in turn.phrases("phrase_always"):
        return False
    if said and any(said == plain(words) for branch in choices for words in (branch.label, *branch.says)):
        return True
    is_measured = any(char.isdigit() for char in said) and any(branch.readings for branch in choices)
    if turn.intent == "person" or (turn.sure >= SURE and not is_measured):
        return False
    return not isinstance(advance(flow, state, turn.text), NotUnderstood)


async def action_flow_start(turn: Turn) -> None:
    flow = walk.flow_of(turn)
    if flow is None:
        renewal.go_on(turn)
        return
    turn.go("flow")
    turn.say("utter_flow_begins", title=flow.title, about={"flow": flow.id})
    walk.make(turn, flow, start(flow))


async def action_flow_reply(turn: Turn) -> None:
    """A step's reply. A choice of the step counts before anything else it could mean."""
    guide = turn.recall(Guide)
    if guide.state is None:
        turn.go(None)
        turn.then("action_question")
        return
    place = walk.place(turn)
    if place is None:
        _out_of_place(turn)
        return
    flow, state = place
    step = flow.step(state.step)
    if guide.awaiting_check:
        line_check.offered(turn, guide, flow, step)
    elif step.check:
        turn.then("action_flow_check")
    elif turn.intent in ASIDES and turn.picked is None and not is_an_answer(turn):
        ASIDES[turn.intent](turn, flow, state)
    else:
        await _answered(turn, flow, state)


def _out_of_place(turn: Turn) -> None:
    """The step is no longer there: whoever says that it works again is done all the same."""
    if turn.intent == "solved":
        turn.then("action_solved")
    else:
        renewal.go_on(turn)


def _why(turn: Turn, flow: Flow, state: FlowState) -> None:
    step = flow.step(state.step)
    if step.why:
        turn.say("utter_why", why=step.why, about=walk.about(flow, step))
    walk.show(turn, flow, step)


def _back(turn: Turn, flow: Flow, state: FlowState) -> None:
    previous, guide = back(flow, state), turn.recall(Guide)
    if guide.before and (previous.state == state or plain(turn.text) in turn.phrases("phrase_to_steps")):
        walk.leave(turn)  # to the steps that wait for these
        turn.then("action_flow_resume")
        return
    if previous.state == state:
        turn.say("utter_first_step")
    turn.remember(guide.model_copy(update={"state": previous.state.to_json(), "misses": 0}))
    walk.show(turn, flow, previous.step)


def _thanks(turn: Turn, flow: Flow, state: FlowState) -> None:
    turn.say("utter_welcome_to_it")
    walk.show(turn, flow, flow.step(state.step))


ASIDES: dict[str, Callable[[Turn, Flow, FlowState], None]] = {
    "why": _why,
    "go_back": _back,
    "thanks": _thanks,
}


async def _answered(turn: Turn, flow: Flow, state: FlowState) -> None:
    step = flow.step(state.step)
    if turn.intent == "how" and step.how and turn.picked is None and not is_an_answer(turn):
        _how(turn, flow, step)
        return
    outcome = advance(flow, state, turn.text)
    if await _is_another_subject(turn, flow, fits=not isinstance(outcome, NotUnderstood)):
        turn.say("utter_steps_wait", title=flow.title)
        turn.go(None)
        turn.then("action_new_subject")
        return
    if isinstance(outcome, NotUnderstood):
        outcome = _by_intent(turn, flow, state)
    if not isinstance(outcome, NotUnderstood):
        done = outcome.state.done[-1]
        walk.note(turn, flow, done.step, done.result)
        acts.note(turn, [act_of(flow, done)])
        walk.make(turn, flow, outcome)
    elif turn.intent == "solved":
        turn.then("action_solved")
    else:
        _not_understood(turn, flow, step)


def _by_intent(turn: Turn, flow: Flow, state: FlowState) -> walk.Move | NotUnderstood:
    """The reply in the plain words of what it means, when its own words fit no choice."""
    step = flow.step(state.step)
    words = [turn.phrase(phrase) for phrase in MEANT.get(turn.intent, ())]
    if turn.intent == "did_that" and step.done:
        words.insert(0, step.done)
    for said in words:
        outcome = advance(flow, state, said)
        if not isinstance(outcome, NotUnderstood):
            return outcome
    return NotUnderstood(state, step)


def _how(turn: Turn, flow: Flow, step: Step) -> None:
    if step.how:
        turn.say("utter_why", why=step.how, about=walk.about(flow, step))
    else:
        turn.say("utter_how")
    walk.show(turn, flow, step)


def _not_understood(turn: Turn, flow: Flow, step: Step) -> None:
    """Words that fit no choice: the choices again, at last a person."""
    if turn.intent == "how":
        _how(turn, flow, step)
        return
    guide = turn.recall(Guide)
    guide = guide.model_copy(update={"misses": guide.misses + 1})
    turn.remember(guide)
    if guide.misses >= MISSES_BEFORE_A_PERSON:
        turn.remember(turn.recall(Question).model_copy(update={"awaiting": "person"}))
        turn.remember(guide.model_copy(update={"misses": 0}))
        turn.go("choosing")
        turn.say("utter_offer_person")
    elif turn.intent in {"ready", "did_that"} or step.act in acts.said(turn, turn.text):
        turn.say("utter_and_now", choices=walk.labels(step), about=walk.about(flow, step))
    else:
        turn.say(ANSWERED_WITH.get(turn.intent, "utter_not_understood"))
        walk.show(turn, flow, step)


async def _is_another_subject(turn: Turn, flow: Flow, *, fits: bool) -> bool:
    """Several words that the knowledge base answers with something else; words that fit a choice only when that is
    about another product: "my internet is not working" is no no to steps about a mobile."""
    is_question = turn.intent == "support_question" if fits else turn.intent in MAY_BE_A_QUESTION or turn.sure < SURE
    is_long = len(turn.text.split()) >= WORDS_OF_A_NEW_SUBJECT
    if turn.picked or turn.intent == "solved" or not is_question or not is_long:
        return False
    decision = await turn.tools.decide(turn.text, Context(language=turn.language, channel=turn.channel))
    if isinstance(decision, Answer):
        products = {product_of(decision.article.topic), product_of(flow.topic)}
        return decision.article.flow != flow.id and (not fits or (len(products) == 2 and None not in products))
    return isinstance(decision, HandOver) and decision.reason in {"safety", "article"} and not fits


async def action_flow_resume(turn: Turn) -> None:
    """Back to the step where another subject came up."""
    guide = turn.recall(Guide)
    if guide.state is None:
        turn.go(None)
        turn.say("utter_how_can_i_help")
        return
    place, now = walk.place(turn), turn.recall(Question)
    if guide.asked.problem:  # what the steps are about is the problem again
        offered = tuple(dict.fromkeys((*guide.asked.offered, *now.offered)))
        turn.remember(guide.asked.model_copy(update={"offered": offered, "upsets": now.upsets}))
    if place is None:
        renewal.go_on(turn)
        return
    flow, state = place
    product.answered(turn, flow.topic)
    turn.go("flow")
    turn.say("utter_back_to_steps", title=flow.title)
    step = flow.step(state.step)
    if guide.awaiting_check:
        walk.offer_check(turn, flow, step)
    elif step.check:
        turn.then("action_flow_unchecked")
    else:
        walk.show(turn, flow, step)
