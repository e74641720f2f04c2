"""actions.addon, actions.roaming and actions.addon_order: what fits is offered, nothing is added without a yes."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from subscriber.client import AddOn, HeldAddOn, Product, Standing, SubscriberClient
from tests.actions.ledger import Ledger, plan, pounds
from tests.actions.world import JO, NOW, Operator, Talk

MINE = Product("m1", plan("Mobile 20 GB", "14.00", 20))
HERS = Product("m2", plan("Mobile 5 GB", "9.00", 5))
FITS = frozenset({MINE.plan.offering_id, HERS.plan.offering_id})
PACK = AddOn("pack", "Data pack 5 GB", pounds("5.00"), False, False, FITS)
WORLD = AddOn("world", "World roaming pack", pounds("15.00"), True, False, FITS)
EU = AddOn("eu", "EU roaming", pounds("0.00"), True, True, FITS)
WORLD_HELD, EU_HELD = HeldAddOn("h1", "world", WORLD.name, "m1", True), HeldAddOn("h2", "eu", EU.name, "m1", True)
MAYA, OLIVER, FATIMA, SEAN = "cust-1001", "cust-1008", "cust-1019", "cust-1006"
BOOK = ("action_addon_book", "i want an add-on", "addon_book")
REMOVE = ("action_addon_remove", "remove my add-on", "addon_remove")
ON, OFF = (
    ("action_roaming_on", "turn on roaming", "roaming_on"),
    ("action_roaming_off", "turn off roaming", "roaming_off"),
)


def talk(
    *, products: list[Product] | None = None, held: list[HeldAddOn] | None = None, level: str = "strong", **known: Any
) -> Talk:
    ledger = Ledger(products=[MINE] if products is None else products)
    ledger.shelf.offers, ledger.shelf.held = [EU, WORLD, PACK], held or []
    ledger.counter.begins_at = NOW
    found = Talk(operator=Operator(ledger=ledger))
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": level, **known}
    found.identity.now = Standing(level, JO)  # type: ignore[arg-type]  # of the literals
    return found


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


def ordered(found: Talk) -> list[tuple[str, str, str]]:
    placed = found.operator.ledger.counter.placed.values()
    return [(item.action, item.offering_id, item.product_id) for order in placed for item in order.items]


async def test_what_fits_is_offered_and_booked_after_a_yes() -> None:
    found = talk()

    await found.hears(*BOOK)
    choices = found.choices
    asked = await found.hears("action_selection_reply", "the data pack", "nlu_fallback")
    terms, before = told(found, "utter_addon_confirm"), ordered(found)
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert choices == [
        "Data pack 5 GB: £5.00 once",
        "World roaming pack: £15.00 a month",
        "EU roaming: no charge",
        "None of these",
    ]
    assert (asked, before) == (["utter_addon_confirm"], [])
    assert (terms["price"], terms["begins"], "14 days" in terms["right"]) == ("£5.00 once", "at once", True)
    assert said == ["utter_addon_booked", "utter_anything_else"]
    assert told(found, "utter_addon_booked")["when"] == ""
    assert ordered(found) == [("add", "pack", "m1")]


async def test_what_is_held_is_told_and_removed_after_a_yes() -> None:
    found = talk(held=[WORLD_HELD])

    state = await found.hears("action_addon_state", "what add-ons do i have", "addon_state")
    lines = told(found, "utter_addons")["lines"]
    offered = await found.hears(*BOOK)
    choices = found.choices
    await found.hears(*REMOVE)
    asked = await found.hears("action_selection_reply", "1", "nlu_fallback")
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert state == ["utter_addons", "utter_addon_switch_off", "utter_anything_else"]
    assert lines == "- World roaming pack on Mobile 20 GB"
    assert (offered, "World roaming pack: £15.00 a month" in choices) == (["utter_addon_choose"], False)
    assert (asked, said[0]) == (["utter_addon_confirm_remove"], "utter_addon_removed")
    assert ordered(found) == [("delete", "world", "h1")]


async def test_who_proved_less_gives_a_code_before_anything_is_added() -> None:
    found = talk(level="verified")
    await found.hears(*BOOK)
    await found.hears("action_selection_reply", "1", "nlu_fallback")

    code = await found.hears("action_account_reply", "yes", "affirm")
    before = ordered(found)
    said = await found.gives("strong")

    assert (code, before) == (["utter_code_sent"], [])
    assert said == ["utter_verified", "utter_addon_booked", "utter_anything_else"]


async def test_no_adds_nothing_and_another_one_shows_them_again() -> None:
    found = talk()
    await found.hears(*BOOK)
    await found.hears("action_selection_reply", "1", "nlu_fallback")

    again = await found.hears("action_account_reply", "Another one", "nlu_fallback")
    none = await found.hears("action_selection_reply", "None of these", "nlu_fallback")

    assert again == ["utter_addon_choose"]
    assert none == ["utter_nothing_changed", "utter_anything_else"]
    assert ordered(found) == []


async def test_roaming_is_switched_on_and_off_after_a_yes() -> None:
    found = talk()

    asked = await found.hears(*ON)
    price = told(found, "utter_addon_confirm_on")["price"]
    on = await found.hears("action_account_reply", "yes", "affirm")
    found.operator.ledger.shelf.held = [EU_HELD]
    already = await found.hears(*ON)
    ask_off = await found.hears(*OFF)
    off = await found.hears("action_account_reply", "yes", "affirm")
    found.operator.ledger.shelf.held = []

    assert (asked, price, on[0]) == (["utter_addon_confirm_on"], "no charge", "utter_addon_switched_on")
    assert already == ["utter_roaming_is_on", "utter_anything_else"]
    assert (ask_off, off[0]) == (["utter_addon_confirm_off"], "utter_addon_switched_off")
    assert await found.hears(*OFF) == ["utter_roaming_is_off", "utter_anything_else"]
    assert ordered(found) == [("add", "eu", "m1"), ("delete", "eu", "h2")]


async def test_of_several_lines_the_customer_says_which() -> None:
    found = talk(products=[MINE, HERS])

    which = await found.hears(*BOOK)
    await found.hears("action_selection_reply", "Mobile 5 GB", "nlu_fallback")
    await found.hears("action_selection_reply", "1", "nlu_fallback")
    await found.hears("action_account_reply", "yes", "affirm")
    roaming = await found.hears(*ON)
    await found.hears("action_selection_reply", "2", "nlu_fallback")
    await found.hears("action_account_reply", "yes", "affirm")

    assert (which, roaming) == (["utter_addon_which_plan"], ["utter_roaming_which_plan"])
    assert ordered(found) == [("add", "pack", "m2"), ("add", "eu", "m2")]


@pytest.mark.parametrize(
    ("products", "known"),
    [([], {}), ([MINE, Product("m2", MINE.plan)], {}), ([MINE], {"segment": "corporate"})],
)
async def test_what_cannot_be_done_here_goes_to_a_person(products: list[Product], known: dict[str, Any]) -> None:
    found = talk(products=products, **known)

    assert await found.hears(*BOOK) == ["utter_addon_person"]
    assert await found.hears(*ON) == ["utter_roaming_person"]


async def test_an_addon_that_is_gone_meanwhile_is_not_ordered() -> None:
    found = talk()
    await found.hears(*BOOK)
    found.operator.ledger.shelf.offers = [EU, WORLD]

    before = await found.hears("action_selection_reply", "1", "nlu_fallback")
    await found.hears("action_selection_reply", "1", "nlu_fallback")
    found.operator.ledger.shelf.offers = [EU]
    after = await found.hears("action_account_reply", "yes", "affirm")

    assert before == ["utter_order_gone", "utter_addon_choose"]
    assert (after, ordered(found)) == (["utter_order_gone_person"], [])


async def test_another_price_is_told_and_agreed_anew() -> None:
    found = talk()
    await found.hears(*BOOK)
    await found.hears("action_selection_reply", "1", "nlu_fallback")
    found.operator.ledger.shelf.offers = [AddOn("pack", "Data pack 5 GB", pounds("6.00"), False, False, FITS)]

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said == ["utter_order_other_terms", "utter_addon_confirm"]
    assert told(found, "utter_addon_confirm")["price"] == "£6.00 once"


@pytest.mark.parametrize("begin", [BOOK, ON])
async def test_systems_that_are_away_claim_nothing(begin: tuple[str, str, str]) -> None:
    found = talk()
    await found.hears(*begin)
    if begin == BOOK:
        await found.hears("action_selection_reply", "1", "nlu_fallback")
    found.operator.ledger.away = True
    away = await found.hears("action_account_reply", "yes", "affirm")
    found.operator.ledger.away = False
    await found.hears(*begin)
    if begin == BOOK:
        await found.hears("action_selection_reply", "1", "nlu_fallback")
    found.operator.ledger.counter.is_lost = True
    lost = await found.hears("action_account_reply", "yes", "affirm")

    assert away == ["utter_order_away"]
    assert lost[0] == "utter_order_unsure"
    assert found.handover is not None


# The same against the demo operator itself.


def customer(systems: httpx.AsyncClient, customer_id: str, medium: str = "screen") -> Talk:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC), medium=medium)
    found.slots["customer"] = {"customer_id": customer_id, "level": "strong"}
    return found


@pytest.mark.parametrize("medium", ["screen", "ear"])
async def test_a_pack_is_booked_told_and_removed(systems: httpx.AsyncClient, medium: str) -> None:
    found = customer(systems, MAYA, medium)

    await found.hears(*BOOK)
    await found.hears("action_selection_reply", "world roaming", "nlu_fallback")
    done = await found.hears("action_account_reply", "1", "affirm")
    state = await found.hears("action_addon_state", "what add-ons do i have", "addon_state")
    lines = told(found, "utter_addons")["lines"]
    await found.hears(*REMOVE)
    await found.hears("action_selection_reply", "the world pack", "nlu_fallback")
    removed = await found.hears("action_account_reply", "1", "affirm")
    after = await found.hears("action_addon_state", "what add-ons do i have", "addon_state")

    assert (done[0], removed[0]) == ("utter_addon_booked", "utter_addon_removed")
    assert state[:2] == ["utter_addons", "utter_addon_switch_on"]
    assert "World roaming pack on Mobile 20 GB" in lines
    assert after[:2] == ["utter_addons_none", "utter_addon_switch_on"]


async def test_roaming_is_switched_at_the_operator(systems: httpx.AsyncClient) -> None:
    found = customer(systems, OLIVER)

    await found.hears(*ON)
    on = await found.hears("action_account_reply", "yes", "affirm")
    state = await found.hears("action_addon_state", "is roaming on", "addon_state")
    await found.hears(*OFF)
    off = await found.hears("action_account_reply", "yes", "affirm")

    assert (on[0], off[0]) == ("utter_addon_switched_on", "utter_addon_switched_off")
    assert "utter_addon_switch_on" in state


async def test_who_has_two_mobiles_says_which_and_who_has_not_paid_hears_so(systems: httpx.AsyncClient) -> None:
    two, barred = customer(systems, FATIMA), customer(systems, SEAN)

    assert await two.hears(*ON) == ["utter_roaming_which_plan"]
    assert await barred.hears(*ON) == ["utter_order_refused_unpaid"]


@pytest.mark.parametrize("system", ["products", "offers"])
@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_in_trouble_offers_nothing(systems: httpx.AsyncClient, system: str, mode: str) -> None:
    await systems.post("/demo/faults", json={"system": system, "mode": mode})

    for asked in (BOOK, REMOVE, ON, OFF):
        assert (await customer(systems, MAYA).hears(*asked))[0] == "utter_account_unavailable"
