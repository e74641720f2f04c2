"""The customer's own payments: which have arrived, and more time to pay where the operator's policy allows it."""

import asyncio

from actions import duplicate
from actions.account import confirm, done, tell
from actions.amount import day, listed, money
from actions.bill import say_owed
from actions.handover import hand_over
from actions.memory import Question, Wish
from actions.turn import Turn
from subscriber.client import Payment

PAYMENTS_TOLD = 3


async def action_payment_state(turn: Turn) -> None:
    await tell(turn, "action_payment_state", _state)


async def action_payment_extension(turn: Turn) -> None:
    await tell(turn, "action_payment_extension", _extension)


async def action_payment_extension_agreed(turn: Turn) -> None:
    """The customer said yes: decided anew, because a payment may have come in between."""
    await tell(turn, "action_payment_extension_agreed", _agreed)


async def _state(turn: Turn, customer_id: str) -> None:
    accounts = turn.tools.subscriber.accounts
    payments, open_bills = await asyncio.gather(accounts.payments(customer_id), accounts.open_bills(customer_id))
    if not payments:
        turn.say("utter_no_payments")
    else:
        turn.say("utter_payments", lines=listed(turn, (_told(turn, one) for one in payments[:PAYMENTS_TOLD])))
    if repeated := accounts.repeated(payments):
        _keep_problem(turn)
        duplicate.dispute(turn, repeated)
        return
    say_owed(turn, open_bills)


def _told(turn: Turn, payment: Payment) -> str:
    state = turn.phrase(f"phrase_payment_{payment.state}")
    return turn.phrase("phrase_payment").format(
        amount=money(turn, payment.amount), day=day(turn, payment.at), state=state
    )


async def _extension(turn: Turn, customer_id: str) -> None:
    found = await turn.tools.subscriber.accounts.extension(customer_id, turn.tools.now())
    if isinstance(found, str):
        await _refused(turn, customer_id, found)
        return
    bill, extension = found
    values = {"amount": money(turn, bill.remaining), "due": day(turn, bill.due), "until": day(turn, extension.until)}
    confirm(turn, "action_payment_extension_agreed", "utter_offer_extension", **values)


async def _agreed(turn: Turn, customer_id: str) -> None:
    accounts = turn.tools.subscriber.accounts
    found = await accounts.extension(customer_id, turn.tools.now())
    if isinstance(found, str):
        await _refused(turn, customer_id, found)
        return
    bill, extension = found
    await accounts.grant(customer_id, extension)
    turn.say("utter_extension_granted", amount=money(turn, bill.remaining), until=day(turn, extension.until))
    done(turn)


async def _refused(turn: Turn, customer_id: str, why: str) -> None:
    """Nothing to put off, or put off already, is told; the rest is decided by a person."""
    accounts = turn.tools.subscriber.accounts
    if why == "nothing_open":
        turn.say("utter_nothing_owed")
    elif why == "granted_before":
        granted = await accounts.extensions(customer_id)
        turn.say("utter_extension_before", until=day(turn, max(one.until for one in granted)))
    else:
        _keep_problem(turn)
        turn.say("utter_extension_person")
        hand_over(turn, "article", category="payment")


def _keep_problem(turn: Turn) -> None:
    """The ticket tells what the customer asked for, not the fact that verified them."""
    wish = turn.recall(Wish)
    turn.forget(Wish)
    turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}))
