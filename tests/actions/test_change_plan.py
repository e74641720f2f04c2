"""actions.change_plan and actions.selection: nothing is ordered without a yes to the terms that hold then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from subscriber.client import Impossible, Plan, Product, Standing, SubscriberClient
from tests.actions.ledger import Ledger, plan, pounds
from tests.actions.world import JO, Operator, Talk

MINE = Product("m1", plan("Mobile 50 GB", "19.00", 50))
TV = Product("t1", Plan("tv-plus", "TV Plus", "tv", pounds("22.00"), {}))
FIBRE = Product("b1", Plan("fibre-80", "Fibre 80", "broadband", pounds("29.00"), {}))
OFFERS = [plan("Mobile 5 GB", "9.00", 5), plan("Mobile 20 GB", "14.00", 20), plan("Mobile 50 GB", "19.00", 50)]
UNLIMITED = Plan("u", "Mobile Unlimited", "mobile", pounds("27.00"), {"data": None}, term_months=12)
OLIVER, SOPHIE, SEAN = "cust-1008", "cust-1029", "cust-1006"
ASKED = ("action_change_plan", "i want to change my plan", "change_plan")


def talk(*, products: list[Product] | None = None, level: str = "strong", medium: str = "screen", **known: Any) -> Talk:
    ledger = Ledger(products=[MINE] if products is None else products, offers=[UNLIMITED, *OFFERS])
    found = Talk(operator=Operator(ledger=ledger), medium=medium)
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": level, **known}
    found.identity.now = Standing(level, JO)  # type: ignore[arg-type]  # of the literals
    return found


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


def ordered(found: Talk) -> list[str]:
    return [item.name for order in found.operator.ledger.counter.placed.values() for item in order.items]


async def asked_to_confirm(found: Talk, choice: str = "2") -> None:
    await found.hears(*ASKED)
    assert await found.hears("action_selection_reply", choice, "nlu_fallback") == ["utter_change_plan_confirm"]


async def test_a_plan_is_chosen_its_terms_are_told_and_a_yes_orders_it() -> None:
    found = talk()

    offered = await found.hears(*ASKED)
    choices = found.choices
    terms = await found.hears("action_selection_reply", choices[1], "nlu_fallback")
    message, before = told(found, "utter_change_plan_confirm"), ordered(found)
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert offered == ["utter_change_plan_now", "utter_change_plan_choose"]
    assert choices == [
        "Mobile 5 GB: £9.00 a month",
        "Mobile 20 GB: £14.00 a month",
        "Mobile Unlimited: £27.00 a month",
        "None of these",
    ]
    assert (terms, before) == (["utter_change_plan_confirm"], [])
    assert (message["price"], message["difference"], message["begins"]) == (
        "£14.00",
        "£5.00 less than now",
        "19 December",
    )
    assert (message["term"], "14 days" in message["right"]) == ("no minimum term", True)
    assert said == ["utter_change_plan_done", "utter_anything_else"]
    assert told(found, "utter_change_plan_done")["reference"] == "PO-1"
    assert ordered(found) == ["Mobile 20 GB"]


async def test_a_dearer_plan_with_a_minimum_term_says_so() -> None:
    found = talk()

    await asked_to_confirm(found, "the unlimited one")

    message = told(found, "utter_change_plan_confirm")
    assert (message["difference"], message["term"]) == ("£8.00 more than now", "a minimum term of 12 months")


@pytest.mark.parametrize("said", ["2", "the 20 gig one please", "mobile 20 gb", "Mobile 20 GB, £14.00 a month"])
async def test_a_plan_is_chosen_by_key_or_by_what_only_it_is_called(said: str) -> None:
    found = talk(medium="ear")

    await asked_to_confirm(found, said)

    assert told(found, "utter_change_plan_confirm")["plan"] == "Mobile 20 GB"


async def test_words_that_fit_no_plan_or_several_choose_none() -> None:
    found = talk()
    await found.hears(*ASKED)

    said = [await found.hears("action_selection_reply", "a mobile one", "nlu_fallback") for _ in range(3)]

    assert said == [["utter_not_understood", "utter_change_plan_choose"]] * 2 + [["utter_offer_person"]]


async def test_who_proved_less_gives_a_code_before_it_is_ordered() -> None:
    found = talk(level="verified")
    await asked_to_confirm(found)

    code = await found.hears("action_account_reply", "yes", "affirm")
    before = ordered(found)
    said = await found.gives("strong")

    assert (code, before) == (["utter_code_sent"], [])
    assert said == ["utter_verified", "utter_change_plan_done", "utter_anything_else"]
    assert ordered(found) == ["Mobile 20 GB"]


async def test_no_orders_nothing_and_another_plan_shows_them_again() -> None:
    found = talk()
    await asked_to_confirm(found)

    again = await found.hears("action_account_reply", "Another plan", "nlu_fallback")
    await found.hears("action_selection_reply", "1", "nlu_fallback")
    no = await found.hears("action_account_reply", "no", "deny")

    assert again == ["utter_change_plan_now", "utter_change_plan_choose"]
    assert no == ["utter_nothing_changed", "utter_anything_else"]
    assert ordered(found) == []


async def test_terms_that_changed_meanwhile_are_told_and_agreed_anew() -> None:
    found = talk(level="verified")
    await asked_to_confirm(found)
    await found.hears("action_account_reply", "yes", "affirm")
    found.operator.ledger.counter.begins_at += timedelta(days=31)

    said = await found.gives("strong")
    another = await found.hears("action_account_reply", "Another plan", "nlu_fallback")
    await found.hears("action_selection_reply", "2", "nlu_fallback")
    yes = await found.hears("action_account_reply", "yes", "affirm")

    assert said == ["utter_verified", "utter_order_other_terms", "utter_change_plan_confirm"]
    assert another == ["utter_change_plan_now", "utter_change_plan_choose"]
    assert yes[0] == "utter_change_plan_done"
    assert ordered(found) == ["Mobile 20 GB"]


async def test_a_second_change_is_refused_while_one_is_under_way_and_the_plan_tells_it() -> None:
    found = talk()
    await asked_to_confirm(found)
    await found.hears("action_account_reply", "yes", "affirm")

    second = await found.hears(*ASKED)
    refusal = told(found, "utter_change_plan_one_at_a_time")
    now = await found.hears("action_plan_now", "what plan am i on", "plan_now")

    assert second == ["utter_change_plan_one_at_a_time", "utter_anything_else"]
    assert (refusal["name"], refusal["reference"], refusal["when"]) == ("Mobile 20 GB", "PO-1", " from 19 December")
    assert now == ["utter_plans", "utter_change_plan_under_way", "utter_anything_else"]


@pytest.mark.parametrize("why", ["under_way", "minimum_term", "unpaid", "other"])
async def test_what_the_operator_does_not_allow_is_said_and_a_person_offered(why: Impossible) -> None:
    found = talk()
    await found.hears(*ASKED)
    found.operator.ledger.counter.refused = why

    said = await found.hears("action_selection_reply", "2", "nlu_fallback")
    person = await found.hears("action_choose", "Talk to a person", "affirm")

    assert said == [f"utter_order_refused_{why}"]
    assert person[0] == "utter_hand_over_begins"
    assert found.handover is not None
    assert found.handover["signals"]["category"] == "plans-offers"
    assert found.handover["signals"]["problem"] == ASKED[1]


async def test_a_refusal_at_the_last_moment_orders_nothing() -> None:
    found = talk()
    await asked_to_confirm(found)
    found.operator.ledger.counter.refused = "unpaid"

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert (said, ordered(found)) == (["utter_order_refused_unpaid"], [])


async def test_a_plan_that_is_no_longer_on_offer_is_not_ordered() -> None:
    found = talk()
    await asked_to_confirm(found)
    found.operator.ledger.offers = [OFFERS[0]]

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert (said, ordered(found)) == (["utter_order_gone_person"], [])


async def test_a_system_that_is_away_before_the_order_changed_nothing_and_a_person_is_offered() -> None:
    found = talk()
    await asked_to_confirm(found)
    found.operator.ledger.away = True

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said == ["utter_order_away"]
    assert found.choices == ["Talk to a person", "No, thank you"]


async def test_when_nobody_knows_whether_it_is_ordered_nothing_is_claimed() -> None:
    found = talk()
    await asked_to_confirm(found)
    found.operator.ledger.counter.is_lost = True

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said[0] == "utter_order_unsure"
    assert "utter_change_plan_done" not in said
    assert found.handover is not None


async def test_of_several_plans_the_customer_says_which() -> None:
    found = talk(products=[FIBRE, MINE, TV])

    which = await found.hears(*ASKED)
    choices = found.choices
    plans = await found.hears("action_selection_reply", "Mobile 50 GB", "nlu_fallback")

    assert (which, choices) == (["utter_change_plan_which"], ["Mobile 50 GB", "TV Plus", "None of these"])
    assert plans == ["utter_change_plan_now", "utter_change_plan_choose"]


async def test_the_plan_that_was_named_is_not_asked_for() -> None:
    found = talk(products=[FIBRE, MINE, TV])

    said = await found.hears("action_change_plan", "change my phone plan", "change_plan")

    assert said == ["utter_change_plan_now", "utter_change_plan_choose"]


@pytest.mark.parametrize(
    ("products", "known", "words"),
    [
        ([FIBRE, MINE], {}, "change my broadband plan"),
        ([], {}, "change my plan"),
        ([MINE], {"segment": "corporate"}, "change my plan"),
        ([MINE, Product("m2", MINE.plan)], {}, "change my plan"),
        ([TV], {}, "change my plan"),
    ],
)
async def test_what_cannot_be_changed_here_goes_to_a_person(
    products: list[Product], known: dict[str, str], words: str
) -> None:
    found = talk(products=products, **known)

    assert await found.hears("action_change_plan", words, "change_plan") == ["utter_change_plan_person"]


async def test_without_the_ordering_system_the_plan_is_told_all_the_same(systems: httpx.AsyncClient) -> None:
    found = customer(systems, OLIVER)
    await systems.post("/demo/faults", json={"system": "orders", "mode": "error"})

    said = await found.hears("action_plan_now", "what plan am i on", "plan_now")

    assert said == ["utter_plans", "utter_anything_else"]


# The same against the demo operator itself.


def customer(systems: httpx.AsyncClient, customer_id: str, medium: str = "screen") -> Talk:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC), medium=medium)
    found.slots["customer"] = {"customer_id": customer_id, "level": "strong"}
    return found


@pytest.mark.parametrize("medium", ["screen", "ear"])
async def test_from_the_plan_that_fits_to_the_change_that_is_under_way(systems: httpx.AsyncClient, medium: str) -> None:
    found = customer(systems, OLIVER, medium)

    fits = await found.hears("action_plan_fit", "which plan fits me", "plan_fit")
    terms = await found.hears("action_account_reply", "yes", "affirm")
    difference = told(found, "utter_change_plan_confirm")["difference"]
    done = await found.hears("action_account_reply", "1", "affirm")
    reference = told(found, "utter_change_plan_done")["reference"]
    found.now = datetime.now(UTC)
    order = await found.hears("action_order_status", "where is my order", "order_status")
    again = await found.hears("action_change_plan", "change my mobile plan", "change_plan")

    assert fits == ["utter_plan_needs", "utter_plan_cheaper", "utter_change_plan_offer"]
    assert (terms, difference) == (["utter_change_plan_confirm"], "£13.00 less than now")
    assert done[0] == "utter_change_plan_done"
    assert reference == ("P O, 1 0 0 0, 0 1" if medium == "ear" else "PO-100001")
    assert order[0] == "utter_order_received"
    assert again[0] == "utter_change_plan_one_at_a_time"


async def test_the_operators_own_refusals_are_told(systems: httpx.AsyncClient) -> None:
    bound, barred = customer(systems, SOPHIE), customer(systems, SEAN)
    await bound.hears("action_change_plan", "change my tv plan", "change_plan")
    await barred.hears("action_change_plan", "change my mobile plan", "change_plan")

    assert await bound.hears("action_selection_reply", "TV Basic", "nlu_fallback") == [
        "utter_order_refused_minimum_term"
    ]
    assert await barred.hears("action_selection_reply", "1", "nlu_fallback") == ["utter_order_refused_unpaid"]


@pytest.mark.parametrize(
    ("system", "mode"),
    [(system, mode) for system in ("products", "offers") for mode in ("error", "garbage", "missing")]
    + [("orders", "error"), ("orders", "garbage")],
)
async def test_a_system_in_trouble_offers_nothing(systems: httpx.AsyncClient, system: str, mode: str) -> None:
    found = customer(systems, OLIVER)
    await systems.post("/demo/faults", json={"system": system, "mode": mode})

    said = await found.hears("action_change_plan", "change my mobile plan", "change_plan")

    assert said[0] == "utter_account_unavailable"
    assert "£" not in str(found.said)


async def test_a_slow_ordering_system_is_not_waited_for_long(systems: httpx.AsyncClient) -> None:
    found = customer(systems, OLIVER)
    await found.hears("action_change_plan", "change my mobile plan", "change_plan")
    await found.hears("action_selection_reply", "1", "nlu_fallback")
    await systems.post("/demo/faults", json={"system": "orders", "mode": "slow", "seconds": 30})

    said = await found.hears("action_account_reply", "yes", "affirm")

    assert said[0] == "utter_order_unsure"
