"""actions.move: where to and when, told what can be had there before a yes, and ordered once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from subscriber.client import Address, MovedPlan, MoveTerms, NotMoved, Plan, Product, SubscriberClient
from tests.actions.ledger import Ledger, plan, pounds
from tests.actions.world import JO, NOW, Operator, Talk

FIBRE = Product("prod-1", Plan("fibre-150", "Fibre 150", "broadband", pounds("34.00"), {}))
TV = Product("prod-2", Plan("tv-plus", "TV Plus", "tv", pounds("22.00"), {}))
MOBILE = Product("prod-3", plan("Mobile 20 GB", "14.00", 20))
MILL_12 = Address("a-12", "12 Mill Lane, Millbrook", "LF3 4MA")
MILL_14 = Address("a-14", "14 Mill Lane, Millbrook", "LF3 4MA")
BARN = Address("a-barn", "The Barn, Hartwell", "LF4 9HW")
MANY = [Address(f"a-{number}", f"{number} Long Road, Hartwell", "LF4 1AA") for number in range(1, 21)]
WANTED = ("action_move_house", "I'm moving house", "move_house")
YES, NO = ("action_account_reply", "yes", "affirm"), ("action_account_reply", "no", "deny")
NOT_THERE = NotMoved("not_there", ("prod-1",))


def talk(*products: Product, medium: str = "screen", level: str = "strong", **known: Any) -> Talk:
    found = Talk(operator=Operator(ledger=Ledger(products=list(products or (FIBRE, TV, MOBILE)))), medium=medium)
    found.operator.ledger.map.houses = [MILL_12, MILL_14, BARN, *MANY]
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": level, **known}
    return found


async def says(found: Talk, text: str, intent: str = "nlu_fallback") -> list[str]:
    """To a question of the move."""
    return await found.hears("action_move_reply", text, intent)


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


async def at_the_terms(found: Talk, *, day: str = "12 December") -> list[str]:
    await found.hears(*WANTED)
    await says(found, "12 Mill Lane, LF3 4MA")
    return await says(found, day)


async def test_it_is_ordered_once_after_a_yes_to_the_terms() -> None:
    found = talk()

    where = await found.hears(*WANTED)
    taken = told(found, "utter_move_where")["name"]
    when = await says(found, "12 Mill Lane, LF3 4MA")
    days = found.choices
    terms = await says(found, "12 December")
    lines, last = told(found, "utter_move_terms")["lines"], told(found, "utter_move_confirm")["last"]
    before = dict(found.operator.ledger.movers.placed)
    done = await found.hears(*YES)

    assert (where, taken) == (["utter_move_where"], "Fibre 150, TV Plus")
    assert (when, days) == (["utter_move_when"], ["30 November", "7 December", "14 December"])
    assert terms == ["utter_move_terms", "utter_move_confirm"]
    assert "Fibre 150 comes along, £34.00 a month" in lines
    assert ("Mobile" in lines, last, before) == (False, "12 December", {})
    assert done == ["utter_move_done", "utter_move_takes_along", "utter_anything_else"]
    ((address, agreed),) = found.operator.ledger.movers.placed.values()
    assert (address, agreed.begins.date()) == ("a-12", date(2026, 12, 12))


async def test_a_no_orders_nothing() -> None:
    found = talk()
    await at_the_terms(found)

    assert (await found.hears(*NO))[0] == "utter_nothing_changed"
    assert found.operator.ledger.movers.placed == {}


async def test_who_is_only_verified_hears_the_terms_and_proves_more_before_it_is_ordered() -> None:
    found = talk(level="verified")

    terms = await at_the_terms(found)
    await found.hears(*YES)

    assert terms == ["utter_move_terms", "utter_move_confirm"]
    assert found.operator.ledger.movers.placed == {}


@pytest.mark.parametrize(
    ("words", "address"),
    [("lf34ma", None), ("number 14, lf3 4ma", "a-14"), ("L F 3 4 M A", None), ("the barn please, LF4 9HW", "a-barn")],
)
async def test_the_house_is_the_one_that_was_named(words: str, address: str | None) -> None:
    found = talk()
    await found.hears(*WANTED)

    said = await says(found, words)

    assert said == (["utter_move_when"] if address else ["utter_move_which"])
    assert ((found.slots["moving"]["house"] or {}).get("address_id")) == address


@pytest.mark.parametrize(
    ("medium", "words", "address"),
    [
        ("screen", "14", "a-14"),
        ("screen", "2", "a-14"),
        ("ear", "2", "a-14"),
        ("screen", "the one with 12", "a-12"),
        ("ear", "number twelve please", "a-12"),
    ],
)
async def test_of_several_houses_one_is_chosen(medium: str, words: str, address: str) -> None:
    found = talk(medium=medium)
    await found.hears(*WANTED)
    await says(found, "LF3 4MA")

    assert await says(found, words) == ["utter_move_when"]
    assert found.slots["moving"]["house"]["address_id"] == address


async def test_of_many_houses_the_number_is_asked_for() -> None:
    found = talk()
    await found.hears(*WANTED)

    asked = await says(found, "LF4 1AA")
    await says(found, "3")

    assert asked == ["utter_move_number"]
    assert found.slots["moving"]["house"]["address_id"] == "a-3"


async def test_an_address_nobody_knows_is_asked_for_again_and_then_is_for_a_person() -> None:
    found = talk()
    await found.hears(*WANTED)

    first = await says(found, "LF9 9ZZ")
    second = await says(found, "somewhere nice")
    third = await says(found, "LF9 9ZZ")

    assert first == ["utter_move_unknown", "utter_move_postcode"]
    assert second == ["utter_not_understood", "utter_move_postcode"]
    assert third == ["utter_offer_person"]
    assert found.slots["question"]["category"] == "move"
    assert "New address: LF9 9ZZ" in found.slots["question"]["problem"]


async def test_none_of_these_houses_asks_for_another_postcode() -> None:
    found = talk()
    await found.hears(*WANTED)
    await says(found, "LF3 4MA")

    assert await says(found, "None of these", "none_of_these") == ["utter_move_unknown", "utter_move_postcode"]


@pytest.mark.parametrize(("day", "why"), [("tomorrow", "utter_move_too_soon"), ("1 June 2027", "utter_move_too_far")])
async def test_a_day_that_cannot_be_is_asked_for_again(day: str, why: str) -> None:
    found = talk()

    assert await at_the_terms(found, day=day) == [why, "utter_move_when"]
    assert found.operator.ledger.movers.placed == {}


async def test_as_soon_as_possible_is_the_operators_earliest_day() -> None:
    found = talk()
    await at_the_terms(found, day="as soon as possible")

    assert told(found, "utter_move_terms")["day"] == "30 November"


async def test_a_later_day_of_the_operators_is_told_as_one() -> None:
    found = talk()
    await found.hears(*WANTED)
    await says(found, "12 Mill Lane, LF3 4MA")
    found.operator.ledger.movers.earliest = datetime(2026, 12, 14, tzinfo=UTC)

    said = await says(found, "12 December")

    assert said == ["utter_move_other_day", "utter_move_terms", "utter_move_confirm"]
    assert told(found, "utter_move_other_day")["wished"] == "12 December"
    assert told(found, "utter_move_terms")["day"] == "14 December"


@pytest.mark.parametrize("earliest", [NOW - timedelta(days=3), NOW - timedelta(days=300)])
async def test_days_that_are_over_are_not_told(earliest: datetime) -> None:
    found = talk()
    found.operator.ledger.movers.earliest = earliest
    await found.hears(*WANTED)

    assert (await says(found, "LF4 9HW"))[0] == "utter_account_unavailable"


async def test_a_day_sooner_than_was_wished_is_not_believed() -> None:
    found = talk()
    await found.hears(*WANTED)
    await says(found, "12 Mill Lane, LF3 4MA")
    found.operator.ledger.movers.hurries = True

    assert (await says(found, "12 December"))[0] == "utter_account_unavailable"


SLOWER = MoveTerms(
    (
        MovedPlan(
            "prod-1", "fibre-80", "Fibre 80", stays=False, monthly=pounds("29.00"), down_mbps=None, term_months=12
        ),
        MovedPlan("prod-2", "tv-plus", "TV Plus", stays=True, monthly=pounds("22.00"), down_mbps=None, term_months=0),
    ),
    datetime(2026, 12, 12, tzinfo=UTC),
    datetime(2026, 12, 12, tzinfo=UTC),
    pounds("39.00"),
    needs_technician=True,
)


async def test_another_plan_a_technician_and_the_cost_are_told_before_the_yes() -> None:
    found = talk()
    found.operator.ledger.movers.terms = SLOWER

    said = await at_the_terms(found)
    lines, cost = told(found, "utter_move_terms")["lines"], told(found, "utter_move_confirm")["cost"]
    done = await found.hears(*YES)

    assert said == ["utter_move_terms", "utter_move_visit", "utter_move_confirm"]
    assert "Fibre 80 instead of Fibre 150" in lines
    assert "£29.00 a month, with a new minimum term of 12 months" in lines
    assert "£39.00" in cost
    assert "utter_move_visit_follows" in done


async def test_terms_that_changed_are_told_again_before_anything_is_ordered() -> None:
    found = talk()
    await at_the_terms(found)
    found.operator.ledger.movers.terms = SLOWER

    again = await found.hears(*YES)
    before = dict(found.operator.ledger.movers.placed)
    await found.hears(*YES)

    assert again[:2] == ["utter_order_other_terms", "utter_move_terms"]
    assert before == {}
    assert len(found.operator.ledger.movers.placed) == 1


async def test_where_it_cannot_be_had_a_person_gets_address_and_day() -> None:
    found = talk()
    found.operator.ledger.movers.refused = NOT_THERE
    await found.hears(*WANTED)

    none = await says(found, "LF4 9HW")
    name = told(found, "utter_move_none_when")["name"]
    instead = await says(found, "the 12th of January")
    choices = found.choices
    await says(found, "Talk to a person", "affirm")

    assert (none, name, instead) == (["utter_move_none_when"], "Fibre 150", ["utter_move_instead"])
    assert choices == ["Talk to a person", "End my contract", "Neither, leave it"]
    signals = found.slots["handover"]["signals"]
    assert signals["category"] == "move"
    assert "The Barn, Hartwell, LF4 9HW" in signals["problem"]
    assert "12 January 2027" in signals["problem"]
    assert found.operator.ledger.movers.placed == {}


async def test_where_it_cannot_be_had_a_person_asked_for_in_other_words_gets_the_same() -> None:
    found = talk()
    found.operator.ledger.movers.refused = NOT_THERE
    await found.hears(*WANTED)
    await says(found, "LF4 9HW")
    await says(found, "the 12th of January")

    await found.hears("action_person", "let me talk to someone", "person")

    signals = found.slots["handover"]["signals"]
    assert (signals["category"], "The Barn" in signals["problem"]) == ("move", True)


async def test_where_it_cannot_be_had_the_contract_may_end_instead() -> None:
    found = talk(FIBRE)
    found.operator.ledger.movers.refused = NOT_THERE
    await found.hears(*WANTED)
    await says(found, "LF4 9HW")
    await says(found, "I don't know yet", "dont_know")

    assert await says(found, "End my contract") == ["utter_cancel_why"]


async def test_where_it_cannot_be_had_a_no_leaves_everything() -> None:
    found = talk()
    found.operator.ledger.movers.refused = NOT_THERE
    await found.hears(*WANTED)
    await says(found, "LF4 9HW")
    await says(found, "I don't know yet", "dont_know")

    assert (await says(found, "Neither, leave it", "deny"))[0] == "utter_nothing_changed"


@pytest.mark.parametrize("why", ["under_way", "unpaid", "other"])
async def test_another_refusal_is_told_and_a_person_offered(why: Any) -> None:
    found = talk()
    found.operator.ledger.movers.refused = NotMoved(why, ("prod-1",))
    await found.hears(*WANTED)

    assert await says(found, "LF4 9HW") == [f"utter_order_refused_{why}"]
    assert "The Barn" in found.slots["question"]["problem"]


@pytest.mark.parametrize(
    ("products", "known"),
    [
        ((FIBRE,), {"segment": "corporate"}),
        ((FIBRE,), {"vulnerable": True}),
        ((FIBRE, replace(FIBRE, product_id="x")), {}),
    ],
    ids=["a company", "who depends on the line", "two lines"],
)
async def test_what_takes_more_than_an_order_is_for_a_person(
    products: tuple[Product, ...], known: dict[str, Any]
) -> None:
    assert await talk(*products, **known).hears(*WANTED) == ["utter_move_person"]


async def test_a_mobile_needs_nothing() -> None:
    assert (await talk(MOBILE).hears(*WANTED))[0] == "utter_move_mobile"


async def test_a_move_that_is_ordered_is_told_instead_of_another_one() -> None:
    found = talk()
    await at_the_terms(found)
    await found.hears(*YES)

    assert (await found.hears(*WANTED))[0] == "utter_move_under_way"
    assert len(found.operator.ledger.movers.placed) == 1


async def test_an_order_nobody_heard_of_is_for_a_colleague_to_look_at() -> None:
    found = talk()
    found.operator.ledger.movers.is_lost = True
    await at_the_terms(found)

    assert (await found.hears(*YES))[0] == "utter_order_unsure"
    assert "12 December" in found.slots["handover"]["signals"]["problem"]


async def test_an_order_that_is_refused_after_all_is_said() -> None:
    found = talk()
    found.operator.ledger.movers.refuses_order = True
    await at_the_terms(found)

    assert await found.hears(*YES) == ["utter_order_refused_other"]


async def test_a_system_that_goes_away_before_the_order_changed_nothing() -> None:
    found = talk()
    await at_the_terms(found)
    found.operator.ledger.away = True

    assert await found.hears(*YES) == ["utter_order_away"]


async def test_another_question_in_the_middle_is_answered() -> None:
    found = talk()
    await found.hears(*WANTED)

    await says(found, "why is my television screen all black", "support_question")

    assert found.slots["moving"] is None
    assert found.knowledge.asked[-1][0] == "why is my television screen all black"


async def test_an_address_without_a_postcode_is_no_other_question() -> None:
    found = talk()
    await found.hears(*WANTED)

    said = await says(found, "14 Mill Lane in Millbrook", "support_question")

    assert said == ["utter_not_understood", "utter_move_postcode"]


async def test_enough_of_it_changes_nothing() -> None:
    found = talk()
    await found.hears(*WANTED)

    assert (await says(found, "go back", "go_back"))[0] == "utter_nothing_changed"


# The same against the demo operator itself.


def at(systems: httpx.AsyncClient, customer_id: str, *, medium: str = "screen") -> Talk:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC), medium=medium)
    found.contact = uuid4()
    found.slots |= {"contact_id": str(found.contact), "customer": {"customer_id": customer_id, "level": "strong"}}
    return found


async def test_the_operator_moves_it_and_tells_the_order_afterwards(systems: httpx.AsyncClient) -> None:
    found, door = at(systems, "cust-1001"), SubscriberClient(systems)
    await found.hears(*WANTED)
    await says(found, "14 Mill Lane, LF3 4MA")
    await says(found, "in four weeks")
    done = await found.hears(*YES)
    again = await at(systems, "cust-1001").hears(*WANTED)

    (placed,) = await door.moving.of_customer("cust-1001")
    names = [item.name for item in placed.items]
    assert (done[0], again[0]) == ("utter_move_done", "utter_move_under_way")
    assert names == ["Fibre 150", "TV Plus"]
    assert placed.order_id in [one.order_id for one in await door.orders.of_customer("cust-1001")]
    assert placed.order_id not in [one.order_id for one in await door.ordering.of_customer("cust-1001")]


async def test_a_slower_line_with_a_technician_is_told_as_it_is(systems: httpx.AsyncClient) -> None:
    found = at(systems, "cust-1007")
    await found.hears(*WANTED)
    await says(found, "number 27, LF5 6ST")

    said = await says(found, "as soon as possible")
    lines = told(found, "utter_move_terms")["lines"]
    done = await found.hears(*YES)

    assert said == ["utter_move_terms", "utter_move_visit", "utter_move_confirm"]
    assert "Fibre 80 instead of Fibre 150" in lines
    assert "up to 80 Mbit/s" in lines
    assert done[0] == "utter_move_done"


async def test_a_house_without_a_network_and_a_bill_that_is_not_paid(systems: httpx.AsyncClient) -> None:
    nothing_there, barred = at(systems, "cust-1008"), at(systems, "cust-1006")
    for found in (nothing_there, barred):
        await found.hears(*WANTED)

    assert await says(nothing_there, "LF4 9HW") == ["utter_move_none_when"]
    assert await says(barred, "LF1 9AB") == ["utter_order_refused_unpaid"]


@pytest.mark.parametrize("mode", ["error", "garbage", "types", "missing", "negative"])
async def test_a_system_in_trouble_tells_no_terms(systems: httpx.AsyncClient, mode: str) -> None:
    found = at(systems, "cust-1001")
    await found.hears(*WANTED)
    await systems.post("/demo/faults", json={"system": "qualifications", "mode": mode})

    assert (await says(found, "LF1 9AB"))[0] == "utter_account_unavailable"


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_addresses_in_trouble_are_said(systems: httpx.AsyncClient, mode: str) -> None:
    found = at(systems, "cust-1001")
    await found.hears(*WANTED)
    await systems.post("/demo/faults", json={"system": "addresses", "mode": mode})

    assert (await says(found, "LF1 9AB"))[0] == "utter_account_unavailable"


@pytest.mark.parametrize("mode", ["missing", "slow"])
async def test_an_order_without_a_clear_answer_is_for_a_colleague(systems: httpx.AsyncClient, mode: str) -> None:
    found = at(systems, "cust-1001")
    await found.hears(*WANTED)
    await says(found, "LF1 9AB")
    await says(found, "as soon as possible")
    await systems.post("/demo/faults", json={"system": "orders", "mode": mode})

    assert (await found.hears(*YES))[0] == "utter_order_unsure"
