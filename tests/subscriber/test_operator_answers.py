"""What an operator's odd answer does: it is refused, never bent into a value."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from subscriber.client import SubscriberClient, SubscriberUnavailable
from subscriber.connection import Connection
from subscriber.tmf.customers import TmfCustomers

CUSTOMER: dict[str, Any] = {
    "id": "c1",
    "name": "Ann",
    "status": "active",
    "account": [{"id": "10000001"}],
    "contactMedium": [{"mediumType": "postalAddress", "characteristic": {"postCode": "LF1 1AA"}}],
    "characteristic": [{"name": "placeId", "value": "p1"}, {"name": "colour", "value": ["anything"]}],
}
LINE_TEST: dict[str, Any] = {
    "serviceId": "s1",
    "result": "pass",
    "detail": "fine",
    "downMbps": 79.9,
    "upMbps": 20,
    "at": "2026-11-22T12:00:00Z",
}


def door(answer: Callable[[httpx.Request], httpx.Response]) -> SubscriberClient:
    return SubscriberClient(httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://operator"))


def customers(answer: Callable[[httpx.Request], httpx.Response]) -> TmfCustomers:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://operator")
    return TmfCustomers(Connection(http, "customers"), "GB")


def changed(body: dict[str, Any], **change: object) -> dict[str, Any]:
    return {name: value for name, value in {**body, **change}.items() if value is not ...}


async def test_a_customer_without_what_tmf629_leaves_open_is_an_ordinary_one() -> None:
    record = await customers(lambda _: httpx.Response(200, json=[CUSTOMER])).by_account("10000001")

    assert record is not None
    customer = record.customer
    assert (customer.segment, customer.vulnerable, customer.barred) == ("consumer", False, False)
    assert (customer.phone, customer.email) == ("", "")


@pytest.mark.parametrize(
    "change",
    [
        {"id": 17},
        {"name": None},
        {"status": "sleeping"},
        {"status": ...},
        {"account": []},
        {"account": "10000001"},
        {"characteristic": ...},
        {"characteristic": [{"name": "placeId", "value": 3}]},
        {"characteristic": [{"name": "placeId", "value": "p1"}, {"name": "vulnerable", "value": "no"}]},
        {"characteristic": [{"name": "placeId", "value": "p1"}, {"name": "segment", "value": "platinum"}]},
        {"characteristic": [{"name": "placeId", "value": "p1"}, {"name": "dateOfBirth", "value": 452390400}]},
        {"characteristic": [{"name": "placeId", "value": "p1"}, {"name": "placeId", "value": "p2"}]},
    ],
)
async def test_a_customer_of_wrong_types_is_not_believed(change: dict[str, Any]) -> None:
    found = customers(lambda _: httpx.Response(200, json=[changed(CUSTOMER, **change)]))

    with pytest.raises(SubscriberUnavailable):
        await found.by_account("10000001")


@pytest.mark.parametrize(
    "change",
    [
        {"downMbps": "79.9"},
        {"downMbps": True},
        {"downMbps": -1},
        {"upMbps": [20]},
        {"result": "good"},
        {"at": 1700000000},
        {"at": "2026-11-22T12:00:00"},
        {"serviceId": "s2"},
        {"detail": ""},
    ],
)
async def test_a_line_test_of_wrong_types_is_not_believed(change: dict[str, Any]) -> None:
    subscriber = door(lambda _: httpx.Response(200, json=changed(LINE_TEST, **change)))

    with pytest.raises(SubscriberUnavailable):
        await subscriber.line_test("s1")


async def test_figures_are_exact() -> None:
    test = await door(lambda _: httpx.Response(200, json=LINE_TEST)).line_test("s1")

    assert (str(test.down_mbps), str(test.up_mbps)) == ("79.9", "20")


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(200, text="<html>Maintenance</html>"),
        httpx.Response(200, json={"error": "none"}),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(204),
        httpx.Response(302, headers={"Location": "/login"}),
        httpx.Response(401),
        httpx.Response(429),
        httpx.Response(503),
    ],
)
async def test_what_is_no_answer_is_unavailable(reply: httpx.Response) -> None:
    with pytest.raises(SubscriberUnavailable):
        await door(lambda _: reply).services("c1")


async def test_reading_is_tried_twice_and_a_line_test_once() -> None:
    asked: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        raise httpx.ConnectError("no")

    subscriber = door(refuse)
    with pytest.raises(SubscriberUnavailable):
        await subscriber.services("c1")
    with pytest.raises(SubscriberUnavailable):
        await subscriber.line_test("s1")

    assert asked == ["GET", "GET", "POST"]


async def test_an_operator_that_ignores_the_search_gives_nobody_elses_data() -> None:
    found = customers(lambda _: httpx.Response(200, json=[CUSTOMER]))

    assert await found.by_account("10000002") is None
    assert await found.by_phone("+447700900101") == []


async def test_ids_from_outside_stay_one_part_of_the_address() -> None:
    asked: list[str] = []

    def remember(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return httpx.Response(404)

    await door(remember).outage_for("../secret?x=1", "tv")

    assert asked[0] == "/tmf-api/customerManagement/v4/customer/..%2Fsecret%3Fx%3D1"
