"""Another plan: which are on offer, on which terms, ordered after a yes; one change of a product at a time."""

from datetime import datetime

from actions.account import confirm, tell
from actions.amount import day, money
from actions.handover import hand_over
from actions.memory import Known, Option, Question, Selection, Wish
from actions.selection import offer, offer_person
from actions.turn import Turn, plain
from actions.when import spelled
from subscriber.client import (
    Item,
    OrderRefused,
    Plan,
    Product,
    SubscriberUnavailable,
    alternatives,
    under_way,
)

CATEGORY = "plans-offers"
KINDS = ("broadband", "mobile", "tv", "landline")


async def action_change_plan(turn: Turn) -> None:
    await tell(turn, "action_change_plan", _begin)


async def action_change_plan_which(turn: Turn) -> None:
    """The customer said which of their plans."""
    await tell(turn, "action_change_plan_which", _plans_of_chosen)


async def action_change_plan_terms(turn: Turn) -> None:
    """The customer chose a plan: what changes, before a yes."""
    await tell(turn, "action_change_plan_terms", _terms)


async def action_change_plan_agreed(turn: Turn) -> None:
    """The customer said yes: the terms are asked for anew, because they may have changed."""
    await tell(turn, "action_change_plan_agreed", _agreed)


def offer_change(turn: Turn, product: Product, plan: Plan) -> None:
    """After a plan was recommended: shall it be this one?"""
    option = Option(label=plan.name, product_id=product.product_id, offering_id=plan.offering_id)
    turn.remember(Selection(then="action_change_plan_terms", options=(option,), chosen=option, key=turn.turn_id))
    confirm(turn, "action_change_plan_terms", "utter_change_plan_offer", plan=plan.name)


def is_changeable(turn: Turn, product: Product) -> bool:
    """A company's plans are agreed one by one; of the others the operator's policy names the kinds."""
    is_company = turn.recall(Known).segment == "corporate"
    return not is_company and product.plan.kind in turn.tools.subscriber.ordering_policy.change_kinds


async def say_under_way(turn: Turn, customer_id: str, products: list[Product]) -> None:
    """Changes that are ordered; without the ordering system nothing is said of them."""
    try:
        orders = await turn.tools.subscriber.ordering.of_customer(customer_id)
    except SubscriberUnavailable:
        return
    for product in products:
        if order := under_way(orders, product.product_id):
            _say_order(turn, "utter_change_plan_under_way", order.items[0].name, order.order_id, order.expected_at)


async def _begin(turn: Turn, customer_id: str) -> None:
    products = await turn.tools.subscriber.accounts.products(customer_id)
    meant = _meant(turn, products)
    changeable = [one for one in meant if is_changeable(turn, one)]
    names = [one.plan.name for one in changeable]
    if not changeable or len(set(names)) < len(names):  # two lines of one name cannot be told apart here
        offer_person(turn, "utter_change_plan_person", category=CATEGORY)
    elif len(changeable) == 1:
        await _offer_plans(turn, customer_id, changeable[0])
    else:
        options = [Option(label=one.plan.name, product_id=one.product_id) for one in changeable]
        offer(turn, "utter_change_plan_which", options, then="action_change_plan_which")


def _meant(turn: Turn, products: list[Product]) -> list[Product]:
    """Those of the kinds that the customer named; all of them when none was named."""
    said = f" {plain(turn.recall(Wish).question)} "
    named = {kind for kind in KINDS if any(f" {word} " in said for word in turn.phrases(f"phrase_plan_kind_{kind}"))}
    return [one for one in products if one.plan.kind in named] if named else products


async def _plans_of_chosen(turn: Turn, customer_id: str) -> None:
    chosen = turn.recall(Selection).chosen
    products = await turn.tools.subscriber.accounts.products(customer_id)
    product = next((one for one in products if chosen and one.product_id == chosen.product_id), None)
    if product is None:
        await _begin(turn, customer_id)
    else:
        await _offer_plans(turn, customer_id, product)


async def _offer_plans(turn: Turn, customer_id: str, product: Product) -> None:
    subscriber = turn.tools.subscriber
    if order := under_way(await subscriber.ordering.of_customer(customer_id), product.product_id):
        _say_order(turn, "utter_change_plan_one_at_a_time", order.items[0].name, order.order_id, order.expected_at)
        turn.forget(Selection)
        return
    plans = alternatives(product, await subscriber.accounts.offers())
    if not plans:
        offer_person(turn, "utter_change_plan_person", category=CATEGORY)
        return
    turn.say("utter_change_plan_now", plan=product.plan.name, price=money(turn, product.plan.monthly))
    options = [
        Option(label=_priced(turn, one), product_id=product.product_id, offering_id=one.offering_id) for one in plans
    ]
    offer(turn, "utter_change_plan_choose", options, then="action_change_plan_terms")


async def _terms(turn: Turn, customer_id: str) -> None:
    found = await _looked_up(turn, customer_id)
    if found is None:
        turn.say("utter_change_plan_gone")
        await _begin(turn, customer_id)
        return
    product, plan = found
    begins = await turn.tools.subscriber.ordering.possible(customer_id, _item(product, plan))
    if isinstance(begins, str):
        offer_person(turn, f"utter_change_plan_refused_{begins}", category=CATEGORY, plan=plan.name)
    else:
        _ask(turn, product, plan, begins)


def _ask(turn: Turn, product: Product, plan: Plan, begins: datetime) -> None:
    turn.remember(turn.recall(Selection).model_copy(update={"terms": _told(product, plan, begins)}))
    turn.remember(turn.recall(Wish).model_copy(update={"action": "action_change_plan"}))  # where another plan leads
    term = turn.phrase("phrase_change_plan_term" if plan.term_months else "phrase_change_plan_no_term")
    confirm(
        turn,
        "action_change_plan_agreed",
        "utter_change_plan_confirm",
        present=product.plan.name,
        plan=plan.name,
        price=money(turn, plan.monthly),
        difference=_difference(turn, product, plan),
        begins=day(turn, begins),
        term=term.format(months=plan.term_months),
        cooling_off=turn.tools.subscriber.ordering_policy.cooling_off_in(turn.language),
    )


async def _agreed(turn: Turn, customer_id: str) -> None:
    """Before the order is sent nothing is changed for sure; after that only an answer says so."""
    selection, ordering = turn.recall(Selection), turn.tools.subscriber.ordering
    try:
        found = await _looked_up(turn, customer_id)
        begins = await ordering.possible(customer_id, _item(*found)) if found else "other"
    except SubscriberUnavailable:
        offer_person(turn, "utter_change_plan_away", category=CATEGORY)
        return
    if found is None or isinstance(begins, str):
        plan_name = found[1].name if found else selection.chosen.label if selection.chosen else ""
        offer_person(turn, f"utter_change_plan_refused_{begins}", category=CATEGORY, plan=plan_name)
        return
    product, plan = found
    if _told(product, plan, begins) != selection.terms:
        turn.say("utter_change_plan_other_terms")
        _ask(turn, product, plan, begins)
        return
    try:
        placed = await ordering.place(customer_id, _item(product, plan), key=f"{turn.contact_id}-{selection.key}")
    except OrderRefused:
        offer_person(turn, "utter_change_plan_refused_other", category=CATEGORY, plan=plan.name)
        return
    except SubscriberUnavailable:
        _ask_a_person(turn)
        return
    turn.forget(Selection)
    _say_order(turn, "utter_change_plan_done", plan.name, placed.order_id, placed.expected_at or begins)


async def _looked_up(turn: Turn, customer_id: str) -> tuple[Product, Plan] | None:
    """The product and the plan that were chosen, as they are now; None when one of them is no more."""
    chosen, accounts = turn.recall(Selection).chosen, turn.tools.subscriber.accounts
    if chosen is None:
        return None
    products = await accounts.products(customer_id)
    product = next((one for one in products if one.product_id == chosen.product_id), None)
    if product is None or not is_changeable(turn, product):
        return None
    plans = alternatives(product, await accounts.offers())
    plan = next((one for one in plans if one.offering_id == chosen.offering_id), None)
    return (product, plan) if plan else None


def _ask_a_person(turn: Turn) -> None:
    """Whether it is ordered is not certain: nothing is claimed, and a colleague looks."""
    wish = turn.recall(Wish)
    turn.forget(Selection, Wish)
    turn.remember(turn.recall(Question).model_copy(update={"problem": wish.question or turn.text}))
    turn.say("utter_order_unsure")
    hand_over(turn, "article", category=CATEGORY)


def _item(product: Product, plan: Plan) -> Item:
    return Item("modify", plan.offering_id, plan.name, product.product_id)


def _told(product: Product, plan: Plan, begins: datetime) -> str:
    """What a yes is a yes to."""
    prices = f"{product.plan.monthly.amount} {plan.monthly.amount} {plan.monthly.currency}"
    return f"{product.product_id} {plan.offering_id} {prices} {plan.term_months} {begins.isoformat()}"


def _difference(turn: Turn, product: Product, plan: Plan) -> str:
    change = plan.monthly - product.plan.monthly
    if not change:
        return turn.phrase("phrase_change_plan_same")
    name = "phrase_change_plan_less" if change.is_negative else "phrase_change_plan_more"
    return turn.phrase(name).format(amount=money(turn, abs(change)))


def _say_order(turn: Turn, response: str, plan: str, order_id: str, begins: datetime | None) -> None:
    reference = spelled(order_id) if turn.medium == "ear" else order_id
    when = turn.phrase("phrase_change_plan_from").format(day=day(turn, begins)) if begins else ""
    turn.say(response, plan=plan, reference=reference, when=when, about={"order": order_id})


def _priced(turn: Turn, plan: Plan) -> str:
    return turn.phrase("phrase_plan_and_price").format(name=plan.name, price=money(turn, plan.monthly))
