"""What the assistant tells of faults and visits arrives, in order and once, however long escalation is away."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis

from background import running
from escalation.client import EscalationUnavailable, FaultReport, ReportTaken, ToldLater, VisitAgreed, VisitTaken

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Escalation:
    """`refused`: an area that it will not take."""

    def __init__(self, *, refused: str = "") -> None:
        self.away = False
        self.told: list[str] = []
        self._refused = refused

    async def report_fault(self, said: FaultReport) -> ReportTaken:
        self._answer()
        if said.area == self._refused:
            request = httpx.Request("POST", "http://escalation")
            raise httpx.HTTPStatusError("422", request=request, response=httpx.Response(422, request=request))
        self.told.append(f"{said.area} at {said.at:%H:%M}")
        return ReportTaken()

    async def visit_agreed(self, said: VisitAgreed) -> VisitTaken:
        self._answer()
        self.told.append(f"visit {said.visit_id} at {said.begins_at:%H}")
        return VisitTaken(reference="FL-20458813")

    async def visit_cancelled(self, visit_id: str) -> None:
        self._answer()
        self.told.append(f"no visit {visit_id}")

    def _answer(self) -> None:
        if self.away:
            raise EscalationUnavailable("away")


def fault(area: str = "LF4") -> FaultReport:
    return FaultReport(contact_id=uuid4(), channel="chat", area=area, service="broadband", reporter="C-1", at=NOW)


def visit(hour: int) -> VisitAgreed:
    begins = NOW.replace(hour=hour)
    return VisitAgreed(
        contact_id=uuid4(),
        channel="chat",
        visit_id="V-1",
        begins_at=begins,
        ends_at=begins + timedelta(hours=2),
        customer_id="C-1",
        segment="consumer",
        name="Jo Smith",
        address="LF1 2AB",
    )


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not what():
            await asyncio.sleep(0.02)


@pytest.fixture
def escalation() -> Escalation:
    return Escalation()


async def test_what_can_be_told_is_told_at_once(redis_url: str, escalation: Escalation) -> None:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        later = ToldLater(redis, escalation)

        reported, agreed = await later.report_fault(fault()), await later.visit_agreed(visit(9))

    assert reported == ReportTaken()
    assert agreed == VisitTaken(reference="FL-20458813")


async def test_a_report_made_while_escalation_is_away_arrives_with_its_own_time(
    redis_url: str, escalation: Escalation
) -> None:
    escalation.away = True
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        later = ToldLater(redis, escalation)
        assert await later.report_fault(fault()) is None

        async with running(later.run()):
            await asyncio.sleep(0.1)
            assert not escalation.told
            escalation.away = False
            await until(lambda: bool(escalation.told))

    assert escalation.told == ["LF4 at 10:00"]


async def test_a_visit_is_moved_and_cancelled_in_the_order_it_was_said(redis_url: str, escalation: Escalation) -> None:
    """Also by two copies: what comes when escalation is back waits behind what came before."""
    escalation.away = True
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        later, other = ToldLater(redis, escalation), ToldLater(redis, escalation)
        assert await later.visit_agreed(visit(9)) is None
        escalation.away = False
        assert await other.visit_agreed(visit(14)) is None
        await later.visit_cancelled("V-1")

        async with running(later.run(), other.run()):
            await until(lambda: len(escalation.told) == 3)
            await asyncio.sleep(1.2)

        assert await other.visit_agreed(visit(16)) is not None

    assert escalation.told == ["visit V-1 at 09", "visit V-1 at 14", "no visit V-1", "visit V-1 at 16"]


async def test_what_is_refused_does_not_hold_up_the_rest(redis_url: str) -> None:
    escalation = Escalation(refused="LF9")
    escalation.away = True
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        later = ToldLater(redis, escalation)
        for area in ("LF9", "LF4"):
            await later.report_fault(fault(area))
        escalation.away = False

        async with running(later.run()):
            await until(lambda: bool(escalation.told))

        assert await redis.xlen("assistant:told-later:refused") == 1

    assert escalation.told == ["LF4 at 10:00"]


async def test_without_redis_too_nobody_has_it_and_the_assistant_hears_so(escalation: Escalation) -> None:
    escalation.away = True
    async with Redis.from_url("redis://127.0.0.1:1", decode_responses=True) as redis:
        with pytest.raises(EscalationUnavailable):
            await ToldLater(redis, escalation).report_fault(fault())
