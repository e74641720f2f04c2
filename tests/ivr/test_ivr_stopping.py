"""A copy of the telephone that is told to stop ends the turn it is at; the call goes on at another copy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx
import pytest

from ivr.simulator import Telephone
from settings import Settings
from tests.ivr.fake_ends import FakeAssistant, FakeDesk
from tests.ivr.scripted_call import phone, served

SAID = "I was charged twice"
ANSWER = "When was that?"


@dataclass
class Balancer(httpx.AsyncBaseTransport):
    """Gives a request to the first copy that takes connections. A caller who is told to wait listens until `heard`."""

    copies: list[httpx.URL]
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[httpx.URL] = field(default_factory=list)
    _wire: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/wait"):
            await self.heard.wait()
        for copy in self.copies:
            request.url = request.url.copy_with(host=copy.host, port=copy.port)
            try:
                response = await self._wire.handle_async_request(request)
            except httpx.ConnectError:
                continue
            self.taken.append(copy)
            return response
        raise httpx.ConnectError("no copy takes connections")

    async def aclose(self) -> None:
        await self._wire.aclose()


@dataclass
class House:
    telephone: Telephone
    balancer: Balancer
    first: AsyncExitStack  # closed: the first copy is told to stop, and has stopped


@pytest.fixture
def bot() -> FakeAssistant:
    return FakeAssistant(FakeDesk(), {SAID.lower(): {"says": ANSWER, "collects": {"category": "bill-dispute"}}})


@pytest.fixture
async def house(settings: Settings, bot: FakeAssistant) -> AsyncIterator[House]:
    quick = settings.model_copy(update={"ivr_budget_s": 0.8})
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(AsyncExitStack())
        copies = [await some.enter_async_context(served(quick, bot, FakeDesk())) for some in (first, stack)]
        balancer = Balancer([copy.base_url for copy in copies])
        async with httpx.AsyncClient(transport=balancer, base_url="http://balancer.example") as http:
            yield House(phone(http, settings), balancer, first)


async def test_a_turn_in_progress_gets_its_answer_and_the_next_one_another_copy(
    house: House, bot: FakeAssistant
) -> None:
    await house.telephone.dial()
    bot.slow_s = 0.5
    turn = asyncio.create_task(house.telephone.says(SAID))
    await asyncio.sleep(0.2)

    await house.first.aclose()

    await turn
    assert ANSWER in house.telephone.said
    assert set(house.balancer.taken) == {house.balancer.copies[0]}
    await house.telephone.says("yesterday")
    assert house.balancer.taken[-1] == house.balancer.copies[1]
    assert bot.told == [SAID, "yesterday"]


async def test_an_answer_that_takes_longer_is_kept_for_the_copy_that_is_asked_for_it(
    house: House, bot: FakeAssistant
) -> None:
    await house.telephone.dial()
    bot.slow_s = 1.2
    turn = asyncio.create_task(house.telephone.says(SAID))
    await asyncio.sleep(1.0)

    await house.first.aclose()

    assert [task for task in asyncio.all_tasks() if "Webhooks._alone" in repr(task.get_coro())] == []
    house.balancer.heard.set()
    await turn
    assert ANSWER in house.telephone.said
    assert house.balancer.taken[-1] == house.balancer.copies[1]
    assert bot.told == [SAID]
