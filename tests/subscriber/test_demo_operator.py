"""The demo operator: believable data, a token at every door, and a stand-in of Twilio."""

import re

import httpx
import pytest

from settings import Settings
from subscriber.demo.app import DATA, create_app
from subscriber.demo.book import Book
from subscriber.demo.messages import MOST_KEPT

ACCOUNT = ("AC00000000000000000000000000000001", "test-twilio-token")
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT[0]}/Messages.json"
SMS = {"To": "+447700900101", "From": "+442079460000", "Body": "hello"}


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.read(DATA)


def test_ids_accounts_and_services_are_unique(book: Book) -> None:
    services = [service.id for customer in book.customers for service in customer.services]

    assert len({customer.id for customer in book.customers}) == len(book.customers) == 30
    assert len({customer.account for customer in book.customers}) == 30
    assert len(set(services)) == len(services)


def test_every_place_is_known(book: Book) -> None:
    used = {customer.place for customer in book.customers}
    used |= {service.place for customer in book.customers for service in customer.services if service.place}
    used |= {place for problem in book.problems for place in problem.places}

    assert used <= {place.id for place in book.places}


def test_fixed_lines_can_be_tested_and_others_cannot(book: Book) -> None:
    services = [service for customer in book.customers for service in customer.services]

    assert all((service.line is not None) == (service.kind in ("broadband", "landline")) for service in services)


def test_telephone_numbers_are_those_kept_for_fiction(book: Book) -> None:
    numbers = [number for customer in book.customers for number in customer.phones]

    assert all(re.fullmatch(r"\+44(7700900|1632960)\d{3}", number) for number in numbers)


def test_the_cheat_sheet_names_every_customer_as_the_data_do(book: Book) -> None:
    rows = [line.split(" | ") for line in (DATA / "README.md").read_text("utf-8").splitlines() if " | 100" in line]

    told = {(row[0].removeprefix("| "), row[1], row[2]) for row in rows}

    assert told == {(customer.name, customer.account, customer.postcode) for customer in book.customers}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tmf-api/customerManagement/v4/customer"),
        ("GET", "/tmf-api/customerManagement/v4/customer/cust-1001"),
        ("GET", "/tmf-api/serviceInventory/v4/service"),
        ("GET", "/tmf-api/serviceProblemManagement/v4/serviceProblem"),
        ("POST", "/line-test/v1/lineTest"),
        ("POST", "/demo/faults"),
        ("GET", "/demo/messages"),
        ("POST", MESSAGES),
    ],
)
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer tést", "Basic dDp0"])
async def test_nobody_is_served_without_the_right_token(
    operator: httpx.AsyncClient, method: str, path: str, given: str
) -> None:
    headers = httpx.Headers({"Authorization": given}, encoding="latin-1")

    reply = await operator.request(method, path, headers=headers)

    assert reply.status_code == 401
    assert set(reply.json()) == {"code", "reason", "message", "status"}


def test_without_a_token_it_does_not_start() -> None:
    with pytest.raises(ValueError, match="FIRSTLINE_OPERATOR_TOKEN"):
        create_app(Settings(_env_file=None, firstline_operator_token=""))


async def test_lists_are_filtered_counted_and_paged(operator: httpx.AsyncClient) -> None:
    customers = "/tmf-api/customerManagement/v4/customer"

    everyone = await operator.get(customers, params={"limit": "10", "offset": "296"})
    by_phone = await operator.get(customers, params={"contactMedium.characteristic.phoneNumber": "+441632960115"})
    nobody = await operator.get(customers, params={"no.such.field": "x"})

    assert (everyone.headers["X-Total-Count"], everyone.headers["X-Result-Count"]) == ("301", "5")
    assert [customer["name"] for customer in by_phone.json()] == ["Joan Hale", "Peter Hale"]
    assert nobody.json() == []
    assert (await operator.get(customers, params={"limit": "x"})).status_code == 400
    assert (await operator.get(customers + "/nobody")).status_code == 404


async def test_a_message_to_twilio_is_kept_and_can_be_read(operator: httpx.AsyncClient) -> None:
    sent = await operator.post(MESSAGES, data=SMS, auth=ACCOUNT)

    assert sent.status_code == 201
    assert sent.json()["sid"].startswith("SM")
    kept = (await operator.get("/demo/messages")).json()
    assert [(message["to"], message["body"]) for message in kept] == [("+447700900101", "hello")]


async def test_a_recording_is_a_sound_for_the_account_only(operator: httpx.AsyncClient) -> None:
    recording = f"/2010-04-01/Accounts/{ACCOUNT[0]}/Recordings/RE{'1a' * 16}.wav"

    heard = await operator.get(recording, auth=ACCOUNT)
    refused = await operator.get(recording, auth=(ACCOUNT[0], "wrong"))

    assert (heard.status_code, heard.content[:4], refused.status_code) == (200, b"RIFF", 401)


async def test_only_the_last_messages_are_kept(operator: httpx.AsyncClient) -> None:
    for number in range(MOST_KEPT + 5):
        await operator.post(MESSAGES, data={**SMS, "Body": str(number)}, auth=ACCOUNT)

    kept = (await operator.get("/demo/messages")).json()

    assert len(kept) == MOST_KEPT
    assert kept[0]["body"] == str(MOST_KEPT + 4)


async def test_twilios_numbers_for_tests_are_refused_as_twilio_does(operator: httpx.AsyncClient) -> None:
    invalid = await operator.post(MESSAGES, data={**SMS, "To": "+15005550001"}, auth=ACCOUNT)
    stopped = await operator.post(MESSAGES, data={**SMS, "To": "+15005550004"}, auth=ACCOUNT)

    assert (invalid.status_code, invalid.json()["code"]) == (400, 21211)
    assert (stopped.status_code, stopped.json()["code"]) == (400, 21610)


async def test_health_needs_no_token(operator: httpx.AsyncClient) -> None:
    reply = await operator.get("/health", headers={"Authorization": ""})

    assert reply.json() == {"customers": 301}
