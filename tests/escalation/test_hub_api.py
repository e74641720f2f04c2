"""What the people who run the hub see of it, and do."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from escalation import subscription
from escalation.sender import Sender
from escalation.subscription import Subscribe
from escalation.watch import watch
from settings import Settings
from tests.escalation.escalation_service import Running, started
from tests.escalation.receiver import courier, receiving
from tests.escalation.test_hub import HUB, subscribed
from tests.escalation.test_tmf621 import filed

INSIDE = "/escalation/v1/hub"


async def told(running: Running, path: str, **params: Any) -> Any:
    reply = await running.http.get(f"{INSIDE}/{path}", params=params)
    assert reply.status_code == 200
    return reply.json()[path]


async def test_a_dead_event_is_listed_counted_and_replayed(running: Running) -> None:
    async with receiving() as receiver:
        office = running.office
        kept = await subscription.subscribe(office, "api", Subscribe(callback=receiver.url))
        ticket = await filed(running)
        tomorrow = replace(office, now=lambda: datetime.now(UTC) + timedelta(hours=25))
        receiver.answers(500)
        late = Sender(tomorrow, courier(), ["a-secret-that-is-long"])
        await late.round()
        await late.idle()

        (dead,) = await told(running, "dead", subscription_id=kept["id"])
        (state,) = await told(running, "subscriptions")
        health = (await running.http.get("/escalation/v1/health")).json()
        replayed = await running.http.post(f"{INSIDE}/subscriptions/{kept['id']}/replay")
        after = (await running.http.get("/escalation/v1/health")).json()

    assert (dead["ticket_id"], dead["fault"], dead["tries"]) == (ticket["id"], "answered 500", 1)
    assert (state["id"], state["dead"], state["state"]) == (kept["id"], 1, "retrying")
    assert state["last_fault"] == dead["fault"]
    assert (health["webhooks"], replayed.json(), after["webhooks"]) == (
        {"waiting": 0, "dead": 1},
        {"replayed": 1},
        {"waiting": 1, "dead": 0},
    )


@pytest.mark.parametrize("path", ["dead/7/replay", "subscriptions/00000000-0000-4000-8000-000000000000/replay"])
async def test_what_is_not_there_is_not_replayed(running: Running, path: str) -> None:
    assert (await running.http.post(f"{INSIDE}/{path}")).status_code == 404


async def test_the_machine_client_does_not_see_it(running: Running, settings: Settings) -> None:
    token = {"Authorization": f"Bearer {settings.firstline_api_token.get_secret_value()}"}

    assert (await running.http.get(f"{INSIDE}/dead", headers=token)).status_code == 401


async def test_the_watch_sends_and_refuses_what_leads_inside(running: Running, migrated: Settings) -> None:
    async with receiving() as receiver:
        inside = f"http://127.0.0.1:{receiver.port}/events"
        await subscription.subscribe(running.office, "api", Subscribe(callback=inside))
        await filed(running)
        stop = asyncio.Event()
        watching = asyncio.create_task(watch(migrated, stop))
        async with asyncio.timeout(20):
            while not (await told(running, "subscriptions"))[0]["last_fault"]:
                await asyncio.sleep(0.05)
        stop.set()
        await watching
        (state,) = await told(running, "subscriptions")

    assert state["last_fault"] == "callback: the host is private, loopback, link-local or reserved"
    assert receiver.received == []


async def test_a_query_that_is_not_understood_is_told_at_once(running: Running) -> None:
    reply = await subscribed(running, query="colour=red")

    assert (reply.status_code, "cannot filter by colour" in reply.json()["message"]) == (400, True)


async def test_without_a_secret_nobody_subscribes(migrated: Settings) -> None:
    async with started(migrated.model_copy(update={"firstline_webhook_secrets": SecretStr("")})) as closed:
        reply = await closed.http.post(HUB, json={"callback": "https://erp.example/"})

    assert (reply.status_code, "FIRSTLINE_WEBHOOK_SECRETS" in reply.json()["message"]) == (403, True)
