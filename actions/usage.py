"""What is left of the customer's own data, minutes and messages."""

import asyncio

from actions.account import tell
from actions.amount import day, listed, quantity
from actions.bill import say_credit
from actions.turn import Turn
from subscriber.client import Allowance


async def action_usage_left(turn: Turn) -> None:
    await tell(turn, "action_usage_left", _left)


async def _left(turn: Turn, customer_id: str) -> None:
    accounts = turn.tools.subscriber.accounts
    allowances, prepaid = await asyncio.gather(accounts.allowances(customer_id), accounts.credit(customer_id))
    say_credit(turn, prepaid)
    if not allowances:
        turn.say("utter_no_allowances")
        return
    services = dict.fromkeys((one.product_id, one.service) for one in allowances)
    for product_id, service in services:
        mine = [one for one in allowances if one.product_id == product_id]
        lines = listed(turn, (_told(turn, one) for one in mine))
        turn.say("utter_usage_left", service=service, lines=lines, resets=day(turn, mine[0].resets_at))


def _told(turn: Turn, allowance: Allowance) -> str:
    used = quantity(turn, allowance.kind, allowance.used)
    if allowance.left is None:
        return turn.phrase(f"phrase_unlimited_{allowance.kind}").format(used=used)
    left = quantity(turn, allowance.kind, allowance.left)
    return turn.phrase(f"phrase_left_{allowance.kind}").format(left=left, used=used)
