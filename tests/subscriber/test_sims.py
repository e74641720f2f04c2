"""SIM cards at the demo operator, and answers not to be believed."""

from typing import Any

import httpx
import pytest

from subscriber.client import SimRefused, SubscriberClient, SubscriberUnavailable
from tests.subscriber.conftest import SwitchOn

FATIMA, SEAN = "cust-1019", "cust-1006"


async def test_cards_are_listed_without_what_opens_them(
    subscriber: SubscriberClient, operator: httpx.AsyncClient
) -> None:
    cards = await subscriber.sims.of_customer(FATIMA)
    listed = await operator.get("/tmf-api/resourceInventoryManagement/v4/resource", params={"relatedParty.id": FATIMA})
    puk = await subscriber.sims.puk(FATIMA, cards[0].sim_id)

    assert [one.state for one in cards] == ["active", "active", "waiting"]
    assert [one.number for one in cards] == ["+447700900119", "+447700900120", "+447700900120"]
    assert puk is not None
    assert puk.digits not in listed.text
    assert puk.digits not in repr(puk)


async def test_nobody_gets_the_code_of_somebody_elses_card(subscriber: SubscriberClient) -> None:
    card = (await subscriber.sims.of_customer(FATIMA))[0]

    assert await subscriber.sims.puk("cust-1001", card.sim_id) is None
    assert await subscriber.sims.puk(FATIMA, "sim-none") is None


async def test_a_card_is_switched_on_once_however_often(subscriber: SubscriberClient) -> None:
    waiting = (await subscriber.sims.of_customer(FATIMA))[-1]

    states = [(await subscriber.sims.activate(FATIMA, waiting.sim_id)).state for _ in range(2)]

    assert states == ["active", "active"]


async def test_who_is_barred_or_holds_an_old_card_is_refused(subscriber: SubscriberClient) -> None:
    barred = (await subscriber.sims.of_customer(SEAN))[0]
    old, new = (await subscriber.sims.of_customer(FATIMA))[1:]
    await subscriber.sims.activate(FATIMA, new.sim_id)

    with pytest.raises(SimRefused):
        await subscriber.sims.activate(SEAN, barred.sim_id)
    with pytest.raises(SimRefused):
        await subscriber.sims.activate(FATIMA, old.sim_id)


@pytest.mark.parametrize("mode", ["error", "garbage", "missing"])
async def test_a_system_that_fails_or_lies_says_nothing(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("sims", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.sims.of_customer(FATIMA)
    with pytest.raises(SubscriberUnavailable):
        await subscriber.sims.activate(FATIMA, "sim-svc-1019-2-new")


def card(**other: Any) -> dict[str, Any]:
    facts = {"iccid": "8944990000000001234", "msisdn": "+447700900101", "plan": "Mobile", **other.pop("facts", {})}
    return {
        "id": "s-1",
        "category": "SIM",
        "resourceStatus": "available",
        "resourceCharacteristic": [{"name": name, "value": value} for name, value in facts.items()],
        "relatedParty": [{"id": FATIMA, "name": "Fatima Yusuf", "role": "customer"}],
        **other,
    }


@pytest.mark.parametrize(
    "answer",
    [
        card(id="s-2"),
        card(resourceStatus="standby"),
        card(relatedParty=[{"id": "cust-1001", "name": "Maya", "role": "customer"}]),
        card(facts={"iccid": "12"}),
        card(facts={"msisdn": "07700 900101"}),
    ],
    ids=["another card", "still waiting", "somebody else's", "no number of a card", "no number of a telephone"],
)
async def test_a_card_switched_on_as_something_else_is_not_believed(answer: dict[str, Any]) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=transport, base_url="http://operator"))

    with pytest.raises(SubscriberUnavailable):
        await subscriber.sims.activate(FATIMA, "s-1")


@pytest.mark.parametrize("digits", ["1234567", "123456789", "12 34567", "1234567a"])
async def test_a_code_of_another_shape_is_not_handed_on(digits: str) -> None:
    answer = card(facts={"puk1": digits})
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=transport, base_url="http://operator"))

    with pytest.raises(SubscriberUnavailable):
        await subscriber.sims.puk(FATIMA, "s-1")
