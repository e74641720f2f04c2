"""What only the customer's own account answers: told to who is verified, who is not is offered that or the article."""

from collections.abc import Awaitable, Callable
from typing import Any

from actions.memory import Known, Proof, Thread, Wish
from actions.question import ask_knowledge
from actions.turn import Turn
from subscriber.client import SubscriberUnavailable

Telling = Callable[[Turn, str], Awaitable[None]]
GOES_ON = {"affirm", "ready"}
GENERAL = {"deny", "dont_know", "none_of_these", "cannot"}


async def tell(turn: Turn, action: str, telling: Telling) -> None:
    """Have it told by `telling(turn, customer_id)`, which says nothing before it has all its figures.

    `action` is the name of the action that calls, which goes on after a verification.
    """
    wish = turn.recall(Wish)
    if action not in {wish.action, wish.confirm}:
        wish = Wish(action=action, question=turn.text)
        turn.remember(wish)
    customer_id = turn.recall(Known).customer_id
    if customer_id is None:
        await action_account_offer(turn)
        return
    turn.go(None)
    try:
        await telling(turn, customer_id)
    except SubscriberUnavailable:
        turn.say("utter_account_unavailable")
        turn.then("action_account_general")
        return
    if turn.next is None and turn.stage is None:
        done(turn)


def confirm(turn: Turn, action: str, response: str, **values: Any) -> None:
    """Ask for a yes before anything of the account is changed."""
    turn.remember(turn.recall(Wish).model_copy(update={"confirm": action}))
    turn.go("account")
    turn.say(response, **values)


def done(turn: Turn) -> None:
    turn.forget(Wish)
    turn.then("action_anything_else")


async def action_account_offer(turn: Turn) -> None:
    turn.go("account")
    turn.say("utter_offer_account")


async def action_account_reply(turn: Turn) -> None:
    """The reply to the offer of looking at the account, or to the question whether to go ahead."""
    wish = turn.recall(Wish)
    gave_number = turn.picked is None and any(char.isdigit() for char in turn.text)
    if not wish.action:
        turn.go(None)
        turn.then("action_question")
    elif wish.confirm:
        _confirmed(turn, wish)
    elif turn.intent in GOES_ON or gave_number:
        turn.remember(Proof(purpose="account"))
        turn.go("verify")
        turn.then("action_verify_reply" if gave_number else "action_verify")
    elif turn.intent in {"why", "how"}:
        turn.say("utter_why_verify")
        turn.then("action_account_offer")
    elif turn.intent in GENERAL:
        turn.then("action_account_general")
    else:
        _something_else(turn)


def _confirmed(turn: Turn, wish: Wish) -> None:
    if turn.intent in GOES_ON:
        turn.then(wish.confirm)
    elif turn.intent == "another_time":
        turn.then(wish.action)
    elif turn.intent in {"support_question", "nlu_fallback"}:
        _something_else(turn)
    else:
        turn.say("utter_nothing_changed")
        done(turn)


def _something_else(turn: Turn) -> None:
    turn.forget(Wish)
    turn.go(None)
    turn.then("action_anything_else" if turn.intent in {"go_back", "thanks", "solved"} else "action_question")


async def action_account_verified(turn: Turn) -> None:
    """Goes on where the verification was needed."""
    turn.then(turn.recall(Wish).action or "action_anything_else")


async def action_account_general(turn: Turn) -> None:
    """What the knowledge base says to the question, without the account."""
    wish = turn.recall(Wish)
    turn.forget(Wish, Proof)
    turn.go(None)
    if turn.recall(Known).customer_id is None:
        turn.remember(turn.recall(Thread).model_copy(update={"stays_unknown": True}))
    if wish.question:
        await ask_knowledge(turn, wish.question)
    else:
        turn.then("action_anything_else")
