"""What only the customer's own account answers: told to who is verified, who is not is offered that or the article."""

from collections.abc import Awaitable, Callable
from typing import Any

from actions.memory import Known, Proof, Thread, Wish
from actions.question import ask_knowledge
from actions.turn import Turn
from actions.verify import known, recognised
from subscriber.client import Level, SubscriberUnavailable, reaches

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
    level = turn.tools.identity.needed(action)
    try:
        customer_id = await _who(turn, level)
    except SubscriberUnavailable:
        _unavailable(turn)
        return
    if customer_id is None and turn.recall(Known).customer_id is None:
        await action_account_offer(turn)
        return
    if customer_id is None:
        turn.remember(wish.model_copy(update={"action": action}), Proof(purpose="account", level=level))
        turn.then("action_verify")
        return
    turn.go(None)
    try:
        await telling(turn, customer_id)
    except SubscriberUnavailable:
        _unavailable(turn)
        return
    if turn.next is None and turn.stage is None:
        done(turn)


async def _who(turn: Turn, level: Level) -> str | None:
    """The customer, when it is proved as far as `level` needs: in this conversation, by a login or by the number.

    Raises SubscriberUnavailable.
    """
    proved = turn.recall(Known)
    if proved.customer_id and reaches(proved.level, level):
        return proved.customer_id
    standing = await recognised(turn)
    if standing.customer is None or not reaches(standing.level, level):
        return None
    if reaches(standing.level, "verified"):
        turn.remember(known(turn, standing.customer, standing.level))
    return standing.customer.customer_id


def _unavailable(turn: Turn) -> None:
    turn.say("utter_account_unavailable")
    turn.then("action_account_general")


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
    turn.say("utter_offer_account", expects="offer")


async def action_account_reply(turn: Turn) -> None:
    """The reply to the offer of looking at the account, or to the question whether to go ahead."""
    wish = turn.recall(Wish)
    if not wish.action:
        turn.go(None)
        turn.then("action_question")
    elif wish.confirm:
        _confirmed(turn, wish)
    elif turn.intent in GOES_ON:
        turn.remember(Proof(purpose="account", level=turn.tools.identity.needed(wish.action)))
        turn.then("action_verify")
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
