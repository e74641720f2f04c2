"""actions.sim: a new card is read back, switched on after a yes, and never claimed to be on unseen."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from subscriber.client import Sim, SubscriberClient
from tests.actions.world import JO, Operator, Talk

OLD = Sim("s-1", "8944990000000001234", "+447700900101", "Mobile 20 GB", "active")
NEW = Sim("s-1-new", "8944990000000005678", "+447700900101", "Mobile 20 GB", "waiting")
SECOND = Sim("s-2-new", "8944990000000009012", "+447700900102", "Mobile 5 GB", "waiting")
WANTED = ("action_sim_activate", "activate my new sim", "sim_activate")
YES = ("action_account_reply", "yes", "affirm")


def talk(*cards: Sim, medium: str = "screen") -> Talk:
    found = Talk(operator=Operator(), medium=medium)
    found.operator.ledger.cards.all = list(cards)
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": "strong"}
    return found


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


@pytest.mark.parametrize(("medium", "card"), [("screen", "5678"), ("ear", "5 6 7 8")])
async def test_it_is_read_back_and_switched_on_after_a_yes(medium: str, card: str) -> None:
    found = talk(OLD, NEW, medium=medium)

    asked = await found.hears(*WANTED)
    read_back, before = told(found, "utter_sim_confirm")["card"], list(found.operator.ledger.cards.switched_on)
    said = await found.hears(*YES)

    assert (asked, read_back, before) == (["utter_sim_confirm"], card, [])
    assert (said[0], found.operator.ledger.cards.switched_on) == ("utter_sim_active", ["s-1-new"])


async def test_a_no_changes_nothing() -> None:
    found = talk(OLD, NEW)

    await found.hears(*WANTED)
    said = await found.hears("action_account_reply", "no", "deny")

    assert said[0] == "utter_nothing_changed"
    assert found.operator.ledger.cards.switched_on == []


async def test_of_several_the_one_in_the_hand_is_chosen() -> None:
    found = talk(OLD, NEW, SECOND)

    asked = await found.hears(*WANTED)
    said = await found.hears("action_selection_reply", "2", "nlu_fallback")
    await found.hears(*YES)

    assert (asked, said) == (["utter_sim_which"], ["utter_sim_confirm"])
    assert found.operator.ledger.cards.switched_on == ["s-2-new"]


async def test_one_that_takes_its_time_is_told_so_now_and_afterwards() -> None:
    found = talk(OLD, NEW)
    found.operator.ledger.cards.becomes = "activating"

    await found.hears(*WANTED)
    said = await found.hears(*YES)
    again = await found.hears(*WANTED)

    assert said[0] == "utter_sim_activating"
    assert again[0] == "utter_sim_under_way"


@pytest.mark.parametrize(("trouble", "response"), [("refuses", "utter_sim_refused"), ("is_lost", "utter_sim_unsure")])
async def test_what_is_refused_or_not_certain_is_for_a_person(trouble: str, response: str) -> None:
    found = talk(OLD, NEW)
    setattr(found.operator.ledger.cards, trouble, True)

    await found.hears(*WANTED)
    said = await found.hears(*YES)

    assert said == [response]
    assert found.choices == ["Talk to a person", "No, thank you"]


async def test_without_a_new_card_a_person_may_look() -> None:
    assert await talk(OLD).hears(*WANTED) == ["utter_sim_none_waiting"]
    assert await talk(OLD, NEW, replace(NEW, sim_id="s-3")).hears(*WANTED) == ["utter_sim_person"]


async def test_one_that_was_switched_on_meanwhile_is_not_switched_again() -> None:
    found = talk(OLD, NEW)
    await found.hears(*WANTED)
    found.operator.ledger.cards.all = [OLD, replace(NEW, state="active")]

    assert await found.hears(*YES) == ["utter_sim_person"]
    assert found.operator.ledger.cards.switched_on == []


# The same against the demo operator itself.


async def test_the_operator_switches_it_on_and_the_old_one_ends(systems: httpx.AsyncClient) -> None:
    door = SubscriberClient(systems)
    found = Talk(door=door, now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1019", "level": "strong"}

    await found.hears(*WANTED)
    said = await found.hears(*YES)

    states = {one.sim_id: one.state for one in await door.sims.of_customer("cust-1019")}
    assert said[0] == "utter_sim_active"
    assert states == {"sim-svc-1019-1": "active", "sim-svc-1019-2": "ended", "sim-svc-1019-2-new": "active"}


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_in_trouble_switches_nothing(systems: httpx.AsyncClient, mode: str) -> None:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1019", "level": "strong"}
    await systems.post("/demo/faults", json={"system": "sims", "mode": mode})

    assert (await found.hears(*WANTED))[0] == "utter_account_unavailable"
