"""`python -m escalation.watch`: acts when a clock runs out, opens tasks that recur, announces maintenance, offers
tickets to people, delivers what was left behind, sends the hub's events, writes the ledger of fates, keeps to
retention, sends the day's report, proves it is alive.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial

from redis import RedisError
from redis.asyncio import Redis, from_url
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

import background
import logs
from escalation import (
    courier,
    delivery,
    hub,
    idempotency,
    ledger,
    lost_agents,
    offer_round,
    policy,
    retention,
    signature,
    silence,
)
from escalation.agreements import report
from escalation.audit import audit
from escalation.calls.dialling import Dialler
from escalation.daily_report import sending
from escalation.database import connect, sessions_of
from escalation.deadlines import fire_due
from escalation.following import pass_on
from escalation.maintenance import windows
from escalation.mirror.carrier import mirror_of
from escalation.mirror.enlisted import enlist
from escalation.office import Office
from escalation.outages.children import attach_late, link_next
from escalation.outages.suspicion import find_surges
from escalation.published.in_force import InForce
from escalation.quality import sampling
from escalation.records import HeartbeatRecord
from escalation.sender import Sender
from escalation.tasks import runs
from outbound.client import OutboundClient
from settings import Settings, load

log = logging.getLogger(__name__)

NAME = "watch"
PROVEN = "clocks-proven"
POLICY = "watch-policy"  # it goes by the newest policy that was published
MIRROR = "mirror"  # it was asked what changed there, and answered
PROVEN_EVERY_S = 3600.0
KEEPING_EVERY_S = 86_400.0  # retention, first at the start
PROVEN_WITHIN = timedelta(hours=1)  # a restart of the watch is no fault of the clocks
ROUND_S = 1.0
LINKS_A_ROUND = 100
FORGET_EVERY = timedelta(hours=1)
LOOK_UPS = 64  # names of subscribers looked up at once, each in a thread that may wait long


async def beat(office: Office, name: str = NAME) -> None:
    """What health and /metrics read: the watch was here, or has found something in order."""
    now = office.now()
    async with office.sessions.begin() as session:
        await session.execute(
            insert(HeartbeatRecord)
            .values(name=name, at=now)
            .on_conflict_do_update(index_elements=[HeartbeatRecord.name], set_={"at": now})
        )


async def round_of(office: Office, redis: Redis, texts: delivery.Texts, dialler: Dialler) -> None:
    """One look at everything. What is away is tried again in the next round; the heartbeat needs the clocks alone."""
    await _unless_away("clocks", lambda: _clocks(office))
    await _unless_away("tasks", lambda: runs.open_due(office))
    await _unless_away("maintenance", lambda: windows.look(office))
    await _unless_away("offers", lambda: offer_round.advance(office))
    await _unless_away("events", lambda: _events(office, redis))
    await _unless_away("texts", lambda: delivery.send_texts(office, texts))
    await _unless_away("calls", lambda: dialler.look(office))
    await _unless_away("outages", lambda: _outages(office))
    await _unless_away("followers", lambda: _followers(office))
    await _unless_away("fates", lambda: _fates(office))
    await _unless_away("solutions", lambda: silence.close_unanswered(office))
    await _unless_away("the day's report", lambda: sending.send_due(office))


async def _clocks(office: Office) -> None:
    await fire_due(office)
    await beat(office)


async def _events(office: Office, redis: Redis) -> None:
    while await delivery.publish(office.sessions, redis, office.now()) == delivery.BATCH:
        pass


async def _outages(office: Office) -> None:
    await find_surges(office)
    await attach_late(office)
    for _ in range(LINKS_A_ROUND):  # the clocks do not wait for a storm
        if not await link_next(office):
            return


async def _followers(office: Office) -> None:
    while await pass_on(office):
        pass


async def _fates(office: Office) -> None:
    while await ledger.write_due(office) == ledger.BATCH:
        pass


async def prove(office: Office) -> None:
    """Every step of every clock fired when it should, within an hour: only then does this heartbeat go on."""
    found = await audit(office, days=1, within=PROVEN_WITHIN)
    for difference in found.differences:
        log.error("clocks: %s", difference)
    if not found.differences:
        await beat(office, PROVEN)


async def _proving(in_force: InForce) -> None:
    """Beside the rounds: looking at every ticket takes longer than a deadline may wait."""
    while True:
        await _unless_away("the proof of the clocks", lambda: prove(in_force.office))
        await asyncio.sleep(PROVEN_EVERY_S)


async def _keeping(in_force: InForce) -> None:
    while True:
        await _unless_away("retention", lambda: retention.keep_to(in_force.office))
        await asyncio.sleep(KEEPING_EVERY_S)


async def _forget(office: Office) -> None:
    await delivery.forget(office)
    await idempotency.forget(office)
    await hub.forget(office)


async def _unless_away(what: str, task: Callable[[], Awaitable[object]]) -> bool:
    """Whether it was done."""
    try:
        await task()
    except (SQLAlchemyError, RedisError) as error:
        log.warning("%s wait: %s", what, type(error).__name__)
        return False
    return True


async def watch(settings: Settings, stop: asyncio.Event) -> None:
    """Raises RuntimeError when a secret is weak or missing."""
    secrets = signature.secrets_of(settings.firstline_webhook_secrets.get_secret_value())
    found = policy.load()
    if found.mirror.enabled and not (secrets and settings.firstline_mirror_secret.get_secret_value()):
        raise RuntimeError("mirror.yml is enabled: FIRSTLINE_MIRROR_SECRET and FIRSTLINE_WEBHOOK_SECRETS are needed")
    engine = connect(settings)
    redis = from_url(settings.redis_url, decode_responses=True)
    texts = OutboundClient.connect(settings)
    in_force = InForce(
        Office(sessions_of(engine), found, settings.firstline_operator_name, public_url=settings.public_url)
    )
    try:
        await _first_look(in_force, stop)
        async with background.running(_proving(in_force), _keeping(in_force)), asyncio.TaskGroup() as tasks:
            gone_after = timedelta(seconds=settings.agent_gone_after_s)
            tasks.create_task(_rounds(in_force, redis, texts, stop, gone_after=gone_after))
            if secrets:
                tasks.create_task(_send(in_force, settings, secrets, stop))
    finally:
        await texts.aclose()
        await redis.aclose()
        await engine.dispose()


async def _first_look(in_force: InForce, stop: asyncio.Event) -> None:
    """Nothing is done under another policy than the one in force. Raises PolicyError."""
    while not stop.is_set() and not await _unless_away("the policy", in_force.look):
        await _a_moment(stop)


async def _rounds(
    in_force: InForce, redis: Redis, texts: OutboundClient, stop: asyncio.Event, *, gone_after: timedelta
) -> None:
    """Each round is all under one policy."""
    dialler = Dialler(texts)
    forgotten_at = in_force.office.now() - FORGET_EVERY
    while not stop.is_set():
        await _unless_away("the policy", in_force.look)
        office = in_force.office
        if not in_force.is_behind:
            await _unless_away("the policy", partial(beat, office, POLICY))
        await _unless_away("chats whose agent is gone", partial(lost_agents.give_back, office, redis, gone_after))
        await round_of(office, redis, texts, dialler)
        if office.now() - forgotten_at >= FORGET_EVERY:
            await _unless_away("penalties", partial(report.bring_up_to_date, office))
            await _unless_away("quality", partial(sampling.draw_due, office))
            await _unless_away("cleaning", partial(_forget, office))
            forgotten_at = office.now()
        await _a_moment(stop)


async def _a_moment(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(ROUND_S):
            await stop.wait()


async def _send(in_force: InForce, settings: Settings, secrets: tuple[str, ...], stop: asyncio.Event) -> None:
    """mirror.yml is read here once: it is none of the files that are published."""
    office = in_force.office
    async with courier.transport() as transport:
        carrier = courier.Courier(transport, http_too=settings.firstline_demo)
        mirrored = office.policy.mirror.enabled
        while not stop.is_set() and not await _unless_away("the mirror", lambda: enlist(office, enabled=mirrored)):
            await _a_moment(stop)
        if not mirrored:
            await Sender(office, carrier, secrets).run(stop)
            return
        async with mirror_of(office, settings.firstline_mirror_secret.get_secret_value()) as mirror:
            listening = mirror.listen(stop, lambda: beat(office, MIRROR), lambda: in_force.office)
            await asyncio.gather(Sender(office, mirror.carrier(carrier), secrets).run(stop), listening)


async def main() -> None:
    logs.mask()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(LOOK_UPS))
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await watch(load(), stop)


if __name__ == "__main__":
    asyncio.run(main())
