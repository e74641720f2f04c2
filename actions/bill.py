"""The customer's own bills: what is owed and when, what is on the last one, and why it differs from the one before."""

import asyncio

from actions.account import tell
from actions.amount import day, listed, money
from actions.turn import Turn
from subscriber.client import Bill, BillChange, Credit, LineChange, OpenBill, SubscriberUnavailable, owed


async def action_bill_balance(turn: Turn) -> None:
    await tell(turn, "action_bill_balance", _balance)


async def action_bill_explain(turn: Turn) -> None:
    await tell(turn, "action_bill_explain", _explain)


async def action_bill_change(turn: Turn) -> None:
    await tell(turn, "action_bill_change", _change)


async def _balance(turn: Turn, customer_id: str) -> None:
    accounts = turn.tools.subscriber.accounts
    open_bills, prepaid = await asyncio.gather(accounts.open_bills(customer_id), accounts.credit(customer_id))
    say_credit(turn, prepaid)
    if open_bills or not prepaid:
        say_owed(turn, open_bills)


def say_credit(turn: Turn, prepaid: list[Credit]) -> None:
    for credit in prepaid:
        if credit.expires_at:
            turn.say("utter_credit_until", amount=money(turn, credit.amount), until=day(turn, credit.expires_at))
        else:
            turn.say("utter_credit", amount=money(turn, credit.amount))


def say_owed(turn: Turn, open_bills: list[OpenBill]) -> None:
    """Raises SubscriberUnavailable for bills of two currencies: one sum cannot be told."""
    try:
        everything = owed(open_bills)
    except ValueError:
        raise SubscriberUnavailable("bills are of two currencies") from None
    if everything is None:
        turn.say("utter_nothing_owed")
        return
    oldest, now = open_bills[0], turn.tools.now()
    amount, due = money(turn, oldest.remaining), day(turn, oldest.due)
    if len(open_bills) > 1:
        turn.say("utter_owed_in_all", amount=money(turn, everything), count=len(open_bills))
    turn.say("utter_owed_overdue" if oldest.is_overdue(now) else "utter_owed", amount=amount, due=due)


async def _explain(turn: Turn, customer_id: str) -> None:
    bill = await turn.tools.subscriber.accounts.last_bill(customer_id)
    if bill is None:
        turn.say("utter_no_bill")
        return
    lines = listed(turn, (_written(turn, line.name, money(turn, line.amount)) for line in bill.lines))
    begins, ends = day(turn, bill.period_from), day(turn, bill.period_until)
    turn.say("utter_bill", number=bill.number, amount=money(turn, bill.total), begins=begins, ends=ends, lines=lines)
    turn.say("utter_bill_tax", tax=money(turn, bill.tax))
    _say_open(turn, bill)


def _say_open(turn: Turn, bill: Bill) -> None:
    if not bill.remaining:
        turn.say("utter_bill_paid")
        return
    response = "utter_bill_overdue" if bill.is_overdue(turn.tools.now()) else "utter_bill_due"
    turn.say(response, amount=money(turn, bill.remaining), due=day(turn, bill.due))


async def _change(turn: Turn, customer_id: str) -> None:
    accounts = turn.tools.subscriber.accounts
    found, open_bills = await asyncio.gather(accounts.bill_change(customer_id), accounts.open_bills(customer_id))
    if found is None:
        turn.say("utter_no_two_bills")
        turn.then("action_account_general")
        return
    last, before, change = found
    older = [bill for bill in open_bills if bill.bill_id != last.bill_id]
    _say_change(turn, last, before, change)
    if older:
        say_owed(turn, open_bills)
    elif not change.lines:
        turn.then("action_account_general")


def _say_change(turn: Turn, last: Bill, before: Bill, change: BillChange) -> None:
    total, earlier = money(turn, last.total), money(turn, before.total)
    if not change.difference:
        turn.say("utter_bill_same", amount=total)
    else:
        response = "utter_bill_lower" if change.difference.is_negative else "utter_bill_higher"
        turn.say(response, amount=total, before=earlier, difference=money(turn, abs(change.difference)))
    if change.lines:
        turn.say("utter_bill_changes", lines=listed(turn, (_changed(turn, line) for line in change.lines)))


def _changed(turn: Turn, line: LineChange) -> str:
    """What is new, gone or other, and what that adds to the bill."""
    difference = money(turn, abs(line.difference))
    effect = turn.phrase("phrase_less" if line.difference.is_negative else "phrase_more").format(amount=difference)
    if line.before is None or line.after is None:
        kind = "phrase_line_new" if line.before is None else "phrase_line_gone"
        return turn.phrase(kind).format(name=line.name, effect=effect)
    before, after = money(turn, line.before), money(turn, line.after)
    return turn.phrase("phrase_line_other").format(name=line.name, effect=effect, before=before, after=after)


def _written(turn: Turn, name: str, amount: str) -> str:
    return turn.phrase("phrase_name_and_amount").format(name=name, amount=amount)
