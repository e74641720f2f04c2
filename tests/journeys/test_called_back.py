"""A caller need not wait: Firstline rings them by the network, and a person is rung only after they press a key."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest

from escalation import policy
from ivr.simulator import Telephone
from ops import trial
from ops.product import Product
from tests.journeys.people import agent_at, telephone
from tests.journeys.test_phone_journeys import told_reference

pytestmark = pytest.mark.product

# One of them is at a place where it is a time to ring, whenever this runs.
SOMEWHERE = ("+442079460123", "+12125550123", "+13105550123", "+6493550123", "+81345550123", "+911145550123")


@pytest.fixture(scope="module")
def quiet_product(product: Product) -> Iterator[Product]:
    """One of their own: nobody else waits for a person here, and nobody is busy."""
    with trial.running(built=product.state) as firstline:
        yield firstline


@asynccontextmanager
async def network(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """The demo operator's telephone network."""
    headers = {"Authorization": f"Bearer {product.environment['FIRSTLINE_OPERATOR_TOKEN']}"}
    async with httpx.AsyncClient(base_url=product.settings.firstline_operator_url, headers=headers) as http:
        yield http


async def rung(product: Product, number: str, *, within_s: float = 20.0) -> dict[str, str]:
    """The call to that number, picked up."""
    async with network(product) as http, asyncio.timeout(within_s):
        while True:
            for call in (await http.get("/demo/calls")).json():
                if call["to"] == number and call["status"] == "ringing":
                    answered: dict[str, str] = (await http.post(f"/demo/calls/{call['sid']}/answered")).json()
                    return answered
            await asyncio.sleep(0.2)


async def test_a_caller_who_keeps_the_place_is_rung_and_talks_to_a_person(quiet_product: Product) -> None:
    now = datetime.now(UTC)
    number = next(number for number in SOMEWHERE if policy.load().calls.may_ring(number, now))
    async with telephone(quiet_product, caller=number) as phone:
        await _until_the_line_rings(phone)
        reference = told_reference(phone)
        assert reference is not None
        await phone.line("no-answer")
        assert "To keep your place and be called back, press 1" in phone.said
        await phone.presses("1")
        assert phone.status == "completed"

    call = await rung(quiet_product, number)
    ours = Telephone(
        phone.http, phone.token, phone.public_url, caller=call["from"], called=call["to"], call_sid=call["sid"]
    )
    async with httpx.AsyncClient(base_url=quiet_product.url, timeout=20) as http:
        ours.http = http
        await ours.picks_up(call["url"], ended=call["status_callback"])
        assert "You asked us to call you back" in ours.said
        assert told_reference(ours) is None, "whoever picks up is told nothing of the ticket"
        await ours.presses("1")
        assert ours.heard[-1].what == "rings"
        await ours.line("completed")
        whispered = " ".join(line.text for line in ours.heard if line.what == "whispers")
        assert "my line is noisy" in whispered
        await ours.hangs_up()

    password = quiet_product.environment["FIRSTLINE_DEMO_PASSWORD"]
    async with agent_at(quiet_product.url, "amira.khan", password) as agent:
        page = (await agent.http.get(f"/console/tickets/{reference}/phone")).text
        ticket = await agent.ticket(reference)
    assert "<dt>Reached</dt>" in page
    assert "rung by Firstline" in page
    assert "we called, and the customer wants to talk to a person" in ticket


async def _until_the_line_rings(phone: Telephone) -> None:
    await phone.says("I want to talk to a person")
    for _ in range(8):
        if phone.wants != "words":
            return
        await phone.says("yes" if "on this number" in phone.said or "call you" in phone.said else "my line is noisy")
    raise AssertionError(f"no line was put through, but: {phone.said}")
