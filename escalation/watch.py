"""`python -m escalation.watch`: acts when a clock runs out, delivers what was left behind, writes the ledger of
fates, proves it is alive.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from redis import RedisError
from redis.asyncio import Redis, from_url
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from escalation import delivery, idempotency, ledger, policy
from escalation.database import connect, sessions_of
from escalation.deadlines import fire_due
from escalation.following import pass_on
from escalation.office import Office
from escalation.records import HeartbeatRecord
from outbound.client import OutboundClient
from settings import Settings, load

log = logging.getLogger(__name__)

NAME = "watch"
ROUND_S = 1.0
FORGET_EVERY = timedelta(hours=1)


async def beat(office: Office) -> None:
    """What health reads: the watch was here."""
    now = office.now()
    async with office.sessions.begin() as session:
        await session.execute(
            insert(HeartbeatRecord)
            .values(name=NAME, at=now)
            .on_conflict_do_update(index_elements=[HeartbeatRecord.name], set_={"at": now})
        )


async def round_of(office: Office, redis: Redis, texts: delivery.Texts) -> None:
    """One look at everything. What is away is tried again in the next round; the heartbeat needs the clocks alone."""
    await _unless_away("clocks", lambda: _clocks(office))
    await _unless_away("events", lambda: _events(office, redis))
    await _unless_away("texts", lambda: delivery.send_texts(office, texts))
    await _unless_away("followers", lambda: _followers(office))
    await _unless_away("fates", lambda: _fates(office))


async def _clocks(office: Office) -> None:
    await fire_due(office)
    await beat(office)


async def _events(office: Office, redis: Redis) -> None:
    while await delivery.publish(office.sessions, redis, office.now()) == delivery.BATCH:
        pass


async def _followers(office: Office) -> None:
    while await pass_on(office):
        pass


async def _fates(office: Office) -> None:
    while await ledger.write_due(office) == ledger.BATCH:
        pass


async def _forget(office: Office) -> None:
    await delivery.forget(office)
    await idempotency.forget(office)


async def _unless_away(what: str, task: Callable[[], Awaitable[object]]) -> None:
    try:
        await task()
    except (SQLAlchemyError, RedisError) as error:
        log.warning("%s wait: %s", what, type(error).__name__)


async def watch(settings: Settings, stop: asyncio.Event) -> None:
    engine = connect(settings)
    redis = from_url(settings.redis_url, decode_responses=True)
    texts = OutboundClient.connect(settings)
    office = Office(sessions_of(engine), policy.load(), settings.firstline_operator_name)
    forgotten_at = office.now() - FORGET_EVERY
    try:
        while not stop.is_set():
            await round_of(office, redis, texts)
            if office.now() - forgotten_at >= FORGET_EVERY:
                await _unless_away("cleaning", lambda: _forget(office))
                forgotten_at = office.now()
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_S):
                    await stop.wait()
    finally:
        await texts.aclose()
        await redis.aclose()
        await engine.dispose()


async def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await watch(load(), stop)


if __name__ == "__main__":
    asyncio.run(main())
