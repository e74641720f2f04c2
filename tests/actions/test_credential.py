"""actions.credential: what opens an account goes past the conversation, after a yes of who is strongly verified."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from subscriber.client import Delivery, Sent, SubscriberClient
from tests.actions.world import JO, NOW, Operator, Talk

PASSWORD = ("action_password_reset", "reset my password", "password_reset")
PIN = ("action_pin_reset", "I need a new account pin", "pin_reset")
YES, NO = ("action_account_reply", "yes", "affirm"), ("action_account_reply", "no", "deny")
MAIL = Delivery("link", "email", "j…@example.com")
LINK = Sent(MAIL, NOW, NOW + timedelta(minutes=30))
TEMPORARY = Sent(Delivery("temporary", "letter", ""), NOW, NOW + timedelta(days=14))
NEW_PIN = Sent(Delivery("pin", "sms", "101"), NOW, None)


def talk(becomes: Any, *, level: str = "strong", medium: str = "screen") -> Talk:
    found = Talk(operator=Operator(), medium=medium)
    found.operator.ledger.issuer.becomes = becomes
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": level}
    return found


def told(found: Talk, response: str) -> dict[str, Any]:
    (message,) = [one for one in found.said if one["response"] == response]
    return message


@pytest.mark.parametrize(
    ("wanted", "sent", "asks", "says"),
    [
        (PASSWORD, LINK, "utter_credential_confirm_link", ["utter_credential_sent_link", "utter_credential_lasts"]),
        (
            PASSWORD,
            TEMPORARY,
            "utter_credential_confirm_temporary",
            ["utter_credential_sent_temporary", "utter_credential_lasts"],
        ),
        (PIN, NEW_PIN, "utter_credential_confirm_pin", ["utter_credential_sent_pin"]),
    ],
)
async def test_it_is_sent_after_a_yes_alone(
    wanted: tuple[str, str, str], sent: Sent, asks: str, says: list[str]
) -> None:
    found = talk(sent)

    asked = await found.hears(*wanted)
    before = dict(found.operator.ledger.issuer.asked)
    done = await found.hears(*YES)

    assert (asked, before) == ([asks], {})
    assert done == [*says, "utter_anything_else"]
    assert len(found.operator.ledger.issuer.asked) == 1


@pytest.mark.parametrize(
    ("sent", "medium", "where"),
    [
        (NEW_PIN, "screen", "by text message to your number ending in **101**"),
        (NEW_PIN, "ear", "by text message to your number ending in 1 0 1"),
        (LINK, "screen", "to your e-mail address **j…@example.com**"),
        (LINK, "ear", "to your e-mail address that begins with j, at example.com"),
        (TEMPORARY, "ear", "by letter to the address that we hold for you"),
    ],
)
async def test_where_it_goes_is_told_before_and_after_the_yes(sent: Sent, medium: str, where: str) -> None:
    found, form = talk(sent, medium=medium), sent.delivery.form
    await found.hears(*PASSWORD)
    before = told(found, f"utter_credential_confirm_{form}")["where"]
    await found.hears(*YES)

    assert (before, told(found, f"utter_credential_sent_{form}")["where"]) == (where, where)


@pytest.mark.parametrize(
    ("lasts", "said"),
    [
        (timedelta(minutes=30), "30 minutes"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=14), "14 days"),
        (timedelta(seconds=20), "1 minutes"),
    ],
)
async def test_how_long_it_is_good_is_what_the_operator_says(lasts: timedelta, said: str) -> None:
    found = talk(Sent(MAIL, NOW, NOW + lasts))
    await found.hears(*PASSWORD)
    await found.hears(*YES)

    assert told(found, "utter_credential_lasts")["time"] == said


async def test_a_no_sends_nothing() -> None:
    found = talk(LINK)
    await found.hears(*PASSWORD)

    assert (await found.hears(*NO))[0] == "utter_nothing_changed"
    assert found.operator.ledger.issuer.asked == {}


@pytest.mark.parametrize("wanted", [PASSWORD, PIN])
async def test_who_is_only_verified_is_asked_for_more_before_anything_else(wanted: tuple[str, str, str]) -> None:
    found = talk(LINK, level="verified")

    said = await found.hears(*wanted)

    assert not [one for one in said if one.startswith("utter_credential")]
    assert found.operator.ledger.issuer.asked == {}


async def test_a_stranger_is_offered_the_account_or_a_general_answer() -> None:
    found = Talk()

    assert await found.hears(*PASSWORD) == ["utter_offer_account"]


@pytest.mark.parametrize("why", ["contact_changed", "no_contact", "locked"])
async def test_what_only_people_can_put_right_becomes_a_ticket_that_says_why(why: str) -> None:
    found = talk(why)

    said = await found.hears(*PASSWORD)

    assert said[0] == f"utter_credential_{why}"
    signals = found.slots["handover"]["signals"]
    assert (signals["category"], signals["problem"]) == ("account-access", "reset my password")
    assert [(one["name"], one["result"]) for one in signals["checks"]] == [("password_reset", f"refused: {why}")]


@pytest.mark.parametrize("why", ["none", "too_many", "other"])
async def test_other_refusals_are_told_and_a_person_offered(why: str) -> None:
    found = talk(why)

    assert await found.hears(*PASSWORD) == [f"utter_credential_{why}"]
    assert found.choices == ["Talk to a person", "No, thank you"]


async def test_a_refusal_after_the_yes_is_told_as_well() -> None:
    found = talk(LINK)
    found.operator.ledger.issuer.refuses_late = "contact_changed"
    await found.hears(*PASSWORD)

    assert (await found.hears(*YES))[0] == "utter_credential_contact_changed"


async def test_an_answer_that_is_lost_claims_nothing_and_a_colleague_looks() -> None:
    found = talk(NEW_PIN)
    found.operator.ledger.issuer.is_lost = True
    await found.hears(*PIN)

    assert (await found.hears(*YES))[0] == "utter_credential_unsure"
    assert found.slots["handover"]["signals"]["checks"][0]["result"] == "no clear answer"


# The same against the demo operator itself.


def at(systems: httpx.AsyncClient, customer_id: str, *, medium: str = "screen") -> Talk:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC), medium=medium)
    found.slots["customer"] = {"customer_id": customer_id, "level": "strong"}
    return found


async def messages(systems: httpx.AsyncClient) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await systems.get("/demo/messages")).json()
    return found


def everything(found: Talk) -> str:
    """All that the conversation said and remembers."""
    return json.dumps([found.said, found.slots, found.past], default=str)


async def test_the_operators_own_message_has_the_link_and_the_conversation_has_it_not(
    systems: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    found = at(systems, "cust-1001")
    await found.hears(*PASSWORD)
    await found.hears(*YES)

    (message,) = await messages(systems)
    token = message["body"].rpartition("#")[2]
    assert message["to"] == "maya.thornton@example.com"
    assert told(found, "utter_credential_sent_link")["where"] == "to your e-mail address **m…@example.com**"
    assert told(found, "utter_credential_lasts")["time"] == "30 minutes"
    assert len(token) > 20
    for kept in (everything(found), caplog.text):
        assert token not in kept
        assert "maya.thornton" not in kept
    assert found.texts.sent == {}


async def test_the_new_pin_opens_the_account_and_the_old_one_does_not(
    systems: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    found = at(systems, "cust-1001", medium="ear")
    await found.hears(*PIN)
    await found.hears(*YES)

    (message,) = await messages(systems)
    pin = message["body"].rstrip(".").rpartition(" ")[2]
    path = "/operator/v1/customers/cust-1001/pin-check"
    matches = [(await systems.post(path, json={"pin": one})).json()["matches"] for one in (pin, "4071")]
    assert message["to"] == "+447700900101"
    assert matches == [True, False]
    logged = [record.getMessage() for record in caplog.records]
    assert re.findall(r"(?<![\w-])\d{4}(?![\w-])", f"{everything(found)} {logged}") == []  # whichever it is


@pytest.mark.parametrize(
    ("customer_id", "response"),
    [
        ("cust-1028", "utter_credential_contact_changed"),
        ("cust-1021", "utter_credential_no_contact"),
        ("cust-1025", "utter_credential_locked"),
        ("cust-1016", "utter_credential_none"),
    ],
)
async def test_the_operator_refuses_with_its_reason(
    systems: httpx.AsyncClient, customer_id: str, response: str
) -> None:
    found = at(systems, customer_id)

    assert (await found.hears(*PASSWORD))[0] == response
    assert await messages(systems) == []


async def test_nobody_is_flooded_with_links(systems: httpx.AsyncClient) -> None:
    found = at(systems, "cust-1001")
    for _ in range(3):
        await found.hears(*PASSWORD)
        await found.hears(*YES)

    assert await found.hears(*PASSWORD) == ["utter_credential_too_many"]
    assert len(await messages(systems)) == 3


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_in_trouble_claims_nothing(systems: httpx.AsyncClient, mode: str) -> None:
    early, late = at(systems, "cust-1001"), at(systems, "cust-1001")
    await late.hears(*PASSWORD)
    await systems.post("/demo/faults", json={"system": "credentials", "mode": mode})

    assert (await early.hears(*PASSWORD))[0] == "utter_account_unavailable"
    assert (await late.hears(*YES))[0] == "utter_credential_unsure"
