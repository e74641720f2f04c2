"""Topping up a prepaid number by voucher: its code goes to the front door's check, never to the assistant."""

from actions.account import done, tell
from actions.amount import money
from actions.handover import hand_over
from actions.memory import Question, TopUp, Wish
from actions.selection import NOT_NOW, TRIES, offer_person
from actions.turn import Turn, plain
from subscriber.client import SubscriberUnavailable

CATEGORY = "balance-topup"
AGAIN = {"wrong", "used", "expired", "unread"}  # what another code may put right


async def action_topup(turn: Turn) -> None:
    await tell(turn, "action_topup", _begin)


async def action_topup_done(turn: Turn) -> None:
    """The voucher was taken: the balance is read anew."""
    await tell(turn, "action_topup_done", _balance)


async def action_topup_reply(turn: Turn) -> None:
    """What became of the voucher, or words in place of its code."""
    if turn.given is not None:
        _given(turn, turn.given)
    elif turn.intent in {"why", "how"} or _asks_where(turn):
        turn.say("utter_topup_where")
        _ask(turn)
    elif turn.intent in NOT_NOW:
        turn.forget(TopUp)
        turn.go(None)
        turn.say("utter_nothing_changed")
        done(turn)
    elif turn.asks_something_else:
        turn.forget(TopUp, Wish)
        turn.go(None)
        turn.then("action_question")
    else:
        _again(turn, "utter_topup_unread")


async def _begin(turn: Turn, customer_id: str) -> None:
    if not await turn.tools.subscriber.accounts.credit(customer_id):
        turn.say("utter_topup_not_prepaid")
        return
    turn.remember(TopUp())
    _ask(turn)


def _ask(turn: Turn) -> None:
    turn.go("topup")
    turn.say("utter_topup_ask", expects="voucher")


def _asks_where(turn: Turn) -> bool:
    """By a word of `phrase_topup_where`: "where do I find the code?" is no other subject."""
    said = f" {plain(turn.text)} "
    return any(f" {word} " in said for word in turn.phrases("phrase_topup_where"))


def _given(turn: Turn, outcome: str) -> None:
    if outcome == "topped_up":
        turn.forget(TopUp)
        turn.remember(turn.recall(Wish).model_copy(update={"confirm": "action_topup_done"}))
        turn.then("action_topup_done")
    elif outcome in {"accepted", "not_prepaid"}:
        turn.forget(TopUp)
        turn.go(None)
        turn.say(f"utter_topup_{outcome}")
        done(turn)
    elif outcome in AGAIN:
        _again(turn, f"utter_topup_{outcome}")
    elif outcome == "unsure":
        _ask_a_person(turn)
    elif outcome == "locked":
        offer_person(turn, "utter_topup_locked", category=CATEGORY)
    else:
        offer_person(turn, "utter_topup_away", category=CATEGORY)


def _again(turn: Turn, response: str) -> None:
    misses = turn.recall(TopUp).misses + 1
    if misses >= TRIES:
        turn.say(response)
        turn.forget(TopUp)
        offer_person(turn, "utter_topup_person", category=CATEGORY)
        return
    turn.remember(TopUp(misses=misses))
    turn.say(response)
    _ask(turn)


async def _balance(turn: Turn, customer_id: str) -> None:
    """It is topped up whether or not the balance can be read now."""
    try:
        credit = await turn.tools.subscriber.accounts.credit(customer_id)
    except SubscriberUnavailable:
        credit = []
    if credit:
        turn.say("utter_topup_done", balance=money(turn, credit[0].amount))
    else:
        turn.say("utter_topup_done_unread")


def _ask_a_person(turn: Turn) -> None:
    """Whether the voucher was used is not certain: a colleague looks."""
    wish = turn.recall(Wish)
    turn.forget(TopUp, Wish)
    turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question}))
    turn.say("utter_topup_unsure")
    hand_over(turn, "article", category=CATEGORY)
