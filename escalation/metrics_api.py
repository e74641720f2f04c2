"""`/metrics` for Prometheus: whether the watch is alive, and when it last found every clock in order."""

from fastapi import APIRouter, Response
from sqlalchemy import select

from escalation.contact_api import OfficeOf
from escalation.office import Office
from escalation.records import HeartbeatRecord
from metrics import MEDIA_TYPE, Metrics

router = APIRouter(tags=["metrics"])
AGE = "firstline_heartbeat_age_seconds"


@router.get("/metrics", include_in_schema=False)
async def metrics(office: OfficeOf) -> Response:
    return Response(await _told(office), media_type=MEDIA_TYPE)


async def _told(office: Office) -> bytes:
    """Read at each scrape: the watch is another program, and the database is where it leaves its heartbeat."""
    found = Metrics()
    age = found.gauge(AGE, "Since the watch last looked, or last found that every clock fired what it should", "name")
    async with office.sessions() as session:
        for name, at in (await session.execute(select(HeartbeatRecord.name, HeartbeatRecord.at))).all():
            age.labels(name).set((office.now() - at).total_seconds())
    return found.text()
