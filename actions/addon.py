"""Add-ons of a plan: those a customer has, those that fit, and those that can be removed."""

from actions.account import tell
from actions.addon_order import CATEGORY, are_alike, looked_up, priced, switches
from actions.amount import listed
from actions.memory import Known, Option, Selection
from actions.selection import offer, offer_person
from actions.turn import Turn
from subscriber.client import AddOn, HeldAddOn, Product, bookable


async def action_addon_state(turn: Turn) -> None:
    await tell(turn, "action_addon_state", _state)


async def action_addon_book(turn: Turn) -> None:
    await tell(turn, "action_addon_book", _book)


async def action_addon_offers(turn: Turn) -> None:
    """The customer said for which of their plans."""
    await tell(turn, "action_addon_offers", _offers_of_chosen)


async def action_addon_remove(turn: Turn) -> None:
    await tell(turn, "action_addon_remove", _remove)


async def _state(turn: Turn, customer_id: str) -> None:
    products, offers, held = await looked_up(turn, customer_id)
    switch_ids = {one.offering_id for one in offers if one.is_switch}
    booked = [one for one in held if one.offering_id not in switch_ids]
    if booked:
        turn.say("utter_addons", lines=listed(turn, (_named(turn, one, products) for one in booked)))
    else:
        turn.say("utter_addons_none")
    for product, switch in switches(products, offers):
        is_on = any(one.offering_id == switch.offering_id and one.on == product.product_id for one in held)
        response = "utter_addon_switch_on" if is_on else "utter_addon_switch_off"
        turn.say(response, name=switch.name, plan=product.plan.name)


async def _book(turn: Turn, customer_id: str) -> None:
    """A company's add-ons are agreed one by one."""
    products, offers, held = await looked_up(turn, customer_id)
    is_company = turn.recall(Known).segment == "corporate"
    lines = [] if is_company else [one for one in products if bookable(one, offers, held)]
    if not lines or are_alike(lines):
        offer_person(turn, "utter_addon_person", category=CATEGORY)
    elif len(lines) == 1:
        _offer(turn, lines[0], offers, held)
    else:
        offer(
            turn,
            "utter_addon_which_plan",
            [Option(label=one.plan.name, product_id=one.product_id) for one in lines],
            then="action_addon_offers",
        )


async def _offers_of_chosen(turn: Turn, customer_id: str) -> None:
    products, offers, held = await looked_up(turn, customer_id)
    chosen = turn.recall(Selection).chosen
    line = next((one for one in products if chosen and one.product_id == chosen.product_id), None)
    if line is None:
        await _book(turn, customer_id)
    else:
        _offer(turn, line, offers, held)


def _offer(turn: Turn, line: Product, offers: list[AddOn], held: list[HeldAddOn]) -> None:
    options = [
        Option(label=priced(turn, one), product_id=line.product_id, offering_id=one.offering_id)
        for one in bookable(line, offers, held)
    ]
    offer(turn, "utter_addon_choose", options, then="action_addon_terms")


async def _remove(turn: Turn, customer_id: str) -> None:
    """What is paid once is used up by itself: only what runs by the month is removed."""
    products, _, held = await looked_up(turn, customer_id)
    removable = [one for one in held if one.is_monthly]
    if not removable:
        turn.say("utter_addon_none_to_remove")
        turn.forget(Selection)
        return
    options = [
        Option(label=_named(turn, one, products), product_id=one.product_id, offering_id=one.offering_id)
        for one in removable
    ]
    offer(turn, "utter_addon_remove_choose", options, then="action_addon_remove_terms")


def _named(turn: Turn, held: HeldAddOn, products: list[Product]) -> str:
    plan = next((one.plan.name for one in products if one.product_id == held.on), "")
    return turn.phrase("phrase_addon_on").format(name=held.name, plan=plan) if plan else held.name
