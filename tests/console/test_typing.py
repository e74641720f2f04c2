"""Typing at the console: the customer's sign reaches the open ticket, the agent's leaves it at a pace."""

import asyncio
import json
from uuid import uuid4

from websockets.asyncio.client import connect

from console.live import Listener
from escalation.client import Person, TypingSign
from tests.console.fake_desk import DANA, OMAR, FakeDesk
from tests.console.morning import CHARGED, SLOW
from tests.console.test_console_live import cookie_of, site

__all__ = ["site"]
OWN_ONLY = Person(username="priya", name="Priya Shah", role="partner", tier=2, departments=("*",), sees="own")


def sign(reference: str = SLOW, username: str = "dana") -> TypingSign:
    return TypingSign(by="customer", contact_id=uuid4(), reference=reference, username=username)


def ticket_socket(site: str, cookie: str, reference: str) -> connect:
    address = site.replace("http", "ws", 1) + f"/live?ticket={reference}"
    return connect(address, additional_headers={"Cookie": cookie}, origin=site.removesuffix("/console"))  # type: ignore[arg-type]


async def test_the_open_ticket_is_told_that_its_customer_types(site: str, desk: FakeDesk) -> None:
    cookie = await cookie_of(site)
    async with ticket_socket(site, cookie, SLOW) as page, ticket_socket(site, cookie, CHARGED) as other:
        desk.signs.put_nowait(sign())

        async with asyncio.timeout(5):
            told = [json.loads(await page.recv()) for _ in range(1)]
            while "customer_types" not in told[-1]:  # who looks on is told as well
                told.append(json.loads(await page.recv()))
        desk.customer_says(CHARGED, "Hello?")
        async with asyncio.timeout(5):
            heard = json.loads(await other.recv())
            while CHARGED not in heard.get("changed", ()):
                heard = json.loads(await other.recv())
            assert "customer_types" not in heard


async def test_the_agents_typing_is_passed_on_at_most_every_two_seconds(site: str, desk: FakeDesk) -> None:
    async with ticket_socket(site, await cookie_of(site), SLOW) as page:
        for said in ("types", "types", "something else", "types"):
            await page.send(said)
        async with asyncio.timeout(5):
            while not desk.typed:
                await asyncio.sleep(0.01)

    assert desk.typed == [("dana", SLOW)]


async def test_who_does_not_see_a_ticket_is_not_told_of_its_typing() -> None:
    mine, colleagues, foreign = Listener(SLOW, DANA), Listener(SLOW, OMAR), Listener(SLOW, OWN_ONLY)
    partners = Listener(SLOW, OWN_ONLY)

    for listener in (mine, colleagues, foreign):
        listener.tell_typing(sign())
    partners.tell_typing(sign(username="priya"))

    assert [each.take_typing() for each in (mine, colleagues, foreign, partners)] == [True, True, False, True]
    assert not mine.take_typing()
