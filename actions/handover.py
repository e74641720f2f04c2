"""Handing over to people: ask only what is missing, open the ticket, tell the reference and what happens next."""

import logging
from typing import Any, Literal, get_args

from actions import another, mentioned
from actions.facts import contact_in
from actions.given import understood
from actions.memory import PROBLEM, Episode, Field, Found, Guide, Known, Question, Thread, Ticket
from actions.mentioned import with_others
from actions.turn import Turn
from actions.when import by_when, spelled
from escalation.client import EscalationUnavailable, HandOver, Signals
from knowledge.answer import Decision, HandOverHints
from knowledge.answer import HandOver as NoAnswer

logger = logging.getLogger(__name__)

Reason = Literal["wants_person", "not_helped", "no_answer", "article", "safety", "outage", "verification_failed"]

WORDS_OF_AN_ANSWER = 8  # fewer that ask "why" or say "back" are no answer
# Faults that may have hit the neighbours too: how many are affected decides how urgent they are.
SHARED_FAULTS = {"broadband-down", "mobile-signal", "mobile-calls", "mobile-data", "tv", "landline", "outage"}
ASK: dict[Field, str] = {
    "problem": "utter_ask_problem",
    "since": "utter_ask_since",
    "affected": "utter_ask_affected",
    "contact": "utter_ask_contact",
}
WHY: dict[Field, str] = {
    "problem": "utter_why_problem",
    "since": "utter_why_since",
    "affected": "utter_why_affected",
    "contact": "utter_why_contact",
}


def hand_over(turn: Turn, reason: str, *, category: str, hints: HandOverHints | None = None) -> None:
    """Begin a hand-over with what is known. `reason` is one of `Reason`, or `person` as the knowledge base says it."""
    why: Any = "wants_person" if reason == "person" else reason
    question, found, known = turn.recall(Question), turn.recall(Found), turn.recall(Known)
    is_reported = why == "outage"  # nobody has to be asked or called
    live = not is_reported and (turn.medium == "ear" or why in {"wants_person", "safety"})
    signals = Signals(
        category=category,
        reason=why,
        problem=with_others(turn, question.problem, live=live),
        affected=hints.impact if hints else "one",
        service=hints.service if hints else "ok",
        live=live,
        reachable=turn.caller or known.phone or None if is_reported else turn.caller if live else None,
        customer_id=known.customer_id,
        segment=known.segment,
        safety=why == "safety" or bool(hints and hints.safety),
        vulnerable=known.vulnerable,
        department=hints.department if hints else None,
        steps=found.steps,
        checks=found.checks,
        articles=tuple(dict.fromkeys((*turn.recall(Thread).unhelpful, *question.offered))),
    )
    if why == "not_helped":
        turn.remember(turn.recall(Thread).without(question.article))
    turn.remember(Episode(key=turn.turn_id, signals=signals, problem=question.problem))
    turn.go("handover")
    turn.then("action_hand_over")


async def action_hand_over(turn: Turn) -> None:
    """Ask for the first thing that is missing, or open the ticket."""
    episode = turn.recall(Episode)
    field = missing(episode)
    if field is None:
        await action_hand_over_now(turn)
        return
    first = not episode.done and episode.asking is None
    turn.remember(episode.model_copy(update={"asking": field, "retries": 0}))
    if first and episode.signals is not None and episode.signals.reason != "article":  # an article says so itself
        turn.say("utter_hand_over_begins")
    _ask(turn, field)


async def action_hand_over_reply(turn: Turn) -> None:
    """What the customer said to the question that was asked."""
    episode = turn.recall(Episode)
    if episode.asking is None or episode.signals is None:
        await action_hand_over(turn)
        return
    if turn.intent == "solved":
        turn.then("action_solved")
        return
    if turn.intent in {"why", "how"} and not _tells_something(turn):
        turn.say(WHY[episode.asking])
        _ask(turn, episode.asking)
        return
    if turn.intent == "go_back" and not _tells_something(turn):
        _back(turn, episode)
        return
    if other := await another.problem_in(turn, episode):
        await _set_aside(turn, episode, episode.signals, episode.asking, other)
        return
    update = await understood(turn, episode.asking)
    if update is None and episode.retries == 0:
        turn.remember(episode.model_copy(update={"retries": 1}))
        turn.say("utter_not_understood")
        _ask(turn, episode.asking)
        return
    done = (*episode.done, episode.asking)
    signals = episode.signals.model_copy(update=update or {})
    problem = turn.text if update and "problem" in update else episode.problem
    turn.remember(episode.model_copy(update={"signals": signals, "done": done, "problem": problem}))
    await action_hand_over(turn)


async def _set_aside(turn: Turn, episode: Episode, signals: Signals, asking: Field, other: Decision) -> None:
    """Another problem said instead of an answer goes into the ticket, and the question is asked once more; after a
    second one it is left out. Where there is danger nothing more is asked."""
    if problem := episode.problem or signals.problem:
        mentioned.keep(turn, [turn.text])
    tells_all = signals.live or "problem" in episode.done  # a problem asked for is told with the steps that wait
    told = with_others(turn, problem or turn.text, live=tells_all)
    is_danger = isinstance(other, NoAnswer) and other.reason == "safety"
    signals = signals.model_copy(update={"problem": told, "safety": signals.safety or is_danger})
    episode = episode.model_copy(update={"signals": signals, "problem": problem or turn.text})
    if is_danger or episode.retries:
        turn.remember(episode.model_copy(update={"done": (*episode.done, asking)}))
        await action_hand_over(turn)
    else:
        turn.remember(episode.model_copy(update={"retries": 1}))
        turn.say("utter_noted")
        _ask(turn, asking)


def _tells_something(turn: Turn) -> bool:
    """Words that are an answer, whatever they sound like."""
    return contact_in(turn) is not None or len(turn.text.split()) >= WORDS_OF_AN_ANSWER


def _back(turn: Turn, episode: Episode) -> None:
    """To the question before; from the first one to the steps that were left for a person."""
    if episode.done and episode.asking:
        before = episode.done[-1]
        turn.remember(episode.model_copy(update={"asking": before, "done": episode.done[:-1], "retries": 0}))
        _ask(turn, before)
    elif turn.recall(Guide).state is not None:
        turn.forget(Episode)
        turn.say("utter_not_passed_on", handover={"state": "dropped", "key": episode.key})
        turn.then("action_flow_resume")
    elif episode.asking:
        _ask(turn, episode.asking)


async def action_hand_over_now(turn: Turn) -> None:
    """Open the ticket with what there is. Escalation away: keep everything, and try again with the next words."""
    episode = turn.recall(Episode)
    if episode.signals is None:
        turn.say("utter_how_can_i_help")
        return
    try:
        result = await turn.tools.escalation.hand_over(
            turn.contact_id, episode.signals, key=episode.key, after_turn=turn.turn_id, channel=turn.channel
        )
    except EscalationUnavailable:
        logger.warning("hand-over of contact %s waits: escalation does not answer", turn.contact_id)
        turn.remember(episode.model_copy(update={"asking": None, "done": get_args(Field)}))
        turn.say("utter_hand_over_failed")
        return
    _leave_problem(turn, result)
    turn.remember(Ticket(reference=result.ticket.reference, live=result.live))
    _tell(turn, episode.key, result, is_reported=episode.signals.reason == "outage")


def _leave_problem(turn: Turn, result: HandOver) -> None:
    """It is with people now. Steps for another problem go on, unless a person joins and takes over that too."""
    guide, found, thread = turn.recall(Guide), turn.recall(Found), turn.recall(Thread)
    is_another = guide.state is not None and guide.asked.problem != turn.recall(Question).problem
    turn.forget(*PROBLEM)
    turn.go(None)
    if result.next == "agent_joins":
        turn.remember(thread.model_copy(update={"others": ()}))
    elif is_another:
        turn.remember(guide, found)


def missing(episode: Episode) -> Field | None:
    """The next thing worth asking. Safety asks nothing; who wants a person now is asked the problem and a contact."""
    signals = episode.signals
    if signals is None or signals.safety:
        return None
    explained = signals.reason == "outage"
    wanted: dict[Field, bool] = {
        "problem": not signals.problem,
        "since": not (signals.live or explained) and signals.service != "ok" and signals.since is None,
        "affected": not (signals.live or explained) and signals.category in SHARED_FAULTS and signals.affected == "one",
        "contact": signals.reachable is None,
    }
    return next((field for field, is_wanted in wanted.items() if is_wanted and field not in episode.done), None)


def _ask(turn: Turn, field: Field) -> None:
    known = turn.recall(Known)
    if field == "contact" and turn.caller:
        turn.say("utter_ask_contact_caller")
    elif field == "contact" and known.phone:
        turn.say("utter_ask_contact_account")
    elif field == "contact" and turn.medium == "ear":
        turn.say("utter_ask_contact", expects="digits")
    else:
        turn.say(ASK[field])


def _tell(turn: Turn, key: str, result: HandOver, *, is_reported: bool) -> None:
    ticket = result.ticket
    handover = {"state": "opened", "key": key, **result.model_dump(mode="json", exclude={"created"})}
    reference = spelled(ticket.reference) if turn.medium == "ear" else ticket.reference
    deadline = by_when(turn, ticket.respond_by) if ticket.respond_by else None
    response = f"utter_ticket_{result.next}" + ("_by" if deadline else "")
    about = {"reference": ticket.reference, "outcome": "handed_over"}
    if is_reported and result.next != "agent_joins":
        response = "utter_report_added"
    turn.say(response, reference=reference, by=deadline, handover=handover, about=about)
    if result.queue_position and result.next == "agent_joins":
        turn.say("utter_queue", position=result.queue_position)
    if result.next != "agent_joins":
        turn.then("action_anything_else")
