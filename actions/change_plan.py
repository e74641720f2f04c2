"""Another plan: which are on offer, on which terms, ordered after a yes; one change of a product at a time."""

from datetime import datetime

from actions.account import confirm, tell
from actions.agreement import Proposal, order, propose, say_order
from actions.amount import day, money
from actions.memory import Known, Option, Selection, Wish
from actions.selection import offer, offer_person
from actions.turn import Turn, plain
from subscriber.client import Item, Plan, Product, SubscriberUnavailable, alternatives, under_way

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
        if found := under_way(orders, product.product_id):
            say_order(turn, "utter_change_plan_under_way", found.items[0].name, found.order_id, found.expected_at)


async def _begin(turn: Turn, customer_id: str) -> None:
    products = await turn.tools.subscriber.accounts.products(customer_id)
    changeable = [one for one in meant(turn, products) if is_changeable(turn, one)]
    names = [one.plan.name for one in changeable]
    if not changeable or len(set(names)) < len(names):  # two lines of one name cannot be told apart here
        offer_person(turn, "utter_change_plan_person", category=CATEGORY)
    elif len(changeable) == 1:
        await _offer_plans(turn, customer_id, changeable[0])
    else:
        options = [Option(label=one.plan.name, product_id=one.product_id) for one in changeable]
        offer(turn, "utter_change_plan_which", options, then="action_change_plan_which")


def meant(turn: Turn, products: list[Product]) -> list[Product]:
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
    if found := under_way(await subscriber.ordering.of_customer(customer_id), product.product_id):
        say_order(turn, "utter_change_plan_one_at_a_time", found.items[0].name, found.order_id, found.expected_at)
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
    proposal = await _proposal(turn, customer_id)
    if proposal is None:
        turn.say("utter_order_gone")
        await _begin(turn, customer_id)
    else:
        await propose(turn, customer_id, proposal)


async def _agreed(turn: Turn, customer_id: str) -> None:
    await order(turn, customer_id, _proposal, category=CATEGORY)


async def _proposal(turn: Turn, customer_id: str) -> Proposal | None:
    """The product and the plan that were chosen, as they are now; None when one of them is no more."""
    chosen, accounts = turn.recall(Selection).chosen, turn.tools.subscriber.accounts
    products = await accounts.products(customer_id)
    product = next((one for one in products if chosen and one.product_id == chosen.product_id), None)
    if chosen is None or product is None or not is_changeable(turn, product):
        return None
    plans = alternatives(product, await accounts.offers())
    plan = next((one for one in plans if one.offering_id == chosen.offering_id), None)
    if plan is None:
        return None
    return Proposal(
        item=Item("modify", plan.offering_id, plan.name, product.product_id),
        terms=f"{product.plan.monthly.amount} {plan.monthly.amount} {plan.monthly.currency} {plan.term_months}",
        category=CATEGORY,
        begin="action_change_plan",
        ask=lambda begins: _ask(turn, product, plan, begins),
        done="utter_change_plan_done",
    )


def _ask(turn: Turn, product: Product, plan: Plan, begins: datetime) -> None:
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
        right=turn.tools.subscriber.ordering_policy.cooling_off_in(turn.language),
    )


def _difference(turn: Turn, product: Product, plan: Plan) -> str:
    change = plan.monthly - product.plan.monthly
    if not change:
        return turn.phrase("phrase_change_plan_same")
    name = "phrase_change_plan_less" if change.is_negative else "phrase_change_plan_more"
    return turn.phrase(name).format(amount=money(turn, abs(change)))


def _priced(turn: Turn, plan: Plan) -> str:
    return turn.phrase("phrase_plan_and_price").format(name=plan.name, price=money(turn, plan.monthly))
