"""How escalation is doing: what waits and for how long, what is dead, when something last happened."""

from datetime import datetime
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import func, select

from escalation.hub import waits
from escalation.hub_records import WebhookRecord
from escalation.office import Office
from escalation.records import AuditRecord, HeartbeatRecord, OutboxRecord, TurnRecord
from escalation.trail import GROUP
from metrics import Metrics, QueueGauges

TRAILS = ("chat:trail", "ivr:trail")  # of the front doors (escalation/trail.py)


async def measure_database(office: Office, found: Metrics, queues: QueueGauges) -> None:
    """Raises SQLAlchemyError."""
    now = office.now()
    age = found.gauge(
        "firstline_heartbeat_age_seconds",
        "Since the watch last looked, or last found that every clock fired what it should",
        "name",
    )
    event_age = found.gauge("firstline_last_event_age_seconds", "Since something last happened", "what")
    size = found.gauge("firstline_database_size_bytes", "What PostgreSQL keeps for us")
    async with office.sessions() as session:
        for name, at in (await session.execute(select(HeartbeatRecord.name, HeartbeatRecord.at))).all():
            age.labels(name).set(_age_s(now, at))
        undelivered = OutboxRecord.delivered_at.is_(None)
        outbox = select(func.count(), func.min(OutboxRecord.created_at)).where(undelivered)
        count, oldest = (await session.execute(outbox)).one()
        queues.tell("outbox", waiting=count, oldest_s=_age_s(now, oldest))
        is_dead = WebhookRecord.dead_at.is_not(None)
        oldest_waiting = func.min(WebhookRecord.created_at).filter(waits())
        webhooks = select(func.count().filter(waits()), func.count().filter(is_dead), oldest_waiting)
        count, dead, oldest = (await session.execute(webhooks.where(waits() | is_dead))).one()
        queues.tell("webhooks", waiting=count, oldest_s=_age_s(now, oldest), dead=dead)
        for what, record in (("turn", TurnRecord), ("ticket", AuditRecord)):
            last = await session.scalar(select(record.at).order_by(record.id.desc()).limit(1))
            if last is not None:
                event_age.labels(what).set(_age_s(now, last))
        size.set(float(await session.scalar(select(func.pg_database_size(func.current_database()))) or 0))


async def measure_redis(redis: Redis, now: datetime, queues: QueueGauges) -> None:
    """Entries of a trail are removed when escalation has them: all that are there wait. Raises RedisError."""
    for stream in TRAILS:
        oldest: Any = await redis.xrange(stream, count=1)
        began = int(str(oldest[0][0]).partition("-")[0]) / 1000 if oldest else now.timestamp()
        queues.tell(
            f"{GROUP}-{stream.partition(':')[0]}",
            waiting=await redis.xlen(stream),
            oldest_s=max(0.0, now.timestamp() - began),
            dead=await redis.xlen(f"{stream}:refused"),
        )


def _age_s(now: datetime, at: datetime | None) -> float:
    return max(0.0, (now - at).total_seconds()) if at is not None else 0.0
