"""Where people stand while one release makes room for the next: each waits at the same moment, and goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from benchmarks.writer import Writer
from ivr.simulator import Telephone
from tests.journeys.people import Agent, Shown, Subscriber, agent_at, subscriber_at

READ_AGAIN_S = 20.0


@dataclass
class Stage:
    url: str
    secrets: dict[str, str] = field(repr=False)
    arrived: set[str] = field(default_factory=set)  # stories that wait for the upgrade
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    upgraded: asyncio.Event = field(default_factory=asyncio.Event)

    async def upgrade(self) -> None:
        """Everything up to here was done with the old release, everything behind it is done with the present one."""
        self.arrives()
        await self.upgraded.wait()

    def arrives(self) -> None:
        """The running task's story needs nothing more of the old release."""
        task = asyncio.current_task()
        assert task is not None
        self.arrived.add(task.get_name())

    @asynccontextmanager
    async def chat(self) -> AsyncIterator[Subscriber]:
        async with subscriber_at(self.url) as subscriber:
            await subscriber.hears("automated assistant")
            yield subscriber

    @asynccontextmanager
    async def agent(self, username: str = "amira.khan") -> AsyncIterator[Agent]:
        async with agent_at(self.url, username, self.secrets["FIRSTLINE_DEMO_PASSWORD"]) as agent:
            yield agent

    @asynccontextmanager
    async def call(self, caller: str) -> AsyncIterator[Telephone]:
        async with httpx.AsyncClient(base_url=self.url, timeout=20) as http:
            phone = Telephone(http, self.secrets["TWILIO_AUTH_TOKEN"], self.url, caller=caller, sleep=_no_pause)
            await phone.dial()
            yield phone

    @asynccontextmanager
    async def machine(self) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"Authorization": f"Bearer {self.secrets['FIRSTLINE_API_TOKEN']}"}
        async with httpx.AsyncClient(base_url=self.url, headers=headers, timeout=20) as http:
            yield http


async def _no_pause(_: float) -> None:
    await asyncio.sleep(0.05)


def shown_to(subscriber: Subscriber) -> list[Shown]:
    """What a page that is opened anew must show too."""
    return [shown for shown in subscriber.seen if shown.id]


async def is_kept(subscriber: Subscriber, before: list[Shown]) -> None:
    """A page that is opened anew shows everything that was shown before, in that order, and nothing in between."""
    again = Writer(subscriber.http, subscriber.id, subscriber.token)
    listening = asyncio.create_task(again.listen())
    try:
        await again.until(lambda: len(again.events) >= len(before), READ_AGAIN_S)
    finally:
        listening.cancel()
    read = [(event.id, event.kind, event.data) for event in again.events[: len(before)]]
    missing = [shown for shown in before if (shown.id, shown.kind, shown.data) not in read]
    assert not missing, f"not shown any more: {missing[0]}, and {len(missing) - 1} more"
    assert len(read) == len(before), f"{len(read)} of {len(before)} events are shown"
