"""Roaming as a switch of a mobile plan: on and off, where the operator has such a switch."""

from actions.account import tell
from actions.addon_order import ROAMING, are_alike, looked_up, switches
from actions.memory import Known, Option, Selection
from actions.selection import offer, offer_person, take
from actions.turn import Turn
from subscriber.client import AddOn, Product


async def action_roaming_on(turn: Turn) -> None:
    await tell(turn, "action_roaming_on", _on)


async def action_roaming_off(turn: Turn) -> None:
    await tell(turn, "action_roaming_off", _off)


async def _on(turn: Turn, customer_id: str) -> None:
    products, offers, held = await looked_up(turn, customer_id)
    on = {one.on for one in held if one.offering_id in {switch.offering_id for switch in offers if switch.is_switch}}
    possible = switches(products, offers)
    found = [(product, switch) for product, switch in possible if product.product_id not in on]
    if not possible or turn.recall(Known).segment == "corporate" or are_alike([product for product, _ in found]):
        offer_person(turn, "utter_roaming_person", category=ROAMING)
    elif not found:
        turn.say("utter_roaming_is_on", name=possible[0][1].name)
    else:
        _choose(turn, [_switch_option(product, switch) for product, switch in found], then="action_addon_terms")


async def _off(turn: Turn, customer_id: str) -> None:
    products, offers, held = await looked_up(turn, customer_id)
    possible = switches(products, offers)
    names = {product.product_id: product.plan.name for product, _ in possible}
    ids = {switch.offering_id for _, switch in possible}
    on = [one for one in held if one.offering_id in ids and one.on in names]
    if not possible or len({names[one.on] for one in on}) < len(on):
        offer_person(turn, "utter_roaming_person", category=ROAMING)
    elif not on:
        turn.say("utter_roaming_is_off", name=possible[0][1].name)
    else:
        options = [Option(label=names[one.on], product_id=one.product_id, offering_id=one.offering_id) for one in on]
        _choose(turn, options, then="action_addon_remove_terms")


def _choose(turn: Turn, options: list[Option], *, then: str) -> None:
    """The only one there is need not be chosen."""
    if len(options) > 1:
        offer(turn, "utter_roaming_which_plan", options, then=then)
    else:
        take(turn, Selection(then=then, options=tuple(options)), options[0])


def _switch_option(product: Product, switch: AddOn) -> Option:
    return Option(label=product.plan.name, product_id=product.product_id, offering_id=switch.offering_id)
