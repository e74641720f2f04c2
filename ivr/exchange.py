"""Everything the webhooks of an installation need, made from its settings and opened and closed with the program."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from redis.asyncio import Redis

import background
from bot.client import BotClient
from escalation.client import EscalationClient, Trail
from ivr.assistant import Assistant
from ivr.called import Called
from ivr.desk import Desk
from ivr.hints import Knowledge
from ivr.inbox import Inbox
from ivr.leg import Legs
from ivr.line import Line
from ivr.news import News
from ivr.queue import Queue
from ivr.record import Record
from ivr.recordings import Recordings
from ivr.relay import Sleep
from ivr.relayed import Relayed
from ivr.signature import socket_address
from ivr.store import Store
from ivr.switchboard import Switchboard
from ivr.texts import Messages, Texts
from ivr.transfer import Transfer
from ivr.webhook import Webhooks
from knowledge.client import KnowledgeClient
from outbound.client import OutboundClient
from settings import Settings

REDIS_TIMEOUT_S = 4.0  # more than the 2 s that the record's reader blocks


@dataclass(frozen=True, slots=True)
class Doors:
    """The other ends: each the real one unless given. `network` reaches the recordings, `sleep` measures silence."""

    bot: Assistant | None = None
    desk: Desk | None = None
    messages: Messages | None = None
    knowledge: Knowledge | None = None
    network: httpx.AsyncClient | None = None
    sleep: Sleep = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Exchange:
    webhooks: Webhooks
    legs: Legs
    called: Called
    recordings: Recordings
    inbox: Inbox
    relayed: Relayed
    line: Line
    sleep: Sleep


@asynccontextmanager
async def opened(settings: Settings, doors: Doors) -> AsyncIterator[Exchange]:
    async with AsyncExitStack() as stack:
        redis = Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            socket_timeout=REDIS_TIMEOUT_S,
            socket_connect_timeout=1.0,
        )
        stack.push_async_callback(redis.aclose)
        bot, desk, messages = await _doors(settings, doors, stack)
        network = doors.network
        if network is None:
            network = await stack.enter_async_context(Recordings.network(settings))
        line = _line(settings)
        store = Store(redis)
        trail = Trail(redis, prefix="ivr", client=desk)
        record = Record(trail, _now)
        webhooks = _webhooks(settings, line, store, record, bot=bot, desk=desk, messages=messages)
        recordings = Recordings(redis, desk, network, account_sid=settings.twilio_account_sid)
        relayed = Relayed(
            store=store,
            switchboard=webhooks.switchboard,
            record=record,
            line=line,
            budget_s=settings.ivr_budget_s,
        )
        inbox = Inbox(
            desk, messages, language=settings.firstline_language, operator_name=settings.firstline_operator_name
        )
        called = Called(
            desk,
            messages,
            webhooks,
            line,
            language=settings.firstline_language,
            operator_name=settings.firstline_operator_name,
        )
        legs = Legs(store, desk, line)
        exchange = Exchange(webhooks, legs, called, recordings, inbox, relayed, line, doors.sleep)
        learning = line.hints.learn_for_ever(await _knowledge(settings, doors, stack))
        async with background.running(trail.run(), webhooks.close_for_ever(), recordings.bring_for_ever(), learning):
            yield exchange
            await webhooks.finish()
            await relayed.finish()


async def _knowledge(settings: Settings, doors: Doors, stack: AsyncExitStack) -> Knowledge:
    if doors.knowledge is not None:
        return doors.knowledge
    client = KnowledgeClient.connect(settings)
    stack.push_async_callback(client.close)
    return client


async def _doors(settings: Settings, doors: Doors, stack: AsyncExitStack) -> tuple[Assistant, Desk, Messages]:
    bot, desk, messages = doors.bot, doors.desk, doors.messages
    if bot is None:
        bot = client = BotClient.connect(settings)
        stack.push_async_callback(client.aclose)
    if desk is None:
        desk = to_desk = EscalationClient.connect(settings)
        stack.push_async_callback(to_desk.aclose)
    if messages is None:
        messages = to_outbound = OutboundClient.connect(settings)
        stack.push_async_callback(to_outbound.aclose)
    return bot, desk, messages


def _line(settings: Settings) -> Line:
    return Line(
        prefix=f"{urlsplit(settings.public_url).path}/ivr",
        socket=f"{socket_address(settings.public_url)}/ivr/relay",
        country=settings.firstline_country,
        caller_id=settings.twilio_from_number,
        ring_s=settings.ivr_ring_s,
        music=settings.ivr_hold_music,
        transcribes=settings.ivr_transcribe,
    )


def _webhooks(
    settings: Settings, line: Line, store: Store, record: Record, *, bot: Assistant, desk: Desk, messages: Messages
) -> Webhooks:
    texts = Texts(messages, desk, sender=settings.firstline_operator_name)
    queue = Queue(desk, record, texts, _now, most_wait=timedelta(seconds=settings.ivr_most_wait_s))
    transfer = Transfer(desk, record, queue, _now, spare_line=settings.ivr_fallback_number)
    return Webhooks(
        store=store,
        switchboard=Switchboard(
            bot=bot,
            record=record,
            transfer=transfer,
            queue=queue,
            texts=texts,
            news=News(desk, record, _now),
            now=_now,
            operator_name=settings.firstline_operator_name,
            patience_s=settings.bot_timeout_s,
        ),
        transfer=transfer,
        line=line,
        language=settings.firstline_language,
        budget_s=settings.ivr_budget_s,
        fallback_number=settings.ivr_fallback_number,
    )


def _now() -> datetime:
    return datetime.now(UTC)
