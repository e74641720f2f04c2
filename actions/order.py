"""The customer's own orders: how far each is, and when it should be there."""

from actions.account import tell
from actions.amount import day
from actions.turn import Turn
from subscriber.client import Order, orders_told

ORDERS_TOLD = 3


async def action_order_status(turn: Turn) -> None:
    await tell(turn, "action_order_status", _status)


async def _status(turn: Turn, customer_id: str) -> None:
    orders = orders_told(
        await turn.tools.subscriber.orders.of_customer(customer_id), turn.tools.now(), most=ORDERS_TOLD
    )
    if not orders:
        turn.say("utter_no_orders")
        turn.then("action_account_general")
        return
    for order in orders:
        _tell(turn, order)


def _tell(turn: Turn, order: Order) -> None:
    items = turn.phrase("phrase_between_items").join(order.items)
    turn.say(f"utter_order_{order.state}", items=items, placed=day(turn, order.ordered_at))
    if promised := order.promised(turn.tools.now()):
        turn.say("utter_order_by", by=day(turn, promised))
