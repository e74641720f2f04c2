"""The filters of the TMF621 list."""

from datetime import datetime, timedelta

import pytest

from tests.escalation.escalation_service import Running
from tests.escalation.test_tmf621 import PATH, filed

CUSTOMER = {"id": "c-7", "role": "customer", "@referredType": "Customer"}
REPORTER = {"id": "r-1", "role": "reporter", "@referredType": "Individual"}


async def found(running: Running, *query: tuple[str, str]) -> list[str]:
    """The `externalId`s of what the list holds."""
    reply = await running.http.get(PATH, params=list(query))
    assert reply.status_code == 200, reply.text
    return sorted(ticket["externalId"] for ticket in reply.json())


async def test_simple_attributes_are_filters(running: Running) -> None:
    await filed(running, externalId="a", severity="Critical")
    await filed(running, externalId="b", ticketType="tv", name="My set")

    for query, expected in {
        ("externalId", "a"): ["a"],
        ("severity", "Critical"): ["a"],
        ("severity", "Critical,High"): ["a", "b"],
        ("ticketType", "tv"): ["b"],
        ("name", "My set"): ["b"],
        ("status", "acknowledged"): ["a", "b"],
        ("status", "held,pending"): [],
    }.items():
        assert await found(running, query) == expected, query


async def test_a_filter_given_twice_is_or(running: Running) -> None:
    await filed(running, externalId="a")
    await filed(running, externalId="b")

    assert await found(running, ("externalId", "a"), ("externalId", "b")) == ["a", "b"]


async def test_a_span_of_creation_dates(running: Running) -> None:
    first = datetime.fromisoformat((await filed(running, externalId="a"))["creationDate"])
    second = datetime.fromisoformat((await filed(running, externalId="b"))["creationDate"])

    for query, expected in {
        "creationDate": ["b"],
        "creationDate.gt": [],
        "creationDate.gte": ["b"],
        "creationDate.lt": ["a"],
        "creationDate.lte": ["a", "b"],
    }.items():
        assert await found(running, (query, second.isoformat())) == expected, query
    span = ("creationDate.gte", first.isoformat()), ("creationDate.lt", second.isoformat())
    assert await found(running, *span) == ["a"]


async def test_a_date_may_be_a_day_and_may_have_an_offset(running: Running) -> None:
    created = datetime.fromisoformat((await filed(running, externalId="a"))["creationDate"])
    tomorrow, elsewhere = created + timedelta(days=1), (created + timedelta(hours=2)).replace(tzinfo=None)

    assert await found(running, ("creationDate.gte", created.date().isoformat())) == ["a"]
    assert await found(running, ("creationDate.gte", tomorrow.date().isoformat())) == []
    assert await found(running, ("creationDate.lte", f"{elsewhere.isoformat()} 02:00")) == ["a"]
    assert await found(running, ("creationDate.gt", "0001-01-01T00:00:00+14:00")) == ["a"]
    assert await found(running, ("creationDate.lt", "9999-12-31T23:59:59-14:00")) == ["a"]


async def test_a_party_is_found_by_what_is_said_of_it_together(running: Running) -> None:
    await filed(running, externalId="a", relatedParty=[CUSTOMER, REPORTER])
    await filed(running, externalId="b", relatedParty=[{**CUSTOMER, "id": "c-8"}])

    assert await found(running, ("relatedParty.id", "c-7")) == ["a"]
    assert await found(running, ("relatedParty.id", "c-7"), ("relatedParty.role", "customer")) == ["a"]
    assert await found(running, ("relatedParty.id", "c-7"), ("relatedParty.role", "reporter")) == []
    assert await found(running, ("relatedParty.role", "customer")) == ["a", "b"]


async def test_the_support_tier_is_a_party_too(running: Running) -> None:
    ticket = await filed(running, externalId="a")
    (tier,) = ticket["relatedParty"]

    by_id = await found(running, ("relatedParty.id", tier["id"]), ("relatedParty.role", "supportTier"))

    assert by_id == await found(running, ("relatedParty.role", "supportTier")) == ["a"]
    assert await found(running, ("relatedParty.id", "fixed-access-4")) == []


@pytest.mark.parametrize(
    "name", ["colour", "sort", "creationDate.", "creationDate.near", "severity.gt", "relatedParty", "relatedParty.age"]
)
async def test_an_unknown_filter_is_named(running: Running, name: str) -> None:
    reply = await running.http.get(PATH, params={name: "x"})

    assert (reply.status_code, f"cannot filter by {name};" in reply.json()["message"]) == (400, True)


async def test_what_is_not_a_date_is_named(running: Running) -> None:
    reply = await running.http.get(PATH, params={"creationDate.gt": "yesterday"})

    assert (reply.status_code, reply.json()["message"]) == (400, "creationDate.gt is not a date: yesterday")


async def test_the_links_keep_the_filters(running: Running) -> None:
    for name in "abc":
        await filed(running, externalId=name)

    query = "externalId=a&externalId=b&limit=1"
    links = (await running.http.get(PATH, params=query)).headers["link"]

    assert 'externalId=a&externalId=b&offset=1&limit=1>; rel="next"' in links
    assert 'offset=1&limit=1>; rel="last"' in links
