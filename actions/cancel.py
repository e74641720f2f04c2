"""Leaving: the wish is heard, one thing that may suit better is offered once, then it is carried out [R23]."""

from datetime import datetime
from typing import Any

from actions.account import confirm, done, tell
from actions.agreement import Proposal, order, propose, say_order
from actions.amount import day, money
from actions.change_plan import is_changeable, meant
from actions.handover import hand_over
from actions.memory import Known, Leaving, Option, Question, Selection, Wish
from actions.selection import offer, offer_person, take
from actions.turn import Turn, plain
from subscriber.client import Item, Plan, Product, SubscriberUnavailable, alternatives

CATEGORY = "cancel"
STAYS = {"go_back", "thanks", "solved"}
REASONS = ("price", "moving", "quality")  # what phrase_cancel_reason_* tell by their words


async def action_cancel_service(turn: Turn) -> None:
    await tell(turn, "action_cancel_service", _begin)


async def action_cancel_heard(turn: Turn) -> None:
    """It is known what is to end: why, before anything else."""
    await tell(turn, "action_cancel_heard", _heard)


async def action_cancel_offer(turn: Turn) -> None:
    """The reason is known: what may suit better, or the terms at once."""
    await tell(turn, "action_cancel_offer", _offer)


async def action_cancel_terms(turn: Turn) -> None:
    await tell(turn, "action_cancel_terms", _terms)


async def action_cancel_agreed(turn: Turn) -> None:
    await tell(turn, "action_cancel_agreed", _agreed)


async def action_cancel_reply(turn: Turn) -> None:
    """The reason, in whatever words, or the answer to what was offered instead."""
    leaving = turn.recall(Leaving)
    if leaving.offered:
        await _offered(turn, leaving)
    elif turn.intent in {"why", "how"}:
        turn.say("utter_cancel_why_asked")
        _ask_why(turn)
    elif turn.intent in STAYS:
        turn.forget(Leaving, Selection)
        turn.go(None)
        turn.say("utter_nothing_changed")
        done(turn)
    else:
        reason = "" if turn.intent in {"deny", "dont_know", "none_of_these", "cannot"} else turn.text
        wish = turn.recall(Wish)
        question = f"{wish.question.rstrip('.')}. {reason}" if reason else wish.question
        turn.remember(leaving.model_copy(update={"is_heard": True, "reason": reason}))
        _on(turn, wish.model_copy(update={"question": question}), "action_cancel_offer")


async def _begin(turn: Turn, customer_id: str) -> None:
    turn.forget(Leaving)
    products = meant(turn, await turn.tools.subscriber.accounts.products(customer_id))
    names = [one.plan.name for one in products]
    if not products or len(set(names)) < len(names) or turn.recall(Known).segment == "corporate":
        offer_person(turn, "utter_cancel_person", category=CATEGORY)
        return
    options = [
        Option(label=one.plan.name, product_id=one.product_id, offering_id=one.plan.offering_id) for one in products
    ]
    if len(options) > 1:
        offer(turn, "utter_cancel_which", options, then="action_cancel_heard")
    else:
        take(turn, Selection(then="action_cancel_heard", options=tuple(options)), options[0])


async def _heard(turn: Turn, customer_id: str) -> None:
    chosen = turn.recall(Selection).chosen
    for placed in await turn.tools.subscriber.ordering.of_customer(customer_id):
        if chosen and placed.is_open and placed.concerns(chosen.product_id, "delete"):
            turn.forget(Selection)
            say_order(turn, "utter_cancel_under_way", chosen.label, placed.order_id, placed.expected_at)
            return
    _ask_why(turn)


def _ask_why(turn: Turn) -> None:
    turn.go("leaving")
    turn.say("utter_cancel_why")


async def _offer(turn: Turn, customer_id: str) -> None:
    """At most one, and none to who gives no reason."""
    reason, product = _reason(turn), await _product(turn, customer_id)
    if product is None:
        offer_person(turn, "utter_cancel_person", category=CATEGORY)
    elif reason == "moving" and product.plan.kind in turn.tools.subscriber.ordering_policy.move_kinds:
        _ask_instead(turn, "move", "utter_cancel_offer_move", name=product.plan.name)
    elif reason in {"moving", "quality"}:
        _ask_instead(turn, "person", f"utter_cancel_offer_{reason}", name=product.plan.name)
    elif reason == "price" and (plan := await _cheaper(turn, product)):
        turn.remember(turn.recall(Leaving).model_copy(update={"plan": plan.offering_id, "name": plan.name}))
        saving = money(turn, product.plan.monthly - plan.monthly)
        price = money(turn, plan.monthly)
        _ask_instead(turn, "plan", "utter_cancel_offer_plan", plan=plan.name, price=price, saving=saving)
    else:
        turn.then("action_cancel_terms")


async def _offered(turn: Turn, leaving: Leaving) -> None:
    wish, selection = turn.recall(Wish), turn.recall(Selection)
    if turn.intent not in {"affirm", "ready"}:
        _on(turn, wish, "action_cancel_terms")
    elif leaving.offered == "plan" and selection.chosen is not None:
        option = Option(label=leaving.name, product_id=selection.chosen.product_id, offering_id=leaving.plan)
        turn.forget(Leaving)
        turn.remember(
            Selection(then="action_change_plan_terms", options=(option,), chosen=option, key=turn.turn_id),
            wish.model_copy(update={"action": "action_change_plan"}),
        )
        _on(turn, turn.recall(Wish), "action_change_plan_terms")
    elif leaving.offered == "move":
        turn.forget(Leaving, Selection)
        turn.remember(wish.model_copy(update={"action": "action_move_house", "confirm": ""}))
        turn.go(None)
        turn.then("action_move_house")
    else:
        turn.forget(Leaving, Selection, Wish)
        turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}))
        hand_over(turn, "wants_person", category=CATEGORY)


async def _terms(turn: Turn, customer_id: str) -> None:
    proposal = await _proposal(turn, customer_id)
    if proposal is None:
        offer_person(turn, "utter_cancel_person", category=CATEGORY)
    else:
        await propose(turn, customer_id, proposal)


async def _agreed(turn: Turn, customer_id: str) -> None:
    await order(turn, customer_id, _proposal, category=CATEGORY)


async def _proposal(turn: Turn, customer_id: str) -> Proposal | None:
    product = await _product(turn, customer_id)
    if product is None:
        return None
    plan = product.plan
    return Proposal(
        item=Item("delete", plan.offering_id, plan.name, product.product_id),
        terms=f"{plan.monthly.amount} {plan.monthly.currency}",
        category=CATEGORY,
        begin="action_cancel_service",
        ask=lambda ends: _ask(turn, plan, ends),
        done="utter_cancel_done",
    )


def _ask(turn: Turn, plan: Plan, ends: datetime) -> None:
    """The day is the operator's: notice and minimum term are in it."""
    last, price = day(turn, ends), money(turn, plan.monthly)
    confirm(turn, "action_cancel_agreed", "utter_cancel_confirm", name=plan.name, last=last, price=price)


async def _product(turn: Turn, customer_id: str) -> Product | None:
    chosen = turn.recall(Selection).chosen
    products = await turn.tools.subscriber.accounts.products(customer_id)
    return next((one for one in products if chosen and one.product_id == chosen.product_id), None)


async def _cheaper(turn: Turn, product: Product) -> Plan | None:
    """The dearest of the plans that cost less: the smallest step down. Nobody has to hear of it to leave."""
    if not is_changeable(turn, product):
        return None
    try:
        plans = alternatives(product, await turn.tools.subscriber.accounts.offers())
    except SubscriberUnavailable:
        return None
    return next((one for one in reversed(plans) if one.monthly < product.plan.monthly), None)


def _reason(turn: Turn) -> str:
    """By the words it was told in; "" for any other."""
    said = f" {plain(turn.recall(Leaving).reason)} "
    found = (one for one in REASONS if any(f" {word} " in said for word in turn.phrases(f"phrase_cancel_reason_{one}")))
    return next(found, "")


def _ask_instead(turn: Turn, offered: str, response: str, **values: Any) -> None:
    turn.remember(turn.recall(Leaving).model_copy(update={"offered": offered}))
    turn.go("leaving")
    turn.say(response, **values)


def _on(turn: Turn, wish: Wish, action: str) -> None:
    turn.remember(wish.model_copy(update={"confirm": action}))
    turn.go("account")
    turn.then(action)
