"""The frame of a conversation: welcome, repeat, start over, who am I talking to, goodbye."""

from actions import incident
from actions.memory import EVERYTHING, PROBLEM, Episode, Guide, Question, Thread, Ticket
from actions.turn import Turn


async def action_session_start(turn: Turn) -> None:
    """The slots of the session; nothing is said."""


async def action_greet(turn: Turn) -> None:
    """The welcome first; later a greeting that does not lose the thread."""
    if not turn.has_spoken:
        await incident.announce(turn)
        turn.say("utter_welcome", operator=turn.tools.operator)
    elif turn.stage:
        turn.say("utter_hello_again")
        turn.say_again()
    else:
        turn.say("utter_how_can_i_help")


async def action_repeat(turn: Turn) -> None:
    if not turn.say_again():
        turn.say("utter_how_can_i_help")


async def action_start_over(turn: Turn) -> None:
    """Forget the question; the customer stays who they are, and a ticket that exists stays."""
    dropped = _dropped(turn)
    turn.forget(*EVERYTHING)
    turn.go(None)
    turn.say("utter_start_over", handover=dropped)


async def action_wait(turn: Turn) -> None:
    """Who is just doing what a step asks for, or looking for a number, is not hurried."""
    turn.say_meanwhile("utter_take_your_time")


async def action_bot_challenge(turn: Turn) -> None:
    turn.say("utter_bot_challenge", operator=turn.tools.operator)
    if turn.stage:
        turn.say_again()


async def action_thanks(turn: Turn) -> None:
    turn.say("utter_welcome_to_it")
    if turn.recall(Guide).state is not None:
        turn.then("action_flow_resume")
    else:
        turn.then("action_anything_else")


async def action_solved(turn: Turn) -> None:
    """It works again, said at any moment: what was in progress is dropped, but for steps that waited for these."""
    dropped = _dropped(turn)
    article, guide = turn.recall(Question).article, turn.recall(Guide)
    was_in_steps = turn.stage == "flow"
    turn.forget(*PROBLEM)
    turn.remember(Question(solved=True))
    if was_in_steps and guide.before:
        turn.remember(Guide.model_validate(guide.before))
    turn.say("utter_glad", about={"article": article, "outcome": "confirmed_solved"}, handover=dropped)
    turn.then("action_anything_else")


async def action_anything_else(turn: Turn) -> None:
    """After something is finished: back to the steps that were left, to what else was mentioned, or to a new wish."""
    if turn.recall(Guide).state is not None:
        turn.then("action_flow_resume")
        return
    if turn.recall(Thread).others:
        turn.then("action_offer_other")
        return
    question = turn.recall(Question)
    turn.remember(Question(awaiting="more", solved=question.solved, upsets=question.upsets))
    turn.go("choosing")
    turn.say("utter_anything_else")


async def action_goodbye(turn: Turn) -> None:
    dropped = _dropped(turn)
    outcome = _outcome(turn)
    turn.forget(*EVERYTHING)
    turn.go(None)
    turn.say("utter_goodbye", closing=True, about={"outcome": outcome}, handover=dropped)


def _outcome(turn: Turn) -> str:
    if turn.recall(Ticket).reference:
        return "handed_over"
    return "confirmed_solved" if turn.recall(Question).solved else "unconfirmed"


def _dropped(turn: Turn) -> dict[str, str] | None:
    episode = turn.recall(Episode)
    return {"state": "dropped", "key": episode.key} if episode.key else None
