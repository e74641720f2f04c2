"""New passwords and PINs at the demo operator, a lock that they do not open, and answers not to be believed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis

from subscriber.client import Delivery, Sent, SubscriberClient, SubscriberUnavailable
from subscriber.credentials import masked
from tests.subscriber.conftest import SwitchOn

MAYA = "cust-1001"


async def test_it_is_made_once_for_a_key(subscriber: SubscriberClient, operator: httpx.AsyncClient) -> None:
    first = await subscriber.credentials.renew(MAYA, "pin", key="one")
    again = await subscriber.credentials.renew(MAYA, "pin", key="one")

    assert isinstance(first, Sent)
    assert (first, first.delivery.to, first.lasts) == (again, "101", None)
    assert len((await operator.get("/demo/messages")).json()) == 1


async def test_a_link_is_good_as_long_as_the_operator_says(subscriber: SubscriberClient) -> None:
    would = await subscriber.credentials.possible(MAYA, "password")
    found = await subscriber.credentials.renew(MAYA, "password", key="one")

    assert isinstance(found, Sent)
    assert found.delivery == would == Delivery("link", "email", "m…@example.com")
    assert found.lasts == timedelta(minutes=30)


async def test_a_lock_stays_when_a_new_pin_is_made(
    subscriber: SubscriberClient, operator: httpx.AsyncClient, redis_url: str
) -> None:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        checks = subscriber.verification(redis, secret="test-secret")
        contact, outcomes = uuid4(), []

        async def gives(words: str, turn: str) -> str:
            given = await checks.give(contact, words, figures=words, turn_id=turn, caller="c", keyed=True)
            return given.outcome

        for guess in range(5):
            await checks.start_again(contact)
            await gives("10023456", f"a{guess}")
            outcomes.append(await gives("0000", f"f{guess}"))
        await subscriber.credentials.renew(MAYA, "pin", key="one")
        pin = (await operator.get("/demo/messages")).json()[0]["body"].rstrip(".")[-4:]
        await gives("10023456", "a-last")
        outcomes.append(await gives(pin, "f-last"))

    assert outcomes[-2:] == ["locked", "locked"]


@pytest.mark.parametrize("mode", ["error", "garbage", "missing", "slow"])
async def test_a_system_that_fails_or_lies_says_nothing(
    subscriber: SubscriberClient, switch_on: SwitchOn, mode: str
) -> None:
    await switch_on("credentials", mode)

    with pytest.raises(SubscriberUnavailable):
        await subscriber.credentials.possible(MAYA, "password")
    with pytest.raises(SubscriberUnavailable):
        await subscriber.credentials.renew(MAYA, "password", key="one")


async def test_a_stranger_has_none(subscriber: SubscriberClient) -> None:
    with pytest.raises(SubscriberUnavailable):
        await subscriber.credentials.possible("cust-none", "pin")
    with pytest.raises(SubscriberUnavailable):
        await subscriber.credentials.renew("cust-none", "pin", key="one")


def answer(**other: Any) -> dict[str, Any]:
    return {
        "customerId": MAYA,
        "credential": "webPassword",
        "externalId": "one",
        "state": "sent",
        "form": "link",
        "sentTo": {"mediumType": "email", "value": "maya@example.com"},
        "sentAt": "2026-11-23T14:00:00+00:00",
        "validUntil": "2026-11-23T14:30:00+00:00",
        **other,
    }


async def read(body: dict[str, Any]) -> Any:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    subscriber = SubscriberClient(httpx.AsyncClient(transport=transport, base_url="http://operator"))
    return await subscriber.credentials.renew(MAYA, "password", key="one")


@pytest.mark.parametrize(
    "body",
    [
        answer(customerId="cust-1002"),
        answer(credential="accountPin"),
        answer(externalId="two"),
        answer(state="maybe"),
        answer(state="possible"),
        answer(form="pin"),
        answer(form=None),
        answer(sentTo=None),
        answer(sentTo={"mediumType": "pigeon", "value": "x"}),
        answer(sentTo={"mediumType": "email", "value": "no address"}),
        answer(sentTo={"mediumType": "sms", "value": "maya@example.com"}),
        answer(sentAt=1795442400),
        answer(sentAt=None),
        answer(validUntil="2026-11-23T13:00:00+00:00"),
        answer(validUntil="2036-11-23T14:00:00+00:00"),
    ],
    ids=[
        "another customer",
        "another credential",
        "another key",
        "an unknown state",
        "not sent yet",
        "a PIN for a password",
        "nothing said of what",
        "nothing said of where",
        "an unknown way",
        "no e-mail address",
        "no number",
        "a moment that is a number",
        "no moment",
        "over before it was sent",
        "good for ten years",
    ],
)
async def test_an_answer_that_cannot_be_right_is_not_believed(body: dict[str, Any]) -> None:
    with pytest.raises(SubscriberUnavailable):
        await read(body)


async def test_what_the_operator_tells_too_much_is_not_read() -> None:
    found = await read(answer(temporaryPassword="correct-horse", link="https://login.example.com/#secret"))

    assert "correct-horse" not in repr(found)
    assert "secret" not in repr(found)
    assert "maya" not in repr(found)


async def test_a_reason_that_is_not_known_is_a_refusal_all_the_same() -> None:
    assert await read(answer(state="refused", reason="solarFlare")) == "other"
    assert await read(answer(state="refused", reason="contactChanged")) == "contact_changed"


@pytest.mark.parametrize(
    ("channel", "address", "said"),
    [("sms", "+447700900101", "101"), ("email", "jo.smith@example.com", "j…@example.com"), ("letter", "anything", "")],
)
def test_an_address_is_named_without_being_told(channel: Any, address: str, said: str) -> None:
    assert masked(channel, address) == said
