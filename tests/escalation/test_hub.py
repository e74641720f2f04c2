"""The hub of TMF621: who may be told of tickets, and where."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from escalation import callback, subscription
from escalation.errors import Incomplete
from settings import Settings
from tests.escalation.escalation_service import Running, started

HUB = subscription.PATH
CALLBACK = "https://erp.example/events"
NAMES = {"erp.example": ["93.184.215.14"], "inside.example": ["93.184.215.14", "10.0.0.5"]}


async def named(host: str) -> Sequence[str]:
    """The names of this test; an address as the system reads it, which needs no network."""
    if host in NAMES or host.endswith(".example"):
        return NAMES.get(host, [])
    return await callback.addresses_of(host)


async def subscribed(running: Running, url: Any = CALLBACK, **more: Any) -> httpx.Response:
    running.app.state.resolve = named
    return await running.http.post(HUB, json={"callback": url, **more})


async def test_a_subscription_is_kept_until_it_is_ended(running: Running) -> None:
    reply = await subscribed(running, query="eventType=TroubleTicketStatusChangeEvent")

    kept, path = reply.json(), urlsplit(reply.headers["location"]).path
    assert (reply.status_code, path) == (201, f"{HUB}/{kept['id']}")
    assert (kept["callback"], kept["query"]) == (CALLBACK, "eventType=TroubleTicketStatusChangeEvent")
    assert [(await running.http.delete(path)).status_code for _ in range(2)] == [204, 404]


async def test_trailing_slashes_are_answered_the_same(running: Running) -> None:
    running.app.state.resolve = named
    reply = await running.http.post(f"{HUB}/", json={"callback": CALLBACK})

    assert reply.status_code == 201
    assert (await running.http.delete(f"{HUB}/{reply.json()['id']}/")).status_code == 204


async def test_another_caller_does_not_end_it(running: Running, settings: Settings) -> None:
    kept = (await subscribed(running)).json()
    token = {"Authorization": f"Bearer {settings.firstline_api_token.get_secret_value()}"}

    assert (await running.http.delete(f"{HUB}/{kept['id']}", headers=token)).status_code == 404
    assert (await running.http.delete(f"{HUB}/not-an-id")).status_code == 404


async def test_the_same_twice_is_a_conflict(running: Running) -> None:
    await subscribed(running)

    assert (await subscribed(running)).status_code == 409
    assert (await subscribed(running, query="eventType=TroubleTicketCreateEvent")).status_code == 201


async def test_there_is_an_end_to_subscriptions(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription, "MOST", 2)

    replies = [await subscribed(running, query=f"priority=P{number}") for number in range(3)]

    assert [reply.status_code for reply in replies] == [201, 201, 409]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"callback": 7},
        {"callback": ""},
        {"callback": CALLBACK, "query": "x" * 1001},
        {"callback": CALLBACK, "query": None},
    ],
)
async def test_a_bad_body_is_400(running: Running, body: dict[str, Any]) -> None:
    assert (await running.http.post(HUB, json=body)).status_code == 400


async def test_plain_http_is_for_the_demo(running: Running, migrated: Settings) -> None:
    in_the_demo = await subscribed(running, "http://erp.example/events")
    async with started(migrated.model_copy(update={"firstline_demo": False})) as real:
        outside = await subscribed(real, "http://erp.example/events")

    assert (in_the_demo.status_code, outside.status_code) == (201, 400)
    assert outside.json()["message"] == "callback: must be https"


@pytest.mark.parametrize(
    "url",
    [
        "https://user:secret@erp.example/",
        "https://user@erp.example/",
        "https://erp.example\\@inside.example/",
        "https://erp.example/#part",
        "https://erp.example/a b",
        "https://erp.example/\r\nHost: x",
        "https://\u0435rp.example/",
        "https:///events",
        "https://[::1/",
        "https://erp.example:99999/",
        "ftp://erp.example/",
        "javascript:alert(1)",
        "erp.example/events",
        "https://erp.example/" + "x" * 2000,
        "https://unknown.example/",
        "https://inside.example/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.5]/",
        "https://[::7f00:1]/",
        "https://[64:ff9b::a00:5]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[64:ff9b::6440:1]/",
        "https://[64:ff9b:1::808:808]/",
        "https://[2002:a00:5::1]/",
        "https://[2002:808:808::1]/",
        "https://[fec0::1]/",
        "https://[2001:0:a00:5::1]/",
        "https://192.88.99.1/",
    ],
)
async def test_a_callback_that_leads_inside_or_astray_is_refused(url: str) -> None:
    with pytest.raises(Incomplete, match=r"^callback: "):
        await callback.check(url, http_too=False, resolve=named)


@pytest.mark.parametrize(
    "url",
    [
        CALLBACK,
        "https://erp.example:8443/a?b=c",
        "https://93.184.215.14/",
        "https://[2606:2800:21f::1]/",
        "https://[64:ff9b::5db8:d70e]/",
    ],
)
async def test_a_public_callback_is_taken(url: str) -> None:
    await callback.check(url, http_too=False, resolve=named)
