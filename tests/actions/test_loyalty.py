"""actions.loyalty: points are told as they are, and a reward is taken once, after a yes to what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from subscriber.client import Lot, Points, Reward, SubscriberClient
from tests.actions.world import JO, NOW, Operator, Talk

HAS = Points("loyalty-1", 1240, (Lot(240, NOW + timedelta(days=30)),))
DATA, FILM, DEAR = Reward("r-1", "5 GB of data", 500), Reward("r-2", "A film", 900), Reward("r-3", "A speaker", 6000)
BALANCE = ("action_loyalty_points", "how many points do i have", "loyalty_points")
REDEEM = ("action_loyalty_redeem", "redeem my points", "loyalty_redeem")
YES = ("action_account_reply", "yes", "affirm")


def talk(has: Points | None = HAS, *, medium: str = "screen") -> Talk:
    found = Talk(operator=Operator(), medium=medium)
    scheme = found.operator.ledger.scheme
    scheme.has, scheme.offers = has, [DATA, FILM, DEAR]
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": "strong"}
    return found


def told(found: Talk, response: str) -> dict[str, Any]:
    return [one for one in found.said if one["response"] == response][-1]


@pytest.mark.parametrize(("medium", "balance"), [("screen", "1,240"), ("ear", "1240")])
async def test_the_balance_and_what_ends_next_are_told(medium: str, balance: str) -> None:
    found = talk(medium=medium)

    said = await found.hears(*BALANCE)

    assert said == ["utter_loyalty_points", "utter_loyalty_ends", "utter_anything_else"]
    assert told(found, "utter_loyalty_points")["points"] == balance
    assert told(found, "utter_loyalty_ends")["points"] == "240"
    assert "23 December" in told(found, "utter_loyalty_ends")["day"]


async def test_who_takes_no_part_is_told_so() -> None:
    assert await talk(None).hears(*BALANCE) == ["utter_loyalty_none", "utter_anything_else"]
    assert await talk(None).hears(*REDEEM) == ["utter_loyalty_none", "utter_anything_else"]


async def test_a_reward_that_is_affordable_is_taken_after_a_yes_and_the_rest_told() -> None:
    found = talk()

    asked = await found.hears(*REDEEM)
    choices = found.choices
    terms = await found.hears("action_selection_reply", "the film", "nlu_fallback")
    left, before = told(found, "utter_loyalty_confirm")["left"], dict(found.operator.ledger.scheme.redeemed)
    done = await found.hears(*YES)

    assert asked == ["utter_loyalty_points", "utter_loyalty_choose"]
    assert choices == ["A film: 900 points", "5 GB of data: 500 points", "None of these"]
    assert (terms, left, before) == (["utter_loyalty_confirm"], "340", {})
    assert done[:2] == ["utter_loyalty_redeemed", "utter_loyalty_points"]
    assert told(found, "utter_loyalty_points")["points"] == "340"
    assert list(found.operator.ledger.scheme.redeemed.values()) == ["r-2"]


async def test_a_reward_that_is_called_like_a_command_is_chosen_all_the_same() -> None:
    found = talk()
    found.operator.ledger.scheme.offers = [DATA, Reward("r-2", "A cinema ticket", 900)]
    await found.hears(*REDEEM)

    chosen = await found.hears("action_ticket_status", "the cinema ticket please", "ticket_status")
    await found.hears(*REDEEM)
    asked = await found.hears("action_ticket_status", "what is a status of mine", "ticket_status")

    assert chosen == ["utter_loyalty_confirm"]
    assert "utter_loyalty_confirm" not in asked


async def test_a_no_takes_nothing() -> None:
    found = talk()
    await found.hears(*REDEEM)
    await found.hears("action_selection_reply", "1", "nlu_fallback")

    assert (await found.hears("action_account_reply", "no", "deny"))[0] == "utter_nothing_changed"
    assert found.operator.ledger.scheme.redeemed == {}


async def test_too_few_points_and_no_rewards_are_said() -> None:
    few = talk(Points("loyalty-1", 80, ()))

    assert (await few.hears(*REDEEM))[0] == "utter_loyalty_too_few"
    assert told(few, "utter_loyalty_too_few")["least"] == "500"
    none = talk()
    none.operator.ledger.scheme.offers = []
    assert (await none.hears(*REDEEM))[:2] == ["utter_loyalty_points", "utter_loyalty_no_rewards"]


async def test_a_price_that_changed_is_told_again_before_it_is_taken() -> None:
    found = talk()
    await found.hears(*REDEEM)
    await found.hears("action_selection_reply", "5 GB", "nlu_fallback")
    found.operator.ledger.scheme.offers = [Reward("r-1", "5 GB of data", 600)]

    again = await found.hears(*YES)
    before = dict(found.operator.ledger.scheme.redeemed)
    await found.hears(*YES)

    assert (again, before) == (["utter_order_other_terms", "utter_loyalty_confirm"], {})
    assert list(found.operator.ledger.scheme.redeemed.values()) == ["r-1"]


@pytest.mark.parametrize(
    ("trouble", "response"), [("refuses", "utter_loyalty_gone"), ("is_lost", "utter_loyalty_unsure")]
)
async def test_what_is_refused_or_not_certain_is_for_a_person(trouble: str, response: str) -> None:
    found = talk()
    setattr(found.operator.ledger.scheme, trouble, True)
    await found.hears(*REDEEM)
    await found.hears("action_selection_reply", "1", "nlu_fallback")

    assert await found.hears(*YES) == [response]
    assert found.choices == ["Talk to a person", "No, thank you"]


# The same against the demo operator itself.


async def test_the_operators_balance_is_told_before_and_after(systems: httpx.AsyncClient) -> None:
    door = SubscriberClient(systems)
    found = Talk(door=door, now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1001", "level": "strong"}
    before = await door.loyalty.points("cust-1001")
    assert before is not None

    await found.hears(*BALANCE)
    first = told(found, "utter_loyalty_points")["points"]
    await found.hears(*REDEEM)
    await found.hears("action_selection_reply", "5 GB", "nlu_fallback")
    await found.hears(*YES)

    assert first == f"{before.balance:,}"
    assert told(found, "utter_loyalty_points")["points"] == f"{before.balance - 500:,}"


@pytest.mark.parametrize("mode", ["error", "garbage", "types", "missing", "negative"])
async def test_a_system_in_trouble_tells_no_figure(systems: httpx.AsyncClient, mode: str) -> None:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1001", "level": "strong"}
    await systems.post("/demo/faults", json={"system": "loyalty", "mode": mode})

    assert [(await found.hears(*asked))[0] for asked in (BALANCE, REDEEM)] == ["utter_account_unavailable"] * 2
