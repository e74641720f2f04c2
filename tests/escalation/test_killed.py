"""Application, watches and PostgreSQL are killed at random while tickets are opened and moved: nothing is lost."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
import redis

from escalation import streams
from ops.desk_alone import DeskAlone, running

pytestmark = pytest.mark.slow

TICKETS, CLIENTS = 250, 8  # each is opened and then moved: 500 requests
KILLED = ("escalation", "watch-1", "postgres", "watch-2", "escalation", "postgres")
LONGEST_S = 300  # on a busy machine; 30 s alone
AGENT = "amira.khan"
SIGNALS = {
    "reason": "no_answer",
    "category": "bill-understand",
    "problem": "Not my charge",
    "reachable": "+441632960999",
}


@dataclass
class Told:
    """What the clients were told."""

    references: dict[str, str] = field(default_factory=dict)  # by contact
    accepted: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def desk() -> Iterator[DeskAlone]:
    with running() as found:
        for number in (1, 2):
            found.start_watch(number)
        yield found


@pytest.fixture(scope="module")
def told(desk: DeskAlone) -> Told:
    told = Told()
    asyncio.run(under_fire(desk, told))
    return told


async def under_fire(desk: DeskAlone, told: Told) -> None:
    async with asyncio.timeout(LONGEST_S):
        limits = httpx.Limits(max_connections=CLIENTS)
        async with httpx.AsyncClient(base_url=desk.url, headers=desk.headers, timeout=5, limits=limits) as http:
            contacts = iter([str(uuid4()) for _ in range(TICKETS)])
            async with asyncio.TaskGroup() as everything:
                everything.create_task(kill(desk, told))
                for _ in range(CLIENTS):
                    everything.create_task(client(http, contacts, told))


async def client(http: httpx.AsyncClient, contacts: Iterator[str], told: Told) -> None:
    """Opens a ticket for each contact and accepts it, as often as it takes."""
    for contact in contacts:
        body: dict[str, object] = {"signals": SIGNALS, "key": "k"}
        opened = await until_answered(http, f"/escalation/v1/contacts/{contact}/handovers", body)
        told.references[contact] = reference = opened["ticket"]["reference"]
        await until_accepted(http, reference)
        told.accepted.add(reference)


async def until_answered(http: httpx.AsyncClient, path: str, body: dict[str, object]) -> dict[str, dict[str, str]]:
    while True:
        try:
            reply = await http.post(path, json=body)
        except httpx.TransportError:
            reply = None
        if reply is not None and reply.status_code < 500:
            found: dict[str, dict[str, str]] = reply.raise_for_status().json()
            return found
        await asyncio.sleep(0.1)


async def until_accepted(http: httpx.AsyncClient, reference: str) -> None:
    headers, path = {"X-Firstline-Person": AGENT}, f"/escalation/v1/tickets/{reference}"
    while True:
        try:
            ticket = (await http.get(path, headers=headers)).raise_for_status().json()
            if ticket["status"] == "inProgress":
                return
            asked = {"move": "accept", "version": ticket["version"]}
            await http.post(f"{path}/moves", json=asked, headers=headers)
        except (httpx.TransportError, httpx.HTTPStatusError):
            await asyncio.sleep(0.1)


async def kill(desk: DeskAlone, told: Told) -> None:
    """One program after the other, each at a random moment, started again at once; clocks run out meanwhile."""
    chance = random.Random(4)
    for number, name in enumerate(KILLED):
        while len(told.accepted) < TICKETS * (number + 1) // (len(KILLED) + 2):
            await asyncio.sleep(0.02)
        await asyncio.to_thread(run_out, desk, list(told.references.values())[-20:])
        await asyncio.sleep(chance.random())
        child = desk.children.named(name)
        child.kill()
        child.spawn()
        await asyncio.to_thread(child.wait_ready)


def run_out(desk: DeskAlone, references: list[str]) -> None:
    """The next warning of the resolution of these tickets is due now."""
    with psycopg.connect(desk.database_url) as connection:
        connection.execute(
            "UPDATE clock_steps SET due_at = now() WHERE clock = 'resolve' AND share_pct = 50 AND fired_at IS NULL "
            "AND due_at IS NOT NULL AND ticket_id IN (SELECT id FROM tickets WHERE reference = ANY(%s))",
            (references,),
        )


def rows(desk: DeskAlone, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(desk.database_url) as connection:
        return connection.execute(query).fetchall()


def until_none(desk: DeskAlone, query: str) -> None:
    deadline = time.monotonic() + 30
    while rows(desk, query) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert rows(desk, query) == []


def test_each_ticket_that_was_told_exists_once_and_no_other(desk: DeskAlone, told: Told) -> None:
    stored = rows(desk, "SELECT contact_id::text, reference FROM tickets")

    assert len(told.references) == TICKETS
    assert sorted(stored) == sorted(told.references.items())


def test_each_was_accepted_once(desk: DeskAlone, told: Told) -> None:
    accepted = rows(
        desk,
        "SELECT t.reference, count(*) FROM audit a JOIN tickets t ON t.id = a.ticket_id "
        "WHERE a.what = 'accept' GROUP BY 1",
    )

    assert dict(accepted) == dict.fromkeys(told.accepted, 1)


@pytest.mark.usefixtures("told")
def test_no_event_is_lost(desk: DeskAlone) -> None:
    until_none(desk, "SELECT id FROM outbox WHERE delivered_at IS NULL AND topic NOT IN ('sms', 'fates')")

    with redis.Redis.from_url(desk.redis_url, decode_responses=True) as client:
        entries = client.xrange(streams.STAFF)
    found = Counter((event["reference"], event["kind"]) for event in (json.loads(e["event"]) for _, e in entries))
    wanted = rows(
        desk, "SELECT payload->>'reference', payload->>'kind' FROM outbox WHERE topic = '" + streams.STAFF + "'"
    )
    assert len(wanted) >= 2 * TICKETS
    assert set(wanted) <= found.keys()


@pytest.mark.usefixtures("told")
def test_each_step_that_was_due_fired_exactly_once(desk: DeskAlone) -> None:
    until_none(desk, "SELECT 1 FROM clock_steps WHERE fired_at IS NULL AND due_at <= now()")

    fired = rows(desk, "SELECT ticket_id, clock || ' ' || share_pct || '%' FROM clock_steps WHERE fired_at IS NOT NULL")
    told_of = rows(desk, "SELECT ticket_id, substr(what, 9) FROM audit WHERE who = 'watch' AND what LIKE 'warned:%'")
    assert len(fired) >= 20
    assert sorted(map(str, told_of)) == sorted(map(str, fired))
