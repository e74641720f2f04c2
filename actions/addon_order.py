"""The terms of an add-on, booking and removing it; whether it is a pack or a switch."""

import asyncio
from datetime import datetime

from actions.account import confirm, tell
from actions.agreement import Find, Proposal, order, propose
from actions.amount import day, money
from actions.memory import Selection, Wish
from actions.turn import Turn
from subscriber.client import AddOn, HeldAddOn, Item, Product, bookable, fitting

CATEGORY, ROAMING = "plans-offers", "roaming"


async def action_addon_terms(turn: Turn) -> None:
    """The customer chose one to book: its price, before a yes."""
    await tell(turn, "action_addon_terms", lambda turn, customer_id: _propose(turn, customer_id, _booking))


async def action_addon_agreed(turn: Turn) -> None:
    """The customer said yes to booking it."""
    await tell(turn, "action_addon_agreed", lambda turn, who: order(turn, who, _booking, category=CATEGORY))


async def action_addon_remove_terms(turn: Turn) -> None:
    """The customer chose one to remove: from when, before a yes."""
    await tell(turn, "action_addon_remove_terms", lambda turn, customer_id: _propose(turn, customer_id, _removal))


async def action_addon_remove_agreed(turn: Turn) -> None:
    """The customer said yes to removing it."""
    await tell(turn, "action_addon_remove_agreed", lambda turn, who: order(turn, who, _removal, category=CATEGORY))


async def looked_up(turn: Turn, customer_id: str) -> tuple[list[Product], list[AddOn], list[HeldAddOn]]:
    """The customer's plans, what is on offer for plans, and what they have of it."""
    subscriber = turn.tools.subscriber
    products, offers, held = await asyncio.gather(
        subscriber.accounts.products(customer_id),
        subscriber.addons.on_offer(),
        subscriber.addons.of_customer(customer_id),
    )
    return products, offers, held


def switches(products: list[Product], offers: list[AddOn]) -> list[tuple[Product, AddOn]]:
    """What can be switched on, for each plan."""
    return [(product, one) for product in products for one in fitting(product, offers) if one.is_switch]


def are_alike(lines: list[Product]) -> bool:
    """Two lines of one name cannot be told apart here."""
    return len({one.plan.name for one in lines}) < len(lines)


def priced(turn: Turn, addon: AddOn) -> str:
    """ "Data pack 5 GB: £5.00 once"."""
    return turn.phrase("phrase_addon_and_price").format(name=addon.name, price=_price(turn, addon))


async def _propose(turn: Turn, customer_id: str, find: Find) -> None:
    proposal = await find(turn, customer_id)
    if proposal is None:
        turn.say("utter_order_gone")
        turn.then(turn.recall(Wish).action)
    else:
        await propose(turn, customer_id, proposal)


async def _booking(turn: Turn, customer_id: str) -> Proposal | None:
    """The add-on that was chosen for a product, as it is now; None when it cannot be had any more."""
    chosen = turn.recall(Selection).chosen
    products, offers, held = await looked_up(turn, customer_id)
    line = next((one for one in products if chosen and one.product_id == chosen.product_id), None)
    found = bookable(line, offers, held) if line else []
    addon = next((one for one in found if chosen and one.offering_id == chosen.offering_id), None)
    if line is None or addon is None:
        return None
    return Proposal(
        item=Item("add", addon.offering_id, addon.name, line.product_id),
        terms=f"{addon.price.amount} {addon.price.currency} {addon.is_monthly}",
        category=ROAMING if addon.is_switch else CATEGORY,
        begin="action_roaming_on" if addon.is_switch else "action_addon_book",
        ask=lambda begins: _ask_booking(turn, line, addon, begins),
        done="utter_addon_switched_on" if addon.is_switch else "utter_addon_booked",
    )


async def _removal(turn: Turn, customer_id: str) -> Proposal | None:
    """The add-on that was chosen to be removed; None when the customer has it no more."""
    chosen = turn.recall(Selection).chosen
    products, offers, held = await looked_up(turn, customer_id)
    found = next((one for one in held if chosen and one.product_id == chosen.product_id), None)
    if found is None:
        return None
    is_switch = any(one.is_switch and one.offering_id == found.offering_id for one in offers)
    plan = next((one.plan.name for one in products if one.product_id == found.on), "")
    return Proposal(
        item=Item("delete", found.offering_id, found.name, found.product_id),
        terms="",
        category=ROAMING if is_switch else CATEGORY,
        begin="action_roaming_off" if is_switch else "action_addon_remove",
        ask=lambda begins: _ask_removal(turn, found, plan, begins, is_switch=is_switch),
        done="utter_addon_switched_off" if is_switch else "utter_addon_removed",
    )


def _ask_booking(turn: Turn, line: Product, addon: AddOn, begins: datetime) -> None:
    response = "utter_addon_confirm_on" if addon.is_switch else "utter_addon_confirm"
    confirm(
        turn,
        "action_addon_agreed",
        response,
        name=addon.name,
        plan=line.plan.name,
        price=_price(turn, addon),
        begins=_begins(turn, begins),
        right=turn.tools.subscriber.ordering_policy.cooling_off_in(turn.language) if addon.price else "",
    )


def _ask_removal(turn: Turn, held: HeldAddOn, plan: str, begins: datetime, *, is_switch: bool) -> None:
    response = "utter_addon_confirm_off" if is_switch else "utter_addon_confirm_remove"
    confirm(turn, "action_addon_remove_agreed", response, name=held.name, plan=plan, begins=_begins(turn, begins))


def _begins(turn: Turn, at: datetime) -> str:
    """ "at once", or from its day."""
    if day(turn, at) == day(turn, turn.tools.now()):
        return turn.phrase("phrase_addon_at_once")
    return turn.phrase("phrase_addon_from").format(day=day(turn, at))


def _price(turn: Turn, addon: AddOn) -> str:
    if not addon.price:
        return turn.phrase("phrase_addon_free")
    name = "phrase_addon_monthly" if addon.is_monthly else "phrase_addon_once"
    return turn.phrase(name).format(price=money(turn, addon.price))
