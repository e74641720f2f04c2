"""A bill that was paid twice: found in the verified customer's payments, it goes to billing with the evidence."""

from actions import checks
from actions.amount import day, money
from actions.handover import hand_over
from actions.memory import Found, Known, Question
from actions.turn import Turn
from knowledge.answer import Article
from subscriber.client import Duplicate, SubscriberUnavailable

ARTICLE = "bill-charged-twice"
CATEGORY = "bill-dispute"
CHECK = "payments"


async def comes_first(turn: Turn, article: Article) -> bool:
    """Whether the turn is over with this. What the payments say goes into the ticket either way."""
    customer_id = turn.recall(Known).customer_id
    if article.id != ARTICLE or customer_id is None:
        return False
    try:
        found = await turn.tools.subscriber.accounts.duplicate_payments(customer_id)
    except SubscriberUnavailable:
        return False
    if not found:
        checks.note(turn, CHECK, "ok: no bill was paid twice", turn.recall(Found).kind)
        return False
    dispute(turn, found)
    return True


def dispute(turn: Turn, found: list[Duplicate]) -> None:
    """Tell each one, and pass all of them to billing."""
    for one in found:
        first, second = day(turn, one.first.at), day(turn, one.second.at)
        turn.say("utter_paid_twice", amount=money(turn, one.second.amount), first=first, second=second)
    question = turn.recall(Question)
    if not question.problem:
        turn.remember(question.model_copy(update={"problem": turn.text, "category": CATEGORY}))
    checks.note(turn, CHECK, f"fault: {'; '.join(map(_evidence, found))}", turn.recall(Found).kind)
    hand_over(turn, "article", category=CATEGORY)


def _evidence(found: Duplicate) -> str:
    """For the agent, as the payment system names it."""
    amount, first, second = found.second.amount, found.first, found.second
    told = f"{amount.amount} {amount.currency} for {', '.join(second.bill_ids)}"
    return f"{told}: {first.payment_id} at {first.at.isoformat()}, again {second.payment_id} at {second.at.isoformat()}"
