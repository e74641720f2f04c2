"""What was shown is told, however long escalation is away."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
from redis.asyncio import Redis

from escalation.client import ContactStart, EscalationUnavailable, Outcome, Trail, Turn
from escalation.streams import UNREAD_FOR
from tests.escalation.escalation_service import Running

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Records:
    """Escalation as the trail sees it. `away`: how many calls fail first; `refused`: a text it will not take."""

    def __init__(self, *, away: int = 0, refused: str = "") -> None:
        self.told: list[str] = []
        self._away = away
        self._refused = refused

    async def start_contact(self, start: ContactStart) -> None:
        self._answer()
        self.told.append("start")

    async def record(self, turns: Sequence[Turn]) -> None:
        self._answer()
        if any(turn.text == self._refused for turn in turns):
            request = httpx.Request("POST", "http://escalation")
            raise httpx.HTTPStatusError("400", request=request, response=httpx.Response(400, request=request))
        self.told += [turn.text for turn in turns]

    async def copied(self, contact_id: UUID) -> None:
        self._answer()
        self.told.append("copied")

    async def finish_contact(self, contact_id: UUID, outcome: Outcome) -> None:
        self._answer()
        self.told.append(outcome)

    def _answer(self) -> None:
        if self._away:
            self._away -= 1
            raise EscalationUnavailable("away")


async def conversation(trail: Trail, *texts: str) -> UUID:
    contact_id = uuid4()
    await trail.start(ContactStart(contact_id=contact_id, channel="chat", language="en", started_at=NOW))
    for text in texts:
        await trail.append(Turn(contact_id=contact_id, turn_id=text, author="customer", text=text, at=NOW))
    await trail.finish(contact_id, "unconfirmed")
    return contact_id


async def run_until_told(trail: Trail, redis: Redis) -> None:
    running = asyncio.create_task(trail.run())
    async with asyncio.timeout(10):
        while await redis.xlen("chat:trail"):  # a stream tells nobody that it is empty
            await asyncio.sleep(0.02)
    running.cancel()


async def test_everything_is_told_in_order(redis: Redis) -> None:
    records = Records()
    trail = Trail(redis, "chat", records)
    await conversation(trail, "a", "b", "c")

    await run_until_told(trail, redis)

    assert records.told == ["start", "a", "b", "c", "unconfirmed"]


async def test_while_escalation_is_away_nothing_is_lost(redis: Redis) -> None:
    records = Records(away=3)
    trail = Trail(redis, "chat", records)
    await conversation(trail, "a", "b")

    await run_until_told(trail, redis)

    assert records.told == ["start", "a", "b", "unconfirmed"]


async def test_what_is_refused_is_set_aside_and_the_rest_goes_on(redis: Redis) -> None:
    records = Records(refused="bad")
    trail = Trail(redis, "chat", records)
    await conversation(trail, "a", "bad", "b")

    await run_until_told(trail, redis)

    assert records.told == ["start", "a", "b", "unconfirmed"]
    assert await redis.xlen("chat:trail:refused") == 1


async def test_a_front_door_that_starts_again_goes_on_where_it_was(redis: Redis) -> None:
    stuck = Trail(redis, "chat", Records(away=10_000))
    await conversation(stuck, "a")
    running = asyncio.create_task(stuck.run())
    await asyncio.sleep(0.3)
    running.cancel()
    records = Records()

    await run_until_told(Trail(redis, "chat", records), redis)

    assert records.told == ["start", "a", "unconfirmed"]


async def test_it_leads_to_the_contact_in_the_database(running: Running, redis: Redis) -> None:
    trail = Trail(redis, "chat", running.client)

    contact_id = await conversation(trail, "hello")
    await run_until_told(trail, redis)

    interaction = (await running.http.get(f"/tmf-api/partyInteraction/v4/partyInteraction/{contact_id}")).json()
    assert [note["text"] for note in interaction["note"]] == ["hello"]
    assert (interaction["status"], interaction["reason"]) == ("completed", "unconfirmed")


async def test_a_stream_that_nobody_reads_or_writes_any_more_goes_away(redis: Redis) -> None:
    await conversation(Trail(redis, "chat", Records()), "a")

    assert UNREAD_FOR.total_seconds() - 60 < await redis.ttl("chat:trail") <= UNREAD_FOR.total_seconds()
