"""`/metrics` for Prometheus: what the program counted, and how escalation is doing at this moment."""

from fastapi import APIRouter, Request, Response
from redis import RedisError
from redis.asyncio import Redis
from sqlalchemy.exc import SQLAlchemyError

from escalation import condition
from escalation.contact_api import AnyOffice
from escalation.office import Office
from metrics import MEDIA_TYPE, Metrics, QueueGauges

router = APIRouter(tags=["metrics"])


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, office: AnyOffice) -> Response:
    counted: Metrics = request.app.state.metrics
    told = await _told(office, request.app.state.redis, is_behind=request.app.state.in_force.is_behind)
    return Response(counted.text() + told, media_type=MEDIA_TYPE)


async def _told(office: Office, redis: Redis, *, is_behind: bool) -> bytes:
    """Read at each scrape: the watch is another program, and the database is where it leaves its heartbeat.

    A server that is away takes only its own measures with it.
    """
    found = Metrics()
    up = found.gauge("firstline_dependency_up", "Whether it answered at this scrape", "name")
    queues = QueueGauges(found)
    refused = found.gauge("firstline_policy_refused", "Whether this program refuses the newest published policy")
    refused.set(is_behind)
    try:
        await condition.measure_database(office, found, queues)
        up.labels("database").set(1)
    except SQLAlchemyError:
        up.labels("database").set(0)
    try:
        await condition.measure_redis(redis, office.now(), queues)
        up.labels("redis").set(1)
    except RedisError:
        up.labels("redis").set(0)
    return found.text()
