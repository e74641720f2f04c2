"""actions.usage_alert: which texts are sent is told, chosen or named, and stopped after a yes."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from subscriber.client import SubscriberClient
from subscriber.usage import Allowance
from tests.actions.ledger import Ledger
from tests.actions.world import JO, Operator, Talk

RESETS = datetime(2026, 12, 19, tzinfo=UTC)
LIMITED = Allowance("data", "Mobile", "m1", Decimal(3), Decimal(17), RESETS)
ENDLESS = Allowance("data", "Mobile", "m1", Decimal(3), None, RESETS)
STATE = ("action_usage_alert_state", "are my usage alerts on", "usage_alert_state")
SET = ("action_usage_alert_set", "set a usage alert", "usage_alert_set")
OFF = ("action_usage_alert_off", "turn off usage alerts", "usage_alert_off")


def talk(*, shares: tuple[int, ...] = (80, 100), usage: Allowance = LIMITED, medium: str = "screen") -> Talk:
    ledger = Ledger(usage=[usage])
    ledger.alerts.shares_pct = shares
    found = Talk(operator=Operator(ledger=ledger), medium=medium)
    found.slots["customer"] = {"customer_id": JO.customer_id}
    return found


def set_to(found: Talk) -> tuple[int, ...]:
    return found.operator.ledger.alerts.shares_pct


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


@pytest.mark.parametrize(("medium", "at"), [("screen", "80 % and 100 %"), ("ear", "80 percent and 100 percent")])
async def test_what_is_set_is_told(medium: str, at: str) -> None:
    found = talk(medium=medium)

    said = await found.hears(*STATE)

    assert said == ["utter_usage_alert_at", "utter_anything_else"]
    assert told(found, "utter_usage_alert_at")["at"] == at
    assert await talk(shares=()).hears(*STATE) == ["utter_usage_alert_none", "utter_anything_else"]


@pytest.mark.parametrize(
    ("choice", "response", "shares"),
    [
        ("80 %", "utter_usage_alert_set", (80,)),
        ("2", "utter_usage_alert_set", (100,)),
        ("at 100 percent", "utter_usage_alert_set", (100,)),
        ("both", "utter_usage_alert_set", (80, 100)),
        ("Never", "utter_usage_alert_stopped", ()),
    ],
)
async def test_a_share_is_chosen_and_set(choice: str, response: str, shares: tuple[int, ...]) -> None:
    found = talk(shares=())

    asked = await found.hears(*SET)
    choices = found.choices
    said = await found.hears("action_selection_reply", choice, "nlu_fallback")

    assert asked == ["utter_usage_alert_none", "utter_usage_alert_choose"]
    assert choices == ["80 %", "100 %", "Both", "Never", "None of these"]
    assert said == [response, "utter_anything_else"]
    assert set_to(found) == shares


async def test_a_share_that_was_named_is_set_after_a_yes() -> None:
    found = talk(shares=())

    asked = await found.hears("action_usage_alert_set", "text me at 80% of my data", "usage_alert_set")
    before = set_to(found)
    said = await found.hears("action_account_reply", "yes", "affirm")

    assert (asked, before) == (["utter_usage_alert_confirm"], ())
    assert (said[0], set_to(found)) == ("utter_usage_alert_set", (80,))


async def test_texts_are_stopped_after_a_yes_only() -> None:
    found = talk()

    asked = await found.hears(*OFF)
    no = await found.hears("action_account_reply", "no", "deny")
    kept = set_to(found)
    await found.hears(*OFF)
    yes = await found.hears("action_account_reply", "yes", "affirm")

    assert (asked, no[0], kept) == (["utter_usage_alert_confirm_off"], "utter_nothing_changed", (80, 100))
    assert (yes[0], set_to(found)) == ("utter_usage_alert_stopped", ())
    assert await found.hears(*OFF) == ["utter_usage_alert_none", "utter_anything_else"]


async def test_without_a_limit_there_is_nothing_to_warn_of() -> None:
    assert await talk(usage=ENDLESS).hears(*SET) == ["utter_usage_alert_no_limits", "utter_anything_else"]


async def test_when_nobody_knows_whether_it_is_set_a_person_is_offered() -> None:
    found = talk()
    await found.hears(*SET)
    found.operator.ledger.alerts.is_lost = True

    said = await found.hears("action_selection_reply", "1", "nlu_fallback")

    assert said == ["utter_usage_alert_unsure"]
    assert found.choices == ["Talk to a person", "No, thank you"]


# The same against the demo operator itself.


async def test_a_setting_is_kept_at_the_operator_and_a_system_in_trouble_sets_none(systems: httpx.AsyncClient) -> None:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1001"}

    await found.hears(*SET)
    await found.hears("action_selection_reply", "100 %", "nlu_fallback")
    await found.hears(*STATE)
    at = told(found, "utter_usage_alert_at")["at"]
    await systems.post("/demo/faults", json={"system": "usage_alerts", "mode": "error"})

    assert at == "100 %"
    assert [(await found.hears(*asked))[0] for asked in (STATE, SET, OFF)] == ["utter_account_unavailable"] * 3
