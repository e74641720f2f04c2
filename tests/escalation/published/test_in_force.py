"""What is published is taken by running programs, whole, and a wrong one by none."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, text

from escalation.contact_api import keep_up
from escalation.office import Office, utc_now
from escalation.policy import PolicyError
from escalation.published.in_force import InForce
from escalation.published.policy_records import PolicyVersionRecord
from escalation.records import HeartbeatRecord, TicketRecord
from escalation.watch import NAME, POLICY, ROUND_S, watch
from settings import Settings
from tests.escalation.escalation_service import Running, started
from tests.escalation.published.proposals import OTHER, SUPERVISOR, publish, text_of
from tests.escalation.shift import Shift

CLOSES, SOON = "close_after: 3d", "close_after: 1s"
WITHIN_S = 20.0


async def until(is_so: Callable[[], Any]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not await is_so():
            await asyncio.sleep(0.1)


async def forced(office: Office, file: str, written: str, number: int = 2) -> None:
    """Past every check, as a newer release might have published it."""
    values = {"file": file, "number": number, "text": written, "at": office.now(), "why": "", "because": ""}
    async with office.sessions.begin() as session:
        await session.execute(insert(PolicyVersionRecord).values(**values, alone=False))


@pytest.fixture
async def watching(shift: Shift, migrated: Settings) -> AsyncIterator[Shift]:
    """A shift of our time beside the running watch."""
    now = replace(shift.office, now=utc_now)
    stop = asyncio.Event()
    running = asyncio.create_task(watch(migrated, stop))

    async def beats() -> bool:
        async with now.sessions() as session:
            return await session.get(HeartbeatRecord, NAME) is not None

    await until(beats)
    shift.watch.at = datetime.now(UTC)
    yield Shift(now, shift.watch)
    stop.set()
    await running


async def test_the_running_watch_takes_what_is_published(watching: Shift) -> None:
    reference = await watching.ticket()
    await watching.act("sam.okoye", reference, "accept")
    await watching.act("sam.okoye", reference, "resolve", text="it works")
    await asyncio.sleep(2.5)
    assert (await watching.read(reference)).status == "resolved"

    await publish(watching.office, "sla.yml", CLOSES, SOON)

    async def is_closed() -> bool:
        async with watching.office.sessions() as session:
            found = select(TicketRecord.status).where(TicketRecord.reference == reference)
            return await session.scalar(found) == "closed"

    await until(is_closed)


async def test_both_copies_of_the_service_take_it_and_the_one_that_was_asked_at_once(
    running: Running, migrated: Settings
) -> None:
    async with started(migrated) as other:
        base = await running.client.policy_file(SUPERVISOR, "replies.yml")
        found = await running.http.post(
            "/escalation/v1/policies/replies.yml/proposals",
            json={"text": base.text.replace("name: Greeting", "name: Hello"), "base": base.base, "why": "shorter"},
            headers={"X-Firstline-Person": SUPERVISOR},
        )
        await running.client.accept_policy(OTHER, found.json()["id"])

        assert "Hello" in [reply.name for reply in await running.client.canned_replies()]

        async def is_there_too() -> bool:
            return "Hello" in [reply.name for reply in await other.client.canned_replies()]

        await until(is_there_too)


async def test_a_new_ticket_keeps_the_new_version_and_an_open_one_its_own(shift: Shift) -> None:
    before = await shift.ticket(category="broadband-down", segment="gold")
    shift.office = await publish(shift.office, "sla.yml", "resolve: {within: 8h", "resolve: {within: 6h")
    after = await shift.ticket(category="broadband-down", segment="gold")

    async with shift.office.sessions() as session:
        rows = await session.execute(select(TicketRecord.reference, TicketRecord.policy))
        kept = {row.reference: row.policy for row in rows}
    assert kept[after]["version"] == shift.office.policy.version != kept[before]["version"]
    assert [kept[one]["targets"]["resolve"]["within"] for one in (before, after)] == ["PT8H", "PT6H"]


async def test_without_a_publication_the_installed_files_are_in_force(shift: Shift) -> None:
    in_force = InForce(shift.office)

    first = await in_force.look()

    assert (first.policy.version, first.policy.source.published) == (shift.office.policy.version, {})
    assert await in_force.look() is first


async def test_what_is_wrong_leaves_the_one_before_in_force_and_is_told_once(
    shift: Shift, caplog: pytest.LogCaptureFixture
) -> None:
    in_force = InForce(shift.office)
    before = await in_force.look()
    await forced(shift.office, "sla.yml", (await text_of(shift.office, "sla.yml")).replace("15m", "soon"))

    with caplog.at_level(logging.ERROR):
        looks = [await in_force.look() for _ in range(3)]

    assert all(office is before for office in looks)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "sla.yml:15" in caplog.text


async def test_a_correction_after_a_wrong_one_is_taken(shift: Shift) -> None:
    in_force = InForce(shift.office)
    await in_force.look()
    good = await text_of(shift.office, "sla.yml")
    await forced(shift.office, "sla.yml", good.replace("15m", "soon"))
    await in_force.look()
    was_behind = in_force.is_behind

    await forced(shift.office, "sla.yml", good.replace(CLOSES, SOON), number=3)

    assert (await in_force.look()).policy.sla.close_after.total_seconds() == 1
    assert (was_behind, in_force.is_behind) == (True, False)


async def test_prometheus_is_told_that_the_service_refuses_a_policy(running: Running) -> None:
    async def told() -> list[str]:
        lines = (await running.http.get("/metrics")).text.splitlines()
        return [line for line in lines if line.startswith("firstline_policy_refused")]

    before = await told()
    await forced(running.office, "sla.yml", (await text_of(running.office, "sla.yml")).replace("15m", "soon"))
    await keep_up(running.app)

    assert (before, await told()) == (["firstline_policy_refused 0.0"], ["firstline_policy_refused 1.0"])


async def test_the_watch_stops_saying_that_it_goes_by_the_newest_policy(watching: Shift) -> None:
    async def said(name: str) -> datetime:
        async with watching.office.sessions() as session:
            return (await session.get_one(HeartbeatRecord, name)).at

    await forced(watching.office, "sla.yml", (await text_of(watching.office, "sla.yml")).replace("15m", "soon"))
    await asyncio.sleep(3 * ROUND_S)
    last, beats = await said(POLICY), await said(NAME)

    async def still_beats() -> bool:
        return await said(NAME) > beats

    await until(still_beats)

    assert await said(POLICY) == last


async def test_nothing_begins_with_a_policy_that_does_not_fit(shift: Shift) -> None:
    await forced(shift.office, "tiers.yml", (await text_of(shift.office, "tiers.yml")).replace("sam.okoye", "nobody"))

    with pytest.raises(PolicyError, match=r"tiers\.yml:\d+: supervisor: nobody is not in people\.yml"):
        await InForce(shift.office).look()


async def test_a_service_that_began_without_the_database_serves_nothing_under_another_policy(
    migrated: Settings, shift: Shift
) -> None:
    """The tables are away when it begins, and come back with something published."""
    shift.office = await publish(shift.office, "replies.yml", "name: Greeting", "name: Hello")
    async with shift.office.sessions.begin() as session:
        await session.execute(text("ALTER TABLE policy_versions RENAME TO away"))
    async with started(migrated) as service:
        refused = await service.http.get("/escalation/v1/canned-replies")
        health = await service.http.get("/escalation/v1/health")
        async with shift.office.sessions.begin() as session:
            await session.execute(text("ALTER TABLE away RENAME TO policy_versions"))
        names = [reply.name for reply in await service.client.canned_replies()]

    assert (refused.status_code, health.status_code) == (500, httpx.codes.OK)
    assert "Hello" in names
