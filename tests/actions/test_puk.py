"""actions.puk: the code goes past the conversation to another address on file, and to nobody else."""

import json
from datetime import UTC, datetime

import httpx
import pytest

from subscriber.client import Sim, SubscriberClient
from tests.actions.world import JO, Operator, Talk

ONE = Sim("s-1", "8944990000000001234", "+447700900101", "Mobile 20 GB", "active")
OTHER = Sim("s-2", "8944990000000005678", "+447700900102", "Mobile 5 GB", "active")
WANTED = ("action_puk", "what is my puk", "puk")


def talk(*cards: Sim, besides: str | None = "+447700900555", level: str = "strong", medium: str = "screen") -> Talk:
    found = Talk(operator=Operator(besides=besides), medium=medium)
    found.operator.ledger.cards.all = list(cards)
    found.slots["customer"] = {"customer_id": JO.customer_id, "level": level}
    return found


def everything(found: Talk) -> str:
    """All that the conversation said and remembers."""
    return json.dumps([found.said, found.slots, found.past], default=str)


async def test_it_is_sent_elsewhere_and_is_nowhere_in_the_conversation() -> None:
    found = talk(ONE)

    said = await found.hears(*WANTED)

    ((to, text),) = found.texts.sent.values()
    assert said[:2] == ["utter_puk_texted", "utter_puk_how"]
    assert to == "+447700900555"
    assert "40718263" in text
    assert "101" in text
    assert "40718263" not in everything(found)


async def test_a_customer_with_an_address_alone_is_sent_a_mail() -> None:
    found = talk(ONE, besides="jo@example.com")

    assert (await found.hears(*WANTED))[0] == "utter_puk_mailed"
    assert [to for to, _ in found.texts.sent.values()] == ["jo@example.com"]


async def test_of_several_cards_one_is_chosen() -> None:
    found = talk(ONE, OTHER)

    asked = await found.hears(*WANTED)
    choices = found.choices
    await found.hears("action_selection_reply", "the 5 GB one", "nlu_fallback")

    assert asked == ["utter_puk_which"]
    assert choices[0] == "Mobile 20 GB, number ending in 101"
    ((_, text),) = found.texts.sent.values()
    assert "102" in text


async def test_without_another_address_or_a_message_that_leaves_a_person_gives_it() -> None:
    nowhere, unsent = talk(ONE, besides=None), talk(ONE)
    unsent.texts.is_away = True

    assert (await nowhere.hears(*WANTED))[0] == "utter_puk_person"
    assert (await unsent.hears(*WANTED))[0] == "utter_puk_unsent"
    assert nowhere.texts.sent == {}


async def test_who_is_only_verified_is_asked_for_more() -> None:
    found = talk(ONE, level="verified")

    await found.hears(*WANTED)

    assert found.texts.sent == {}


async def test_a_system_that_does_not_answer_says_so() -> None:
    found = talk(ONE)
    found.operator.ledger.away = True

    assert (await found.hears(*WANTED))[0] == "utter_account_unavailable"


# The same against the demo operator itself.


async def test_the_code_of_the_one_number_goes_to_the_other(systems: httpx.AsyncClient) -> None:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1019", "level": "strong"}

    await found.hears(*WANTED)
    await found.hears("action_selection_reply", "1", "nlu_fallback")

    ((to, text),) = found.texts.sent.values()
    assert to == "+447700900120"  # of the card with 119
    assert "119" in text


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_in_trouble_sends_nothing(systems: httpx.AsyncClient, mode: str) -> None:
    found = Talk(door=SubscriberClient(systems), now=datetime.now(UTC))
    found.slots["customer"] = {"customer_id": "cust-1001", "level": "strong"}
    await systems.post("/demo/faults", json={"system": "sims", "mode": mode})

    assert (await found.hears(*WANTED))[0] == "utter_account_unavailable"
    assert found.texts.sent == {}
