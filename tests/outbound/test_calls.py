"""Calls: dialled once for each id, only where they are set up and wanted, and never guessed about."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from outbound.client import OutboundClient, OutboundUnavailable
from tests.outbound.conftest import INTERNAL, Running, Twilio

NUMBER = "+447700900123"
Run = Callable[..., Awaitable[Running]]


@pytest.fixture
async def outbound(run: Run, twilio: Twilio) -> Running:
    return await run(**set_up(twilio.url))


def set_up(url: str) -> dict[str, Any]:
    return {"twilio_api_base": url, "twilio_from_number": "+442079460000"}


async def test_a_call_is_dialled_with_the_addresses_of_its_webhooks(outbound: Running, twilio: Twilio) -> None:
    call_id = uuid4()

    rung = await outbound.client.ring(to="07700 900123", call_id=call_id, purpose="callback", mailboxes=True)

    (call,) = await twilio.calls()
    assert (rung.state, rung.call_sid) == ("dialled", call["sid"])
    assert (call["to"], call["from"], call["status"]) == (NUMBER, "+442079460000", "ringing")
    assert call["url"].endswith(f"/ivr/called/picked-up?call={call_id}")
    assert call["status_callback"].endswith(f"/ivr/called/ended?call={call_id}")


async def test_the_same_id_is_never_dialled_twice(outbound: Running, twilio: Twilio) -> None:
    call_id = uuid4()

    first, again = [
        await outbound.client.ring(to=NUMBER, call_id=call_id, purpose="callback", mailboxes=True) for _ in range(2)
    ]

    assert first == again
    assert len(await twilio.calls()) == 1


async def test_who_wants_no_such_calls_is_rung_only_when_they_asked_for_it(outbound: Running, twilio: Twilio) -> None:
    await outbound.client.opt_out("07700900123", opted_out=True, of="calls")

    unasked = await outbound.client.ring(to=NUMBER, call_id=uuid4(), purpose="confirmation", mailboxes=True)
    asked_for = await outbound.client.ring(to=NUMBER, call_id=uuid4(), purpose="callback", mailboxes=True)
    await outbound.client.opt_out(NUMBER, opted_out=False, of="calls")
    again = await outbound.client.ring(to=NUMBER, call_id=uuid4(), purpose="confirmation", mailboxes=True)

    assert (unasked.state, asked_for.state, again.state) == ("opted_out", "dialled", "dialled")
    assert len(await twilio.calls()) == 2


async def test_who_wants_no_messages_may_be_called(outbound: Running) -> None:
    await outbound.client.opt_out(NUMBER, opted_out=True)

    rung = await outbound.client.ring(to=NUMBER, call_id=uuid4(), purpose="confirmation", mailboxes=True)

    assert rung.state == "dialled"


async def test_without_an_account_nothing_is_dialled_and_health_says_so(run: Run) -> None:
    running = await run(twilio_account_sid="")

    rung = await running.client.ring(to=NUMBER, call_id=uuid4(), purpose="callback", mailboxes=True)

    assert rung.state == "not_set_up"
    assert (await running.health())["calls"] == "not set up"


@pytest.mark.parametrize("to", ["someone@example.com", "not a number", ""])
async def test_what_is_no_telephone_number_is_refused(outbound: Running, to: str, twilio: Twilio) -> None:
    rung = await outbound.client.ring(to=to, call_id=uuid4(), purpose="callback", mailboxes=True)

    assert rung.state == "refused"
    assert await twilio.calls() == []


async def test_a_number_that_the_network_does_not_know_is_refused(outbound: Running) -> None:
    rung = await outbound.client.ring(to="+15005550001", call_id=uuid4(), purpose="callback", mailboxes=True)

    assert (rung.state, rung.reason) == ("refused", "Twilio refused it (error 21211)")


async def test_a_network_that_cannot_be_reached_dialled_nothing_and_may_be_asked_again(run: Run) -> None:
    running, call_id = await run(**set_up("http://127.0.0.1:1")), uuid4()

    first = await running.client.ring(to=NUMBER, call_id=call_id, purpose="callback", mailboxes=True)
    again = await running.client.ring(to=NUMBER, call_id=call_id, purpose="callback", mailboxes=True)

    assert (first.state, again.state) == ("later", "later")


@pytest.mark.parametrize("mode", ["error", "garbage"])
async def test_a_network_that_answers_wrongly_may_have_dialled(outbound: Running, twilio: Twilio, mode: str) -> None:
    await twilio.switch(mode, "calls")
    call_id = uuid4()

    first = await outbound.client.ring(to=NUMBER, call_id=call_id, purpose="callback", mailboxes=True)
    await twilio.switch("off", "calls")
    again = await outbound.client.ring(to=NUMBER, call_id=call_id, purpose="callback", mailboxes=True)

    assert (first.state, again.state) == ("unknown", "unknown")
    assert await twilio.calls() == []


async def test_when_redis_is_away_nothing_is_dialled(run: Run, twilio: Twilio) -> None:
    running = await run(**set_up(twilio.url), redis_url="redis://127.0.0.1:1/0")

    with pytest.raises(OutboundUnavailable):
        await running.client.ring(to=NUMBER, call_id=uuid4(), purpose="callback", mailboxes=True)

    assert await twilio.calls() == []


async def test_when_outbound_is_away_the_caller_knows_that_nothing_was_dialled() -> None:
    client = OutboundClient(httpx.AsyncClient(base_url="http://127.0.0.1:1", headers=INTERNAL))

    with pytest.raises(OutboundUnavailable):
        await client.ring(to=NUMBER, call_id=uuid4(), purpose="callback", mailboxes=True)
    await client.aclose()


async def test_only_our_programs_may_ring(outbound: Running) -> None:
    body = {"to": NUMBER, "call_id": str(uuid4()), "purpose": "callback"}

    reply = await outbound.http.post("/outbound/v1/calls", json=body, headers={"Authorization": "Bearer wrong"})

    assert reply.status_code == 401
