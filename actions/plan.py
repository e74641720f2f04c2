"""The customer's own plans, and the one that fits what they really use."""

from actions.account import tell
from actions.amount import listed, money, quantity
from actions.change_plan import is_changeable, offer_change, say_under_way
from actions.memory import Known
from actions.turn import Turn
from subscriber.client import Fit, Money


async def action_plan_now(turn: Turn) -> None:
    await tell(turn, "action_plan_now", _now)


async def action_plan_fit(turn: Turn) -> None:
    await tell(turn, "action_plan_fit", _fit)


async def _now(turn: Turn, customer_id: str) -> None:
    products = await turn.tools.subscriber.accounts.products(customer_id)
    if not products:
        turn.say("utter_no_plans")
        return
    turn.say("utter_plans", lines=listed(turn, (_priced(turn, one.plan.name, one.plan.monthly) for one in products)))
    await say_under_way(turn, customer_id, products)


async def _fit(turn: Turn, customer_id: str) -> None:
    """A company's plans are agreed one by one, so that nothing on offer is compared with them."""
    is_company = turn.recall(Known).segment == "corporate"
    fits = [] if is_company else await turn.tools.subscriber.accounts.fits(customer_id)
    if not fits:
        turn.say("utter_plan_fit_unknown")
        turn.then("action_account_general")
    for fit in fits:
        _say_fit(turn, fit)
    if len(fits) == 1 and not fits[0].is_present and is_changeable(turn, fits[0].product):
        offer_change(turn, fits[0].product, fits[0].best)


def _say_fit(turn: Turn, fit: Fit) -> None:
    present, best = fit.product.plan, fit.best
    needs = listed(turn, (quantity(turn, kind, amount) for kind, amount in fit.needs.items() if amount))
    turn.say("utter_plan_needs", plan=present.name, needs=needs)
    if fit.is_present:
        turn.say("utter_plan_fits", plan=present.name, price=money(turn, present.monthly))
    elif best.monthly < present.monthly:
        saving = money(turn, present.monthly - best.monthly)
        turn.say("utter_plan_cheaper", plan=best.name, price=money(turn, best.monthly), saving=saving)
    else:
        more = money(turn, best.monthly - present.monthly)
        turn.say("utter_plan_larger", plan=best.name, price=money(turn, best.monthly), more=more)


def _priced(turn: Turn, name: str, price: Money) -> str:
    return turn.phrase("phrase_plan_and_price").format(name=name, price=money(turn, price))
