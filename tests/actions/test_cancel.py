"""actions.cancel: the wish is heard, one thing is offered at most, and a yes ends it on the operator's day."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from subscriber.client import Plan, Product, SubscriberClient
from tests.actions.ledger import Ledger, plan, pounds
from tests.actions.world import JO, Operator, Talk

MOBILE = Product("prod-1", plan("Mobile 20 GB", "14.00", 20))
SECOND = Product("prod-2", plan("Mobile 50 GB", "19.00", 50))
SMALLER = plan("Mobile 5 GB", "9.00", 5)
WANTED = ("action_cancel_service", "I want to cancel my mobile plan", "cancel_service")
YES, NO = ("yes", "affirm"), ("no", "deny")


def talk(*products: Product, medium: str = "screen", segment: str = "consumer") -> Talk:
    ledger = Ledger(products=list(products or (MOBILE,)), offers=[SMALLER, MOBILE.plan, SECOND.plan])
    found = Talk(operator=Operator(ledger=ledger), medium=medium)
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": "strong", "segment": segment}
    return found


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


def placed(found: Talk) -> list[tuple[str, str]]:
    return [(one.items[0].action, one.items[0].name) for one in found.operator.ledger.counter.placed.values()]


async def says(found: Talk, text: str, intent: str = "nlu_fallback") -> list[str]:
    """To the question why, or to what was offered instead."""
    return await found.hears("action_cancel_reply", text, intent)


async def test_just_cancel_leads_straight_to_the_terms_and_a_yes_ends_it() -> None:
    found = talk()

    asked = await found.hears(*WANTED)
    terms = await says(found, "Just cancel it", "deny")
    last, before = told(found, "utter_cancel_confirm")["last"], placed(found)
    done = await found.hears("action_account_reply", *YES)

    assert (asked, terms) == (["utter_cancel_why"], ["utter_cancel_confirm"])
    assert ("19 December" in last, before) == (True, [])
    assert (done[0], placed(found)) == ("utter_cancel_done", [("delete", "Mobile 20 GB")])


async def test_a_no_leaves_it() -> None:
    found = talk()
    await found.hears(*WANTED)
    await says(found, "Just cancel it", "deny")

    assert (await found.hears("action_account_reply", *NO))[0] == "utter_nothing_changed"
    assert placed(found) == []


async def test_who_finds_it_too_dear_is_offered_the_next_smaller_plan_once() -> None:
    found = talk(SECOND)
    await found.hears(*WANTED)

    offered = await says(found, "it is far too expensive for me")
    about = told(found, "utter_cancel_offer_plan")
    refused = await says(found, *NO)

    assert (offered, refused) == (["utter_cancel_offer_plan"], ["utter_cancel_confirm"])
    assert (about["plan"], about["price"], about["saving"]) == ("Mobile 20 GB", "£14.00", "£5.00")


async def test_who_takes_the_smaller_plan_is_told_its_terms() -> None:
    found = talk(SECOND)
    await found.hears(*WANTED)
    await says(found, "It costs too much")

    terms = await says(found, *YES)
    await found.hears("action_account_reply", *YES)

    assert terms == ["utter_change_plan_confirm"]
    assert placed(found) == [("modify", "Mobile 20 GB")]


async def test_without_a_smaller_plan_nothing_is_offered() -> None:
    found = talk(Product("prod-3", SMALLER))
    await found.hears(*WANTED)

    assert await says(found, "It costs too much") == ["utter_cancel_confirm"]


@pytest.mark.parametrize(
    ("reason", "response"),
    [
        ("I'm moving abroad in March", "utter_cancel_offer_moving"),
        ("the signal is rubbish here", "utter_cancel_offer_quality"),
    ],
)
async def test_who_moves_or_is_badly_served_is_offered_a_person(reason: str, response: str) -> None:
    found = talk()
    await found.hears(*WANTED)

    offered = await says(found, reason)
    await says(found, *YES)

    assert offered == [response]
    problem = found.slots["handover"]["signals"]["problem"]
    assert reason in problem
    assert "cancel my mobile plan" in problem


async def test_who_moves_with_a_line_at_home_is_offered_the_move() -> None:
    fibre = Product("prod-8", Plan("fibre-80", "Fibre 80", "broadband", pounds("29.00"), {}))
    found = talk(fibre)
    await found.hears("action_cancel_service", "cancel my broadband", "cancel_service")

    offered = await says(found, "I'm moving in March")
    moves = await says(found, *YES)

    assert (offered, moves) == (["utter_cancel_offer_move"], ["utter_move_where"])


async def test_another_reason_is_heard_and_held_against_nobody() -> None:
    found = talk()
    await found.hears(*WANTED)

    assert await says(found, "I won the lottery") == ["utter_cancel_confirm"]


async def test_why_it_is_asked_is_told_and_whoever_thinks_again_keeps_it() -> None:
    found = talk()
    await found.hears(*WANTED)

    why = await says(found, "why do you ask", "why")
    stays = await says(found, "forget it, go back", "go_back")

    assert why == ["utter_cancel_why_asked", "utter_cancel_why"]
    assert (stays[0], placed(found)) == ("utter_nothing_changed", [])


async def test_of_several_contracts_one_is_chosen() -> None:
    found = talk(MOBILE, SECOND)

    asked = await found.hears(*WANTED)
    chosen = await found.hears("action_selection_reply", "the 50 one", "nlu_fallback")
    await says(found, "Just cancel it", "deny")
    await found.hears("action_account_reply", *YES)

    assert (asked, chosen) == (["utter_cancel_which"], ["utter_cancel_why"])
    assert placed(found) == [("delete", "Mobile 50 GB")]


async def test_one_that_ends_already_is_told() -> None:
    found = talk()
    for line in (("Just cancel it", "deny"),):
        await found.hears(*WANTED)
        await says(found, *line)
    await found.hears("action_account_reply", *YES)

    assert (await found.hears(*WANTED))[0] == "utter_cancel_under_way"
    assert len(placed(found)) == 1


async def test_what_cannot_be_ended_here_is_passed_on() -> None:
    company, alike = talk(segment="corporate"), talk(MOBILE, Product("prod-9", MOBILE.plan))

    assert await company.hears(*WANTED) == ["utter_cancel_person"]
    assert await alike.hears(*WANTED) == ["utter_cancel_person"]


async def test_an_order_nobody_heard_of_is_for_a_colleague_to_look_at() -> None:
    found = talk()
    found.operator.ledger.counter.is_lost = True
    await found.hears(*WANTED)
    await says(found, "Just cancel it", "deny")

    said = await found.hears("action_account_reply", *YES)

    assert said[0] == "utter_order_unsure"


# The same against the demo operator itself.


async def leaves(found: Talk, words: str) -> list[str]:
    await found.hears("action_cancel_service", words, "cancel_service")
    await says(found, "Just cancel it", "deny")
    return await found.hears("action_account_reply", *YES)


async def test_the_operator_ends_it_after_notice_or_minimum_term(systems: httpx.AsyncClient) -> None:
    door, today = SubscriberClient(systems), datetime.now(UTC).date()
    found = Talk(door=door, now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1029", "level": "strong"}

    mobile, tv = await leaves(found, "cancel my mobile plan"), await leaves(found, "cancel my tv package")

    ends = [
        (one.expected_at.date() - today).days for one in await door.ordering.of_customer("cust-1029") if one.expected_at
    ]
    assert (mobile[0], tv[0]) == ("utter_cancel_done", "utter_cancel_done")
    assert ends == [30, 240]  # the second is bound


@pytest.mark.parametrize("system", ["products", "orders"])
async def test_a_system_in_trouble_ends_nothing(systems: httpx.AsyncClient, system: str) -> None:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1029", "level": "strong"}
    await systems.post("/demo/faults", json={"system": system, "mode": "error"})

    assert (await found.hears("action_cancel_service", "cancel my mobile plan", "cancel_service"))[0] == (
        "utter_account_unavailable"
    )
