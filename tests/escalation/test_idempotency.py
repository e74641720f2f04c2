"""A ticket that is filed twice with one key is one ticket."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from escalation import idempotency
from escalation.records import FilingKeyRecord
from settings import Settings
from tests.escalation.escalation_service import Running, started
from tests.escalation.test_tmf621 import ADMIN, FAULT, PATH, patched


async def file(running: Running, key: str = "k-1", *, token: str | None = None, **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} | ({"Authorization": f"Bearer {token}"} if token else {})
    return await running.http.post(PATH, json={**FAULT, **more}, headers=headers)


async def tickets(running: Running) -> int:
    return int((await running.http.get(PATH, params={"limit": 0})).headers["x-total-count"])


def told(reply: httpx.Response) -> tuple[int, str, str, bytes]:
    return reply.status_code, reply.headers["location"], reply.headers["etag"], reply.content


async def test_the_same_request_again_is_the_same_ticket_and_answer(running: Running) -> None:
    first = await file(running)
    await patched(running, first.json(), name="changed since")

    again = await file(running)

    assert told(again) == told(first)
    assert (first.status_code, await tickets(running)) == (201, 1)


async def test_the_order_of_a_bodys_names_does_not_matter(running: Running) -> None:
    first = await file(running)

    again = await running.http.post(PATH, json=dict(reversed(FAULT.items())), headers={"Idempotency-Key": "k-1"})

    assert told(again) == told(first)


async def test_another_body_with_the_same_key_is_refused(running: Running) -> None:
    await file(running)

    reply = await file(running, severity="Low")

    assert (reply.status_code, reply.json()["status"]) == (422, "422")
    assert "another body" in reply.json()["message"]
    assert await tickets(running) == 1


async def test_without_a_key_or_with_another_it_is_another_ticket(running: Running) -> None:
    replies = [await file(running), await file(running, "k-2"), await running.http.post(PATH, json=FAULT)]

    assert len({reply.headers["location"] for reply in replies}) == 3


async def test_a_key_belongs_to_its_caller(running: Running, settings: Settings) -> None:
    ours = await file(running)

    theirs = await file(running, token=settings.firstline_api_token.get_secret_value())

    assert ours.headers["location"] != theirs.headers["location"]


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "caf\u00e9"])
async def test_an_unfit_key_is_refused(running: Running, key: str) -> None:
    reply = await running.http.post(PATH, json=FAULT, headers=[(b"Idempotency-Key", key.encode("latin-1"))])

    assert (reply.status_code, await tickets(running)) == (400, 0)


async def test_a_bad_body_does_not_use_up_the_key(running: Running) -> None:
    refused = await file(running, severity=7)

    assert (refused.status_code, (await file(running)).status_code) == (400, 201)


async def test_after_a_crash_between_commit_and_answer_the_answer_is_found_again(running: Running) -> None:
    office = running.office

    def crash() -> None:
        raise RuntimeError("after the commit")

    running.app.state.office = replace(office, wake=crash)
    crashed = await file(running)
    running.app.state.office = office

    again = await file(running)

    assert (crashed.status_code, again.status_code, await tickets(running)) == (500, 201, 1)


async def test_a_crash_before_the_commit_leaves_the_key_free(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def crash(*_: Any) -> None:
        raise RuntimeError("before the commit")

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "keep", crash)
        crashed = await file(running)

    again = await file(running)

    assert (crashed.status_code, again.status_code, await tickets(running)) == (500, 201, 1)


async def test_two_programs_at_once_open_one_ticket(running: Running, migrated: Settings) -> None:
    async with started(migrated) as other:
        replies = await asyncio.gather(*(file(service) for service in (running, other) * 4))

    assert len({told(reply) for reply in replies}) == 1
    assert await tickets(running) == 1


async def test_a_key_is_forgotten_after_a_day(running: Running) -> None:
    first = await file(running)
    now = running.office.now()
    running.app.state.office = replace(running.office, now=lambda: now + idempotency.KEPT + timedelta(minutes=1))

    later = await file(running, severity="Low")

    assert (later.status_code, later.headers["location"] != first.headers["location"]) == (201, True)


async def test_what_is_too_old_is_not_kept(running: Running) -> None:
    await file(running)
    now = running.office.now()

    await idempotency.forget(running.office)
    async with running.office.sessions() as session:
        fresh = await session.scalar(select(func.count()).select_from(FilingKeyRecord))
    await idempotency.forget(replace(running.office, now=lambda: now + timedelta(hours=25)))
    async with running.office.sessions() as session:
        old = await session.scalar(select(func.count()).select_from(FilingKeyRecord))

    assert (fresh, old) == (1, 0)


async def test_a_deleted_ticket_does_not_come_back_with_its_key(running: Running) -> None:
    ticket = (await file(running)).json()
    await running.http.delete(f"{PATH}/{ticket['id']}", headers=ADMIN)

    reply = await file(running)

    assert (reply.status_code, "deleted" in reply.json()["message"]) == (409, True)
