"""What Prometheus reads, and who may."""

from datetime import timedelta

import httpx
from sqlalchemy import select

from escalation.records import HeartbeatRecord
from escalation.watch import PROVEN, beat, prove
from tests.escalation.escalation_service import Running
from tests.escalation.shift import Shift


async def test_prometheus_sees_how_long_the_watch_has_been_silent(running: Running) -> None:
    async with running.office.change() as session:
        session.add(HeartbeatRecord(name="watch", at=running.office.now() - timedelta(seconds=40)))

    told = (await running.http.get("/metrics")).text

    line = next(line for line in told.splitlines() if line.startswith('firstline_heartbeat_age_seconds{name="watch"}'))
    assert 40 <= float(line.split()[1]) < 100


async def test_a_stranger_reads_no_metrics(running: Running) -> None:
    transport = httpx.ASGITransport(app=running.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://escalation") as stranger:
        assert (await stranger.get("/metrics")).status_code == 401


async def test_the_proof_of_the_clocks_goes_on_only_while_they_are_in_order(shift: Shift) -> None:
    await shift.ticket(category="bill-dispute")
    await prove(shift.office)
    proven = await heartbeat(shift)
    shift.watch.advance(hours=4)  # half of the time to respond was used up long ago, and no watch has looked
    await beat(shift.office)
    await prove(shift.office)

    assert proven is not None
    assert await heartbeat(shift) == proven


async def heartbeat(shift: Shift) -> object:
    async with shift.office.sessions() as session:
        return await session.scalar(select(HeartbeatRecord.at).where(HeartbeatRecord.name == PROVEN))
