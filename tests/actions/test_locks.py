"""actions.locks: a person is told of a lock once, even when nobody could be told at first."""

from uuid import UUID

import pytest
from redis.asyncio import Redis

from actions.locks import LockNews
from escalation.client import EscalationUnavailable
from tests.actions.world import CONTACT, Desk


async def test_a_lock_waits_until_people_can_be_told_and_is_one_ticket(redis_url: str) -> None:
    desk = Desk(away=True)
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        news = LockNews(redis, desk)
        await news.keep(UUID(str(CONTACT)), "t1", "cust-1001")
        with pytest.raises(EscalationUnavailable):
            await news.tell()
        desk.away = False
        await news.tell()
        await news.tell()

    (signals,) = desk.opened.values()
    assert desk.calls == 2
    assert (signals.category, signals.reason) == ("security-fraud", "verification_failed")
    assert "cust-1001" in signals.checks[0].result
